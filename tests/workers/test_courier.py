"""Letters go out of the outbox, each once, whatever happens on the way."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from activities.courier import Round, Tally
from engine.commands import CompleteTask, PassTime
from engine.covering import Cover
from engine.events import Event, NotificationRequested, TaskClaimed, TaskReassigned
from engine.people import Directory
from engine.records import Append
from storage.database import Pool, connect
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore
from storage.outbox import Message, PostgresOutbox
from storage.projector import Projector
from tests import worlds
from tests.known import at_ten, known
from tests.post_office import PostOffice, text
from tests.storage.facts import NOW, append, completed, opened, started
from workers.addressees import Addressees
from workers.channels import channels
from workers.courier import ROUND, Courier, courier, with_outbox
from workers.delivering import MOST_TRIES, WAITS
from workers.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
PEOPLE = worlds.directory()


#: The headteacher of the first school, a lead there, and a teacher.
HEAD, LEAD, TEACHER = "p-0003", "p-0004", "p-0006"


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    pool = await connect(database)
    yield pool
    await pool.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


def settings(office: PostOffice, **other: object) -> Settings:
    facts: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": office.port,
        "smtp_from": "termwise@trust.example",
        "smtp_starttls": False,
    }
    return Settings(**facts | other)


async def plan(pool: Pool, *events: Event) -> None:
    """Let this happen in a cycle, and plan what is to be told of it."""
    await PostgresEventStore(pool).append(append("m:1", 0, started("m:1"), *events))
    await Projector(pool).catch_up()


async def happen(pool: Pool, after: int, *events: Event) -> None:
    await PostgresEventStore(pool).append(append("m:1", after, *events))
    await Projector(pool).catch_up()


def asked(task: str, person: str, **other: object) -> Event:
    return opened(task, assignee=person, candidates=(person,), **other)


def notice(*to: str, body: str = "Please read.") -> NotificationRequested:
    return NotificationRequested(
        at=NOW, by="termwise", address="n", step="n", to=to, subject="Moderation begins", body=body
    )


async def deliver(pool: Pool, settings: Settings, people: Directory = PEOPLE) -> Tally:
    """Attend to everything that is due now."""
    it = courier(settings, pool, known(people), clock=at_ten, lasting=0)
    return await it.round(Round(), asyncio.Event())


def with_own_outbox(
    outbox: PostgresOutbox, pool: Pool, office: PostOffice, lasting: float = ROUND
) -> Courier:
    """A courier whose outbox is not quite like others."""
    return with_outbox(outbox, settings(office), pool, known(), clock=at_ten, lasting=lasting)


async def make_due(pool: Pool) -> None:
    """Let the time of the next try come."""
    await pool.execute(
        "update termwise.outbox set next_at = now(), leased_until = null where status = 'planned'"
    )


async def ends(pool: Pool) -> list[tuple[object, ...]]:
    query = "select status, carrier, attempts, error from termwise.outbox order by position, recipient"
    return [tuple(row) for row in await pool.fetch(query)]


@asynccontextmanager
async def running(*couriers: Courier) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for each in couriers:
            group.create_task(rounds(each, stop))
        yield
        stop.set()


async def rounds(it: Courier, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await it.round(Round(), stop)


async def until_sent(pool: Pool, count: int) -> None:
    await eventually(lambda: sent(pool), count)


async def sent(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from termwise.outbox where status = 'sent'"))


async def eventually(counted: Callable[[], Awaitable[int]], count: int) -> None:
    async with asyncio.timeout(60):
        while await counted() < count:
            await asyncio.sleep(0.01)


STORY = """
    inputs: {school: {type: school, default: ash}}
    steps:
    - notify: begin
      to: headteacher at school
      subject: "We begin"
      body: "Please read."
    - task: judge
      title: Judge the work
      who: assessment-lead at school
      due: 5 school days after opened
      remind: [2]
      escalate: {2: line-manager}
      minutes: 90
    - task: confirm
      title: Confirm that all is there
      who: headteacher at school
      outcomes:
        complete: {label: All there}
        incomplete: {label: Something is missing, return_to: judge, at_most: 2}
"""


async def test_a_cycle_from_the_engine_is_told_to_the_people_it_concerns(
    pool: Pool, office: PostOffice
) -> None:
    play = worlds.Play(worlds.program(STORY))
    await told(pool, office, play)
    for days in (3, 8, 10):
        play.at = worlds.NOW + timedelta(days=days)
        play.do(PassTime(id=play.id(), by="termwise"))
        await told(pool, office, play)
    (judge,) = play.tasks("judge")
    play.do(CompleteTask(id=play.id(), by=LEAD, task=judge.id, outcome="done", values={}))
    await told(pool, office, play)
    (confirm,) = play.tasks("confirm")
    play.do(
        CompleteTask(
            id=play.id(), by=HEAD, task=confirm.id, outcome="incomplete", values={}, reason="Two are missing."
        )
    )
    await told(pool, office, play)

    assert [(mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in office.mails] == [
        (f"{HEAD}@trust.example", "A message for you: The example"),
        (f"{LEAD}@trust.example", "A task is waiting for you: The example"),
        (f"{LEAD}@trust.example", "A task is due soon: The example"),
        (f"{LEAD}@trust.example", "A task is overdue: The example"),
        (f"{HEAD}@trust.example", "An overdue task needs your attention: The example"),
        (f"{HEAD}@trust.example", "A task is waiting for you: The example"),
        (f"{LEAD}@trust.example", "Work has come back to you: The example"),
    ]
    assert len({mail["References"] for mail in office.mails}) == 1
    first, again = text(office.mails[1]), text(office.mails[-1])
    assert "Dear Lead ash," in first
    assert "    Judge the work\n" in first
    assert "Due:       Tue 27 Apr 2027, by 17:00\nWhy then:  5 school days after" in first
    assert f"termwise tasks show {judge.id}" in first
    assert "Asked of:  Lead ash" in text(office.mails[4])
    assert "The reason given: Two are missing." in again
    assert "We begin\n\nPlease read." in text(office.mails[0])


async def told(pool: Pool, office: PostOffice, play: worlds.Play) -> None:
    """Record what the play has come to, and deliver what follows from it."""
    store, version = PostgresEventStore(pool), 0
    for command, pairs in groupby(play.log[play.root], key=lambda pair: pair[0]):
        events = tuple(event for _, event in pairs)
        await store.append(Append(stream=play.root, expected=version, command=command, events=events))
        version += len(events)
    await Projector(pool).catch_up()
    await deliver(pool, settings(office))


async def test_a_courier_finds_by_itself_what_is_planned_and_stops_at_once(
    pool: Pool, office: PostOffice
) -> None:
    async with running(courier(settings(office), pool, known(), clock=at_ten)):
        await plan(pool, asked("t1", HEAD))
        await until_sent(pool, 1)
        stopping = monotonic()

    assert monotonic() - stopping < 1
    assert len(office.mails) == 1
    assert await ends(pool) == [("sent", "smtp", 1, None)]


async def test_a_courier_with_a_letter_in_hand_finishes_it_before_it_stops(
    pool: Pool, office: PostOffice
) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    class Slow(PostgresOutbox):
        async def sent(self, message: Message, carrier: str, unneeded: Sequence[UUID] = ()) -> None:
            began.set()
            await go_on.wait()
            await super().sent(message, carrier, unneeded)

    await plan(pool, asked("t1", HEAD))
    async with running(with_own_outbox(Slow(pool), pool, office)):
        await began.wait()
        asyncio.get_running_loop().call_later(0.3, go_on.set)

    assert await ends(pool) == [("sent", "smtp", 1, None)]


async def test_several_couriers_send_each_letter_once(pool: Pool, office: PostOffice) -> None:
    everyone = tuple(person.id for person in PEOPLE.people)
    await plan(pool, *(notice(*everyone) for _ in range(4)))

    async with running(*(courier(settings(office), pool, known(), clock=at_ten) for _ in range(3))):
        await until_sent(pool, 4 * len(everyone))

    assert len(office.ids()) == len(set(office.ids())) == 4 * len(everyone)


@pytest.mark.parametrize("after", [0, 3])
async def test_a_courier_killed_before_it_could_say_sent_never_makes_a_second_message(
    database: str, pool: Pool, office: PostOffice, after: int
) -> None:
    people = tuple(person.id for person in PEOPLE.people)[:8]
    await plan(pool, notice(*people), asked("t1", HEAD))

    deaths = [await killed(database, office, lease=2.0, after=after) for _ in range(2)]
    await deliver_patiently(pool, office, 9)

    assert deaths == [-signal.SIGKILL] * 2
    assert len(set(office.ids())) == 9
    assert 9 <= len(office.ids()) <= 9 + 2 * 3  # what two couriers had in hand, three letters each
    assert len(office.ids()) > 9  # and so the kill came where it hurts


async def test_couriers_killed_at_any_moment_lose_nothing_and_make_nothing_up(
    database: str, pool: Pool, office: PostOffice
) -> None:
    everyone = tuple(person.id for person in PEOPLE.people)
    await plan(pool, *(notice(*everyone) for _ in range(6)))
    wanted = 6 * len(everyone)

    for count in range(1, 6):
        process = begin(database, office, lease=2.0, after=10_000)
        await eventually(lambda: arrived(office), count * wanted // 8)
        process.send_signal(signal.SIGKILL)
        process.wait()
    await deliver_patiently(pool, office, wanted)

    assert len(set(office.ids())) == wanted
    assert len(office.ids()) <= wanted + 5 * 3


def begin(database: str, office: PostOffice, lease: float, after: int) -> "subprocess.Popen[bytes]":
    script = [sys.executable, str(Path(__file__).with_name("dying_courier.py"))]
    arguments = [database, str(office.port), str(lease), str(after)]
    return subprocess.Popen(
        [*script, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
    )


async def killed(database: str, office: PostOffice, lease: float, after: int) -> int:
    return await asyncio.to_thread(begin(database, office, lease, after).wait)


async def arrived(office: PostOffice) -> int:
    return len(office.mails)


async def deliver_patiently(pool: Pool, office: PostOffice, count: int) -> None:
    async with running(courier(settings(office), pool, known(), clock=at_ten)):
        await until_sent(pool, count)


async def test_not_now_is_tried_again_later_and_then_goes(pool: Pool, office: PostOffice) -> None:
    office.answers = ["451 4.3.0 try again", "451 4.3.0 try again"]
    await plan(pool, asked("t1", HEAD))

    await deliver(pool, settings(office))
    await deliver(pool, settings(office))
    assert await ends(pool) == [("planned", None, 1, "the mail server does not take the letter: 451 4.3.0")]
    await make_due(pool)
    await deliver(pool, settings(office))
    await make_due(pool)
    await deliver(pool, settings(office))

    assert await ends(pool) == [("sent", "smtp", 3, None)]
    assert len(office.mails) == 1


async def test_each_wait_is_longer_until_it_is_an_hour_and_in_the_end_it_is_given_up(
    pool: Pool, office: PostOffice
) -> None:
    office.answers = ["451 4.3.0 try again"] * MOST_TRIES
    await plan(pool, asked("t1", HEAD))
    waits = []
    for _ in range(MOST_TRIES):
        await deliver(pool, settings(office))
        waits.append(await pool.fetchval("select next_at from termwise.outbox") - NOW)
        await make_due(pool)

    assert [round(wait / timedelta(minutes=1)) for wait in waits[:6]] == [*WAITS, 60, 60]
    assert sum(waits[:-1], timedelta()) > timedelta(days=3) - timedelta(hours=1)
    ((status, _, attempts, error),) = await ends(pool)
    assert (status, attempts) == ("dead", MOST_TRIES)
    assert "451 4.3.0" in str(error)


async def test_a_mail_server_that_is_away_is_asked_once_and_no_letter_pays_for_it(
    pool: Pool, office: PostOffice
) -> None:
    office.close()
    people = tuple(person.id for person in PEOPLE.people)
    await plan(pool, notice(*people))

    tallies = [await deliver(pool, settings(office)) for _ in range(3)]

    assert {tuple(tally.away) for tally in tallies} == {("mail",)}
    assert "takes nothing now: SMTPConnectError" in tallies[0].away["mail"]
    assert {(status, attempts) for status, _, attempts, _ in await ends(pool)} == {("planned", 0)}
    told = [why for *_, why in await ends(pool) if why]
    assert len(told) <= 3 * 3  # each lane of each round may find it out by itself
    office.open()
    assert await deliver(pool, settings(office)) == Tally(sent=len(people))


async def test_never_is_not_tried_again_and_what_follows_goes(pool: Pool, office: PostOffice) -> None:
    office.answers = ["550 5.7.1 no"]
    await plan(pool, asked("t1", HEAD), asked("t2", HEAD))

    with capture_logs() as lines:
        await deliver(pool, settings(office))

    assert await ends(pool) == [
        ("dead", None, 1, "the mail server refuses the letter: 550 5.7.1"),
        ("sent", "smtp", 1, None),
    ]
    assert [(line["event"], line["recipient"]) for line in lines] == [
        ("letter.dead", HEAD),
        ("letter.sent", HEAD),
    ]


async def test_no_log_line_names_anybody(pool: Pool, office: PostOffice) -> None:
    office.refused[f"{HEAD}@trust.example"] = [f"550 Head ash <{HEAD}@trust.example> has left"]
    await plan(pool, asked("t1", HEAD), asked("t2", TEACHER), notice("p-9999"))

    with capture_logs() as lines:
        await deliver(pool, settings(office))

    assert len(lines) == 3
    assert "ash" not in str(lines)
    assert "@" not in str(lines)


async def test_a_server_that_was_down_gets_everything_when_it_is_up(pool: Pool, office: PostOffice) -> None:
    office.close()
    people = tuple(person.id for person in PEOPLE.people)[:6]
    await plan(pool, notice(*people), notice(*people))
    await deliver(pool, settings(office))
    assert {status for status, *_ in await ends(pool)} == {"planned"}

    office.open()
    await deliver(pool, settings(office))

    assert len(set(office.ids())) == len(office.ids()) == 12


async def test_an_unknown_person_is_a_dead_letter(pool: Pool, office: PostOffice) -> None:
    await plan(pool, asked("t1", "p-9999"))

    await deliver(pool, settings(office))

    assert await ends(pool) == [("dead", None, 1, "p-9999 is not in the directory")]


async def test_a_letter_goes_to_the_address_of_the_day_it_goes(pool: Pool, office: PostOffice) -> None:
    moved = [
        person.model_copy(update={"email": "new@trust.example"}) if person.id == HEAD else person
        for person in PEOPLE.people
    ]
    people = [PEOPLE]

    async def of_the_day() -> Addressees:
        return Addressees(people[0], worlds.calendar())

    it = courier(settings(office), pool, of_the_day, clock=at_ten, lasting=0)
    await plan(pool, asked("t1", HEAD))

    people[0] = PEOPLE.model_copy(update={"people": tuple(moved)})
    await it.round(Round(), asyncio.Event())

    assert office.envelopes[0][1] == ["new@trust.example"]


async def test_what_was_done_meanwhile_is_not_asked_for(pool: Pool, office: PostOffice) -> None:
    await plan(pool, asked("t1", HEAD), asked("t2", LEAD))
    passed = TaskReassigned(at=NOW, by="p-leader", task="t2", person=TEACHER, reason="ill")
    await happen(pool, 3, completed("t1"), passed)

    await deliver(pool, settings(office))

    assert await ends(pool) == [
        ("withdrawn", None, 1, "the task was completed before this could go"),
        ("withdrawn", None, 1, "the task is asked of somebody else by now"),
        ("sent", "smtp", 1, None),
    ]
    assert [mail["To"].addresses[0].addr_spec for mail in office.mails] == [f"{TEACHER}@trust.example"]
    assert "ill" not in text(office.mails[0]).split()


async def test_a_rebuild_of_the_outbox_sends_nothing_again(pool: Pool, office: PostOffice) -> None:
    await plan(pool, asked("t1", HEAD), asked("t2", "p-9999"), notice(LEAD))
    await deliver(pool, settings(office))
    before = await ends(pool)

    await Projector(pool).rebuild("outbox")
    await deliver(pool, settings(office))

    assert await ends(pool) == before
    assert len(office.mails) == 2


async def test_without_a_mail_server_the_log_takes_the_letters(pool: Pool) -> None:
    await plan(pool, asked("t1", HEAD))

    with capture_logs() as lines:
        await deliver(pool, Settings())

    assert await ends(pool) == [("sent", "log", 1, None)]
    assert [line["event"] for line in lines] == ["letter.logged", "letter.sent"]


async def test_a_template_that_fails_stops_no_other_letter(
    pool: Pool, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plan(pool, asked("t1", HEAD), notice(LEAD))
    await pool.execute("update termwise.outbox set kind = 'no-such' where recipient = $1", HEAD)

    await deliver(pool, settings(office))

    assert await ends(pool) == [("planned", None, 1, "TemplateNotFound"), ("sent", "smtp", 1, None)]


async def test_a_letter_that_kills_its_couriers_is_given_up(pool: Pool, office: PostOffice) -> None:
    await plan(pool, asked("t1", HEAD))
    await pool.execute("update termwise.outbox set attempts = $1", MOST_TRIES)

    await deliver(pool, settings(office))

    assert await ends(pool) == [("dead", None, MOST_TRIES + 1, "it was tried too often")]


async def test_postgresql_away_when_a_letter_has_gone_does_not_send_it_again(
    pool: Pool, office: PostOffice
) -> None:
    away = [True, True]

    class Away(PostgresOutbox):
        async def sent(self, message: Message, carrier: str, unneeded: Sequence[UUID] = ()) -> None:
            if away:
                away.pop()
                raise StoreUnavailableError("restarting")
            await super().sent(message, carrier, unneeded)

    await plan(pool, asked("t1", HEAD))

    tally = await with_own_outbox(Away(pool), pool, office, lasting=0).round(Round(), asyncio.Event())

    assert tally == Tally(sent=1)

    assert not away
    assert await ends(pool) == [("sent", "smtp", 1, None)]
    assert len(office.mails) == 1


async def test_a_courier_whose_time_ran_out_cannot_speak_for_the_next(pool: Pool) -> None:
    await plan(pool, asked("t1", HEAD))
    slow, quick = PostgresOutbox(pool, lease=0.0), PostgresOutbox(pool)
    (old,) = await slow.claim(1)
    (new,) = await quick.claim(1)

    await slow.failed(old, "too late to say so", datetime.now(UTC))
    await slow.dead(old, "too late to say so")

    assert await quick.claim(1) == []
    assert await ends(pool) == [("planned", None, 2, None)]
    await quick.sent(new, "smtp")
    assert await ends(pool) == [("sent", "smtp", 2, None)]


def test_a_sender_that_is_no_address_is_a_setting_to_mend(office: PostOffice) -> None:
    with pytest.raises(SettingsError, match="TERMWISE_SMTP_FROM is 'nobody'"):
        channels(settings(office, smtp_from="nobody"))


def covered(by: str, until: date | None = None) -> Directory:
    """The trust, where the headteacher has a deputy for some days."""
    facts = {"id": "c-1", "person": HEAD, "deputies": (by,), "from": date(2027, 4, 19), "to": until}
    return PEOPLE.model_copy(update={"covers": (Cover.model_validate(facts),)})


async def test_a_deputy_gets_a_letter_of_their_own_that_says_for_whom(pool: Pool, office: PostOffice) -> None:
    await plan(pool, asked("t1", HEAD, deputies={LEAD: HEAD}))

    await deliver(pool, settings(office), covered(LEAD))
    await deliver(pool, settings(office), covered(LEAD))

    letters = {mail["To"].addresses[0].display_name: text(mail) for mail in office.mails}
    assert len(office.mails) == len(set(office.ids())) == 2
    assert "You cover for Head ash, and may do this in their place." in letters["Lead ash"]
    assert "You cover" not in letters["Head ash"]


async def test_a_deputy_whose_cover_is_over_when_it_would_go_hears_nothing(
    pool: Pool, office: PostOffice
) -> None:
    await plan(pool, asked("t1", HEAD, deputies={LEAD: HEAD}))

    await deliver(pool, settings(office), covered(LEAD, until=date(2027, 4, 19)))

    assert [row[0] for row in await ends(pool)] == ["sent", "withdrawn"]


async def test_another_deputy_hears_nothing_once_one_has_taken_it_on(pool: Pool, office: PostOffice) -> None:
    claimed = TaskClaimed(at=NOW, by=TEACHER, task="t1", person=HEAD, for_=HEAD)
    await plan(pool, asked("t1", HEAD, deputies={LEAD: HEAD}), claimed)

    await deliver(pool, settings(office), covered(LEAD))

    assert (await ends(pool))[1] == ("withdrawn", None, 1, "another deputy has the task by now")
