"""Letters go out of the outbox, each once, to whom they concern."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from time import monotonic
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from activities.courier import Round
from engine.commands import CompleteTask, PassTime
from engine.events import TaskReassigned
from engine.records import Append
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.outbox import Message, PostgresOutbox
from storage.projector import Projector
from tests import worlds
from tests.known import at_ten, known
from tests.post_office import PostOffice, text
from tests.storage.facts import NOW, completed
from tests.workers.deliveries import (
    HEAD,
    LEAD,
    PEOPLE,
    TEACHER,
    asked,
    deliver,
    ends,
    happen,
    notice,
    plan,
    running,
    settings,
    until_sent,
    with_own_outbox,
)
from workers.addressees import Addressees
from workers.channels import channels
from workers.courier import courier
from workers.settings import Settings, SettingsError

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


async def test_no_log_line_names_anybody(pool: Pool, office: PostOffice) -> None:
    office.refused[f"{HEAD}@trust.example"] = [f"550 Head ash <{HEAD}@trust.example> has left"]
    await plan(pool, asked("t1", HEAD), asked("t2", TEACHER), notice("p-9999"))

    with capture_logs() as lines:
        await deliver(pool, settings(office))

    assert len(lines) == 3
    assert "ash" not in str(lines)
    assert "@" not in str(lines)


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


def test_a_sender_that_is_no_address_is_a_setting_to_mend(office: PostOffice) -> None:
    with pytest.raises(SettingsError, match="TERMWISE_SMTP_FROM is 'nobody'"):
        channels(settings(office, smtp_from="nobody"))
