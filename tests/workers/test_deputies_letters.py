"""A deputy is written to as well, while the cover lasts."""

from datetime import date

from engine.covering import Cover
from engine.events import TaskClaimed
from engine.people import Directory
from storage.database import Pool
from tests.post_office import PostOffice, text
from tests.storage.facts import NOW
from tests.workers.deliveries import HEAD, LEAD, PEOPLE, TEACHER, asked, deliver, ends, plan, settings


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
