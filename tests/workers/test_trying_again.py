"""A letter that cannot go now is tried again; one that never can is given up and holds up no other."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from activities.courier import Round, Tally
from storage.database import Pool
from storage.errors import StoreUnavailableError
from storage.outbox import Message, PostgresOutbox
from tests.post_office import PostOffice
from tests.storage.facts import NOW
from tests.workers.deliveries import (
    HEAD,
    LEAD,
    PEOPLE,
    asked,
    deliver,
    ends,
    make_due,
    notice,
    plan,
    settings,
    with_own_outbox,
)
from workers.delivering import MOST_TRIES, WAITS


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
