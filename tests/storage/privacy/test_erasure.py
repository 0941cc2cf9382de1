"""Erasing somebody against a real log: afterwards nothing anywhere says who they were, or what they wrote."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from activities.registrar import Registrar
from engine import library
from engine.errors import RefusedError
from engine.events import Event, InstanceEnded, TaskCommented, TaskCompleted
from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.absences import StartAbsence
from engine.register.calendars import ImportCalendar
from engine.register.fact import REGISTER
from engine.register.interests import DeclareInterest
from engine.register.people import ChangePeople, ImportDirectory
from engine.register.record_facts import Disposed
from engine.register.records import DisposeRecords, ErasePerson
from storage.keeping import PostgresKeeping
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from storage.register import PostgresRegister
from storage.verify import verify
from tests.engine.book import CHIEF, HEAD, TEACHER, TREES, ends
from tests.storage.facts import NOW, append, opened, started
from tests.storage.privacy.conftest import Closed
from tests.worlds import calendar
from workers.erasing import traces

WORD, MAIL = "Wrenfeather", "wrenfeather@school.example"
OWN, COPIED, OTHERS = "my own view of the books", "a passage that was shown on", "what a colleague thought"
LEFT = date(2027, 3, 31)
LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)
SECRETS = (WORD, MAIL, OWN, COPIED)


class Office:
    """A trust with a log that is closed with keys."""

    def __init__(self, closed: Closed) -> None:
        self.closed = closed
        self.register = PostgresRegister(closed.pool)
        self.keeping = PostgresKeeping(closed.pool, closed.keyring)
        self.registrar = Registrar(closed.store, closed.documents, self.register, self.keeping)
        self.projector = Projector(closed.pool, FOLLOWING, closed.sealing)

    async def open(self) -> None:
        """Somebody works here with a name that is found anywhere."""
        people = tuple(
            each.model_copy(update={"name": f"Ada {WORD}", "email": MAIL}) if each.id == TEACHER else each
            for each in TREES.people
        )
        directory = Directory.model_validate(TREES.model_copy(update={"people": people}).model_dump())
        documents = self.closed.documents
        days = await documents.put("calendar", library.text(calendar()))
        said = await documents.put("directory", library.text(directory))
        first = {"by": TERMWISE, "reason": "Set up"}
        await self.registrar.keep(ImportCalendar(id=uuid4(), calendar=days, **first), NOW)  # type: ignore[arg-type]
        await self.registrar.keep(ImportDirectory(id=uuid4(), directory=said, **first), NOW)  # type: ignore[arg-type]

    async def cycle(self, name: str, *events: Event, end: bool = True, **other: object) -> None:
        last = (InstanceEnded(at=NOW, by=TERMWISE, outcome="done", title="Done"),) if end else ()
        await self.closed.store.append(append(name, 0, started(name, **other), *events, *last))

    async def leave(self) -> None:
        """They do not work here any more."""
        log = await self.closed.store.read(REGISTER)
        person = next(p for p in (await self._directory()).people if p.id == TEACHER)
        gone = person.model_copy(update={"posts": tuple(ends(post, LEFT) for post in person.posts)})
        order = ChangePeople(id=uuid4(), by=CHIEF, people=(gone,), correct=True, reason=f"{WORD} left")
        await self.registrar.keep(order, log[-1].event.at)

    async def erase(self) -> None:
        found = await traces(self.closed.store, TEACHER, ())
        order = ErasePerson(
            id=uuid4(), by=CHIEF, person=TEACHER, reason="It was asked for",
            cycles=found.took_part, whole=found.whole, named=found.named,
        )  # fmt: skip
        await self.registrar.keep(order, LATER)

    async def everything(self) -> str:
        """Every row of every table, as text."""
        tables = await self.closed.pool.fetch(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables "
            "where schemaname like 'termwise%'"
        )
        rows = [
            row[0]
            for table in tables
            for row in await self.closed.pool.fetch(f"select to_jsonb(t)::text from {table['name']} t")  # noqa: S608
        ]
        return "\n".join(rows).casefold()

    async def read(self) -> str:
        """All that the log, and the directories, say to whoever has the keys."""
        log = await self.closed.store.read_all(0, 10_000)
        rows = await self.closed.pool.fetch("select digest from termwise.document where kind = 'directory'")
        texts = [await self.closed.documents.get(row["digest"]) for row in rows]
        return "\n".join([*(each.event.model_dump_json() for each in log), *texts]).casefold()

    async def _directory(self) -> Directory:
        standing = await self.register.standing()
        assert standing
        return Directory.model_validate_json(await self.closed.documents.get(standing.directory))


@pytest.fixture
async def office(closed: Closed) -> Office:
    made = Office(closed)
    await made.open()
    return made


def said(text: str, by: str = TEACHER, task: str = "t1") -> TaskCommented:
    return TaskCommented(at=NOW, by=by, task=task, text=text, to=(HEAD,))


async def worked(office: Office) -> None:
    """They took part, were copied, were named; and much is kept beside the log."""
    answered = TaskCompleted(
        at=NOW, by=TEACHER, task="c1", outcome="done", values={"why": COPIED}, reason=OWN
    )
    shown = opened("c2", assignee=HEAD, shown={"before": COPIED})
    done = TaskCompleted(at=NOW, by=HEAD, task="c2", outcome="done", values={"so": OTHERS})
    await office.cycle("copied:1", opened("c1", assignee=TEACHER), answered, shown, done)
    own = opened("o1", assignee=TEACHER)
    finished = TaskCompleted(at=NOW, by=TEACHER, task="o1", outcome="done", values={}, reason=OWN)
    await office.cycle("own:1", own, said(OWN, task="o1"), said(OTHERS, HEAD, "o1"), finished)
    named = opened("n1", assignee=HEAD, title=f"Ask Ada {WORD}", shown={"who": f"ada {WORD.lower()}"})
    done = TaskCompleted(at=NOW, by=HEAD, task="n1", outcome="done", values={"so": f"{WORD} says no"})
    await office.cycle("named:1", named, done)
    notes = {"note": f"{WORD}'s daughter", "reason": "Declared"}
    declare = DeclareInterest(
        id=uuid4(), by=CHIEF, person=TEACHER, type="own-child", school="ash", since=date(2026, 9, 1), **notes
    )
    away = StartAbsence(id=uuid4(), by=CHIEF, person=TEACHER, since=date(2027, 1, 4), reason=f"{WORD} is ill")
    for order in (declare, away):
        await office.registrar.keep(order, NOW + timedelta(days=1))
    await office.closed.pool.execute(
        "insert into termwise.draft (task, person, answers) values ('o1', $1, to_json($2::text))",
        TEACHER,
        OWN,
    )
    await office.projector.catch_up()
    letters = await office.closed.pool.execute(
        "update termwise.outbox set error = $2 where recipient = $1", TEACHER, f"550 {MAIL} is unknown"
    )
    assert letters != "UPDATE 0"


async def test_after_it_nothing_anywhere_says_who_they_were_or_what_they_wrote(office: Office) -> None:
    await worked(office)
    await office.leave()
    before = await office.everything()
    assert all(secret.casefold() in before for secret in (WORD, MAIL, COPIED, OWN))

    await office.erase()

    await office.projector.catch_up()
    for _ in range(2):
        held, heard = await office.everything(), await office.read()
        assert [secret for secret in SECRETS if secret.casefold() in held] == []
        assert [secret for secret in (MAIL, OWN, COPIED) if secret.casefold() in heard] == []
        for each in (*INLINE, *FOLLOWING):
            await office.projector.rebuild(each.name)
    directory = await office._directory()
    assert directory.person(TEACHER).name == "erased"
    assert (await verify(office.closed.pool, office.closed.sealing)).problems == ()


async def test_the_words_of_others_stay_unless_copies_stand_among_them(office: Office) -> None:
    await worked(office)
    await office.leave()

    await office.erase()

    own = [each.event for each in await office.closed.store.read("own:1")]
    assert [each.text for each in own if isinstance(each, TaskCommented)] == ["erased", OTHERS]
    copied = [each.event for each in await office.closed.store.read("copied:1")]
    assert [each.values for each in copied if isinstance(each, TaskCompleted)][1] == {"so": "erased"}
    named = [each.event for each in await office.closed.store.read("named:1")]
    assert [each.values for each in named if isinstance(each, TaskCompleted)] == [{"so": f"{WORD} says no"}]


async def test_it_is_refused_while_something_is_open_and_done_again_without_harm(office: Office) -> None:
    await worked(office)
    await office.cycle("open:1", opened("x1", assignee=TEACHER), end=False)
    await office.projector.catch_up()
    await office.leave()

    with pytest.raises(RefusedError, match="a task of theirs is open in open:1"):
        await office.erase()
    assert WORD.casefold() in await office.read()
    finished = TaskCompleted(at=NOW, by=HEAD, task="x1", outcome="done", values={})
    over = InstanceEnded(at=NOW, by=TERMWISE, outcome="done", title="Done")
    await office.closed.store.append(append("open:1", 2, finished, over))
    await office.projector.catch_up()
    await office.erase()
    version = await office.closed.store.version(REGISTER)
    await office.erase()

    assert await office.closed.store.version(REGISTER) == version


async def test_what_is_disposed_of_cannot_be_read_by_anybody_and_says_why_it_went(office: Office) -> None:
    await worked(office)
    definition = await office.closed.documents.put("definition", '{"retention": "plans"}')
    await office.cycle("old:1", opened("d1", assignee=HEAD), said(OTHERS, HEAD, "d1"), definition=definition)
    await office.projector.catch_up()
    (found,) = await office.keeping.closed(["old:1"])
    after = datetime(2040, 1, 1, 9, tzinfo=UTC)
    wrong = Disposed(cycle="old:1", retention="plans", closed=date(2001, 1, 1), parts=("old:1",))

    with pytest.raises(RefusedError, match="not as it was seen"):
        await office.registrar.keep(
            DisposeRecords(id=uuid4(), by=CHIEF, records=(wrong,), reason="Yearly review"), after
        )
    await office.registrar.keep(
        DisposeRecords(id=uuid4(), by=CHIEF, records=(found.disposed,), reason="Yearly review"), after
    )

    log = [each.event for each in await office.closed.store.read("old:1")]
    assert [each.text for each in log if isinstance(each, TaskCommented)] == ["erased"]
    own = [each.event for each in await office.closed.store.read("own:1")]
    assert [each.text for each in own if isinstance(each, TaskCommented)] == [OWN, OTHERS]
    fact = (await office.closed.store.read(REGISTER))[-1].event
    assert (fact.kind, fact.reason) == ("records-disposed", "Yearly review")  # type: ignore[union-attr]
