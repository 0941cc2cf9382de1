"""Places are told ids only; letters to an address that fails wait."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from activities.courier import Round
from engine.register.address_facts import AddressFailed
from engine.register.channel_facts import ChannelOpened
from engine.staff import Person
from storage.database import Pool
from tests import worlds
from tests.endpoint import listening, status
from tests.post_office import PostOffice, text
from tests.storage.facts import NOW, opened, overdue, started
from tests.workers.deliveries import deliver, happen, make_due, settings
from workers.addressees import Addressees
from workers.courier import courier

PEOPLE = worlds.directory()
HEAD, TEACHER = "p-0003", "p-0006"


async def ends(pool: Pool) -> list[tuple[object, ...]]:
    query = (
        "select channel, recipient, status, held from termwise.outbox order by position, channel, recipient"
    )
    return [tuple(row) for row in await pool.fetch(query)]


async def test_a_place_and_a_person_are_told_of_the_same_and_the_place_of_nobody(
    pool: Pool, office: PostOffice, tmp_path: Path
) -> None:
    async with listening() as web:
        (tmp_path / "url").write_text(f"http://127.0.0.1:{web.port}/sig-secret")
        known = settings(office, teams_url_file=tmp_path / "url")
        await happen(pool, 0, ChannelOpened(at=NOW, by=HEAD, channel="teams"), stream="register")
        task = opened("t1", assignee=TEACHER, candidates=(TEACHER,), title="Talk with Ann Archer")
        await happen(pool, 0, started("m:1"), task)
        web.answers = [status(503)]

        await deliver(pool, known)
        await make_due(pool)
        await deliver(pool, known)

    assert len(office.mails) == 1
    assert "Talk with Ann Archer" in text(office.mails[0])
    assert len(web.posted) == 2
    assert web.posted[0].body == web.posted[1].body
    assert "m:1" in web.posted[0].body.decode()
    assert "Archer" not in web.posted[0].body.decode()
    assert await ends(pool) == [("mail", TEACHER, "sent", None), ("teams", "trust", "sent", None)]


async def test_an_address_that_is_refused_is_reported_and_what_follows_waits_until_it_is_mended(
    pool: Pool, office: PostOffice
) -> None:
    reported: list[tuple[str, str]] = []

    async def report(letter: UUID, person: Person, code: str) -> None:
        reported.append((person.id, code))

    async def go(version: int, *failing: str) -> None:
        async def known() -> Addressees:
            return Addressees(PEOPLE, worlds.calendar(), unreachable=frozenset(failing), version=version)

        it = courier(settings(office), pool, known, clock=lambda: at, lasting=0.2, report=report)
        await it.round(Round(), asyncio.Event())

    at = datetime(2027, 4, 20, 10, tzinfo=UTC)
    email = PEOPLE.person(TEACHER).email
    office.refused[email] = ["550 5.1.1 gone"]
    await happen(pool, 0, started("m:1"), opened("t1", assignee=TEACHER, candidates=(TEACHER,)))
    await pool.execute("update termwise.outbox set next_at = '2027-04-20'")
    await go(1)
    await happen(pool, 2, overdue("t1", TEACHER))
    await pool.execute("update termwise.outbox set next_at = '2027-04-20' where status = 'planned'")
    await go(2, TEACHER)

    assert reported == [(TEACHER, "550 5.1.1")]
    assert await ends(pool) == [("mail", TEACHER, "dead", None), ("mail", TEACHER, "planned", "address")]

    await go(3)

    assert [status for _, _, status, _ in await ends(pool)] == ["dead", "sent"]
    assert len(office.mails) == 1


async def test_an_administrator_is_written_to_once_about_mail_that_comes_back(
    pool: Pool, office: PostOffice
) -> None:
    failed = AddressFailed(
        at=NOW, by="termwise", person=TEACHER, address="0" * 64, code="5.1.1", told=(HEAD,)
    )
    await happen(pool, 0, failed, stream="register")

    await deliver(pool, settings(office))

    (mail,) = office.mails
    assert mail["Subject"] == "Mail to somebody comes back"
    assert f"termwise bounces clear {TEACHER}" in text(mail)
    assert PEOPLE.person(TEACHER).name in text(mail)
