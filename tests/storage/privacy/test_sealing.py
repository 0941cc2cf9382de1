import json
from typing import Any
from uuid import uuid4

import pytest

from engine.definition.compiler import canonical_json
from engine.events import EVENT_KINDS, TaskCommented, TaskCompleted, TaskOpened
from engine.people import Directory
from engine.personal import instance_subject, places_of
from engine.records import Append
from engine.register.people_facts import PersonChanged, PersonJoined
from engine.register.school_facts import Change
from engine.staff import Person
from storage.errors import UnreadableEventError
from storage.hashing import event_hash
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from storage.verify import verify
from tests.storage.facts import NOW, append, opened, started
from tests.storage.privacy.conftest import Closed
from tests.worlds import program

WORD = "Wrenfeather"
PERSON = Person(id="p-0042", name=f"Ada {WORD}", email=f"{WORD}@school.example", trn="7654321")


def completed(values: dict[str, Any], reason: str | None = None) -> TaskCompleted:
    return TaskCompleted(at=NOW, by="p-0001", task="t1", outcome="done", values=values, reason=reason)


def commented(task: str = "t1", text: str = WORD) -> TaskCommented:
    return TaskCommented(at=NOW, by="p-0001", task=task, text=text, to=("p-0002",))


def register(*events: Any, after: int = 0) -> Append:  # noqa: ANN401 - any of the register's facts
    return Append(stream="register", expected=after, command=uuid4(), events=events)


async def test_what_people_wrote_is_not_in_the_log_and_is_read_all_the_same(closed: Closed) -> None:
    events = (
        started("m:1", inputs={"note": WORD}),
        opened("t1", title=f"Read {WORD}", shown={"pupil": WORD}),
        commented(),
        completed({"why": WORD, "rows": [{"who": WORD}]}, reason=WORD),
    )

    await closed.store.append(append("m:1", 0, *events))
    await closed.store.append(register(PersonJoined(at=NOW, by="termwise", person=PERSON, reason=WORD)))

    stored = await closed.stored()
    assert WORD not in stored
    assert "7654321" not in stored
    assert tuple(each.event for each in await closed.store.read("m:1")) == events
    assert (await closed.store.read("register"))[0].event.person == PERSON  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "values",
    [
        {"why": {"~": "p-0001", "k": 1, "b": "AAAA"}},
        {"why": {"~": "p-0001", "k": "1"}},
        {"why": {"~": "\x00", "k": 1, "b": "AAAA"}},
        {"~": "", "k": None},
        {"why": [{"~": "p-0001", "k": 1, "b": "AAAA"}]},
    ],
)
async def test_what_somebody_writes_that_looks_closed_stays_what_it_is(
    closed: Closed, values: dict[str, Any]
) -> None:
    events = (started("m:1"), opened("t1"), completed(values), commented())

    await closed.store.append(append("m:1", 0, *events))

    assert tuple(each.event for each in await closed.store.read("m:1")) == events


async def test_without_the_key_it_says_erased_and_every_hash_holds(closed: Closed) -> None:
    changes = (
        Change(field="name", was="Ada Old", now=f"Ada {WORD}"),
        Change(field="trn", was=None, now="7654321"),
        Change(field="email", was="a@b.example", now="c@d.example"),
    )
    joined = PersonJoined(at=NOW, by="termwise", person=PERSON)
    changed = PersonChanged(at=NOW, by="termwise", person=PERSON.id, changes=changes)
    await closed.store.append(register(joined, changed))
    await closed.store.append(append("m:1", 0, started("m:1"), opened("t1"), commented()))

    await closed.keyring.shred(PERSON.id, "asked for")
    await closed.keyring.shred(instance_subject("m:1"), "its time is over")

    first, second = (each.event for each in await closed.store.read("register"))
    assert isinstance(first, PersonJoined)
    assert isinstance(second, PersonChanged)
    gone = first.person
    assert (gone.name, gone.email, gone.trn) == ("erased", "p-0042@erased.invalid", None)
    assert [each.now for each in second.changes] == ["erased", None, "p-0042@erased.invalid"]
    assert (await closed.store.read("m:1"))[2].event == commented(text="erased")
    rows = await closed.pool.fetch(
        "select e.*, s.name from termwise.event e join termwise.stream s on s.id = e.stream"
    )
    assert len(rows) == 5
    for row in rows:
        said = (
            row[name]
            for name in ("version", "type", "schema_v", "command", "nth", "of", "occurred_at", "actor")
        )
        assert event_hash(row["name"], *said, row["data"]) == row["hash"]
    projector = Projector(closed.pool, FOLLOWING, closed.sealing)
    await projector.catch_up()
    for each in (*INLINE, *FOLLOWING):
        await projector.rebuild(each.name)
    assert (await verify(closed.pool, closed.sealing)).problems == ()


async def test_the_parts_of_an_instance_are_shredded_with_it(closed: Closed) -> None:
    await closed.store.append(append("m:1/packs/y6", 0, started("m:1/packs/y6", root="m:1"), commented()))

    assert await closed.keyring.shred(instance_subject("m:1"), "over") == 1

    assert (await closed.store.read("m:1/packs/y6"))[1].event == commented(text="erased")


async def test_what_a_definition_declares_as_not_personal_stays_in_the_open(closed: Closed) -> None:
    made = program("""
        inputs:
          half: {type: half-term}
          who: {type: person, personal: true}
        steps:
        - task: judge
          who: headteacher
          title: Judge
          due: 3 days after start
          form:
            severity: {type: choice, of: [low, high]}
            pupil: {type: choice, of: [low, high], personal: true}
            words: {type: text}
            rows:
              table:
                mark: {type: integer}
                child: {type: text}
    """)
    await closed.documents.put("definition", canonical_json(made.definition))
    digest = made.digest
    answers = {
        "severity": "high",
        "pupil": "low",
        "words": WORD,
        "rows": [{"mark": 3, "child": WORD}],
        "unknown": 7,
    }
    task = opened("t1", title="Judge", step="judge")

    await closed.store.append(append("m:1", 0, started("m:1", definition=digest), task, completed(answers)))

    rows = await closed.pool.fetch("select data from termwise.event order by position")
    values = json.loads(rows[2]["data"])["values"]
    assert values["severity"] == "high"
    assert values["rows"][0]["mark"] == 3
    assert {name for name, value in values.items() if isinstance(value, dict)} == {
        "pupil",
        "words",
        "unknown",
    }
    assert values["rows"][0]["child"]["~"] == "instance:m:1"
    assert json.loads(rows[1]["data"])["title"] == "Judge"
    read = (await closed.store.read("m:1"))[2].event
    assert isinstance(read, TaskCompleted)
    assert read.values == answers


async def test_a_sealed_text_moved_to_another_event_is_noticed_and_named(closed: Closed) -> None:
    await closed.store.append(append("m:1", 0, started("m:1"), opened("t1"), commented()))
    text = await closed.pool.fetchval("select data from termwise.event where position = 3")
    moved = text.replace('"p-0001"', '"p-0003"')

    (opened_text,) = await closed.sealing.opened([moved])

    assert WORD not in opened_text
    async with closed.pool.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "update termwise.event set data = $1, actor = 'p-0003' where position = 3", moved
        )
        await connection.execute("set session_replication_role = origin")
    with pytest.raises(UnreadableEventError, match=r"position 3 .*altered"):
        await closed.store.read("m:1")


async def test_events_without_anything_personal_need_no_key(closed: Closed) -> None:
    await closed.store.append(append("m:1", 0, started("m:1")))

    assert (await closed.keyring.state()).keys == 0


def test_every_text_of_an_event_is_marked_or_known_to_be_no_words_of_people() -> None:
    """Whoever adds an event must say what of it is personal."""
    words = {
        "reason",
        "text",
        "label",
        "link",
        "note",
        "why",
        "body",
        "values",
        "inputs",
        "shown",
        "name",
        "email",
    }
    # Of the trust, not of people; and why somebody was erased, which must outlive them.
    ours = {
        "person-erased",
        "trust-named",
        "school-added",
        "subject-named",
        "calendar-changed",
        "instance-started",
    }
    unmarked = [
        f"{kind}.{name}"
        for kind, model in EVENT_KINDS.items()
        for name in words & model.model_fields.keys()
        if kind not in ours and not any(place.path[0] == name for place in places_of(model))
    ]

    assert unmarked == []
    assert {place.path[-1] for place in places_of(Directory)} >= {
        "name",
        "email",
        "trn",
        "employer_reference",
        "note",
    }
    assert any(place.kind == "title" for place in places_of(TaskOpened))
