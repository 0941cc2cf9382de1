"""Letters that wait: for morning, for the end of the holidays, for the pace a person chose; and what then goes."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from activities.courier import Round, Tally
from engine.events import Event, NotificationRequested, TaskOverdue, TaskReminded
from engine.wishes import Wishes
from storage.database import Pool
from storage.letters import PostgresLetters
from storage.projector import Projector
from tests.known import known
from tests.post_office import PostOffice, html, text
from tests.storage.facts import NOW, completed, opened, started
from tests.workers.deliveries import happen, plan
from workers.addressees import Known
from workers.courier import courier
from workers.settings import Settings

HEAD, LEAD = "p-0003", "p-0004"
LONDON = ZoneInfo("Europe/London")
SATURDAY, HALF_TERM = (2027, 4, 24, 12, 0), (2027, 5, 31, 12, 0)
BACK = (2027, 6, 7, 7, 0)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[misc,arg-type]


def asked(task: str, person: str, at: datetime, title: str = "Judge the work") -> Event:
    return opened(task, assignee=person, candidates=(person,), title=title).model_copy(update={"at": at})


def notice(at: datetime, *to: str) -> Event:
    return NotificationRequested(
        at=at, by="termwise", address="n", step="n", to=to, subject="We begin", body="Please read."
    )


async def deliver(pool: Pool, office: PostOffice, at: datetime, people: Known | None = None) -> Tally:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=office.port, smtp_starttls=False)
    it = courier(settings, pool, people or known(), clock=lambda: at, lasting=0)
    return await it.round(Round(), asyncio.Event())


async def test_what_comes_in_the_holidays_goes_as_one_letter_on_the_first_school_morning(
    pool: Pool, office: PostOffice
) -> None:
    at = local(*HALF_TERM)
    await plan(pool, asked("t1", HEAD, at), asked("t2", HEAD, at, "Check the list"), notice(at, HEAD, LEAD))
    assert await deliver(pool, office, at) == Tally(held=4)
    assert await deliver(pool, office, local(*BACK) - timedelta(minutes=1)) == Tally()

    tally = await deliver(pool, office, local(*BACK))

    assert tally == Tally(sent=2)
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in office.mails}
    back, other = mails[f"{HEAD}@trust.example"], mails[f"{LEAD}@trust.example"]
    assert back["Subject"] == "When you are back: 3 things"
    assert other["Subject"] == "A message for you: Moderation, summer 1"
    said = text(back)
    assert said.index("Waiting for you") < said.index("- Judge the work") < said.index("- Check the list")
    assert said.index("- Check the list") < said.index("For you to know") < said.index("- We begin")
    assert "Please read." in said
    assert "termwise tasks show t2" in html(back)
    assert {row.status for row in await PostgresLetters(pool).beginning("")} == {"sent"}


async def test_of_a_letter_of_several_only_what_still_matters_is_left_and_each_task_once(
    pool: Pool, office: PostOffice
) -> None:
    at = local(*HALF_TERM)
    reminded = TaskReminded(at=at, by="termwise", task="t1", days=3, to=(HEAD,))
    await plan(pool, asked("t1", HEAD, at), reminded, asked("t2", HEAD, at), asked("t3", HEAD, at))
    await deliver(pool, office, at)
    await happen(pool, 5, completed("t2"))

    await deliver(pool, office, local(*BACK))

    (mail,) = office.mails
    assert mail["Subject"] == "When you are back: 2 things"
    assert text(mail).count("termwise tasks show t1") == 1
    assert "t2" not in text(mail)
    query = "select status from termwise.outbox order by position"
    assert [row[0] for row in await pool.fetch(query)] == ["sent", "sent", "withdrawn", "sent"]


async def test_a_letter_of_several_keeps_its_id_and_what_is_in_it_when_it_fails(
    pool: Pool, office: PostOffice
) -> None:
    at = local(*HALF_TERM)
    await plan(pool, asked("t1", HEAD, at), asked("t2", HEAD, at))
    await deliver(pool, office, at)
    office.answers = ["451 4.3.0 busy"]
    assert len((await deliver(pool, office, local(*BACK))).failing) == 1
    ((lead, bundle),) = await pool.fetch("select message_id, bundle from termwise.outbox where error <> ''")
    await happen(pool, 3, asked("t3", HEAD, local(*BACK)))

    await deliver(pool, office, local(*BACK) + timedelta(minutes=2))

    together, alone = office.mails
    assert bundle == lead
    assert together["Message-ID"] == f"<{lead}@termwise.invalid>"
    assert "t1" in text(together)
    assert "t3" not in text(together)
    assert "termwise tasks show t3" in text(alone)


async def test_somebody_who_chose_one_letter_a_day_gets_one_in_the_morning(
    pool: Pool, office: PostOffice
) -> None:
    people = known(wishes={HEAD: Wishes(pace="daily")})
    await plan(pool, asked("t1", HEAD, NOW), asked("t2", HEAD, NOW), asked("t3", LEAD, NOW))

    first = await deliver(pool, office, NOW, people)
    second = await deliver(pool, office, local(2027, 4, 21, 7, 0), people)

    assert (first, second) == (Tally(sent=1, held=2), Tally(sent=1))
    assert [mail["Subject"] for mail in office.mails] == [
        "A task is waiting for you: Moderation, summer 1",
        "Your day: 2 things",
    ]


async def test_what_was_chosen_since_is_heeded_by_letters_that_wait(pool: Pool, office: PostOffice) -> None:
    at = local(*SATURDAY)
    await plan(pool, asked("t1", HEAD, at))
    assert await deliver(pool, office, at) == Tally(held=1)

    chosen = known(wishes={HEAD: Wishes(hold_holidays=False)}, version=1)
    tally = await deliver(pool, office, at + timedelta(minutes=5), chosen)

    assert tally == Tally(sent=1)


async def test_a_statutory_day_that_has_passed_is_told_at_once_and_nothing_held_is_in_its_way(
    pool: Pool, office: PostOffice
) -> None:
    at = local(*HALF_TERM)
    late = TaskOverdue(at=at, by="termwise", task="t1", to=(HEAD,), statutory=True)
    await plan(pool, asked("t1", HEAD, at), late)

    tally = await deliver(pool, office, at)

    assert tally == Tally(sent=1, held=1)
    assert [mail["Subject"] for mail in office.mails] == ["A task is overdue: Moderation, summer 1"]


async def test_a_try_that_falls_into_the_night_waits_for_morning(pool: Pool, office: PostOffice) -> None:
    evening = local(2027, 4, 20, 17, 59)
    office.answers = ["451 4.3.0 busy"]
    await plan(pool, asked("t1", HEAD, evening))
    await deliver(pool, office, evening)

    night = await deliver(pool, office, evening + timedelta(minutes=2))
    morning = await deliver(pool, office, local(2027, 4, 21, 7, 0))

    assert (night, morning) == (Tally(held=1), Tally(sent=1))
    assert await pool.fetchval("select attempts from termwise.outbox") == 2


async def test_a_mail_server_that_is_away_for_a_fortnight_loses_nothing(
    pool: Pool, office: PostOffice
) -> None:
    office.close()
    await plan(pool, asked("t1", HEAD, NOW), asked("t2", LEAD, NOW))
    for day in range(14):
        assert set((await deliver(pool, office, NOW + timedelta(days=day))).away) <= {"mail"}

    office.open()
    await deliver(pool, office, local(2027, 5, 5, 7, 0))

    assert sorted(envelope[1][0] for envelope in office.envelopes) == [
        f"{HEAD}@trust.example",
        f"{LEAD}@trust.example",
    ]


async def test_a_letter_that_was_given_up_may_be_tried_again_and_what_went_stays_as_it_is(
    pool: Pool, office: PostOffice
) -> None:
    office.refused[f"{HEAD}@trust.example"] = ["550 5.1.1 no such person"]
    await plan(pool, asked("t1", HEAD, NOW), asked("t2", LEAD, NOW))
    await deliver(pool, office, NOW)
    letters = PostgresLetters(pool)
    (dead,) = await letters.waiting(10)

    retried = await letters.retry([])

    assert retried == [dead.message_id]
    assert dead.error == "the mail server refuses the address: 550 5.1.1"
    assert await deliver(pool, office, datetime.now(UTC) + timedelta(days=365)) != Tally()
    assert len(set(office.ids())) == len(office.ids())


async def test_a_rebuild_forgets_nothing_of_what_waits_and_sends_nothing_that_was_planned_before(
    pool: Pool, office: PostOffice
) -> None:
    at = local(*HALF_TERM)
    await plan(pool, asked("t1", HEAD, at), asked("t2", HEAD, at))
    await deliver(pool, office, at)
    planned = "select message_id, planned_at from termwise.outbox order by position"
    waiting = (
        "select message_id, due_at, held, status from termwise.outbox where position <> 3 order by position"
    )
    before = await pool.fetch(planned), await pool.fetch(waiting)
    await pool.execute("delete from termwise.outbox where position = 3")

    await Projector(pool).rebuild("outbox")
    await deliver(pool, office, at)

    assert (await pool.fetch(planned), await pool.fetch(waiting)) == before
    missing = await pool.fetchval("select status from termwise.outbox where position = 3")
    assert missing == "withdrawn"
    assert not office.mails


async def test_a_cycle_named_after_a_person_is_not_in_the_subject(pool: Pool, office: PostOffice) -> None:
    named = started("m:1", name="Appraisal of Head ash", title="Appraisal")
    await happen(pool, 0, named, asked("t1", LEAD, NOW))

    await deliver(pool, office, NOW)

    assert [mail["Subject"] for mail in office.mails] == ["A task is waiting for you: Appraisal"]
