"""Whoever owns the database alters the blocks that seal the log, or makes them anew, and is found."""

import re

import pytest

from engine.evidence.published import Published
from storage.database import Pool
from storage.verify import verify
from tests.storage.altering import GAP_CLOSED, OPEN, REWRITTEN, attacked, hash_anew, seal_anew
from workers.keys import PrivateKey, new_key


async def test_the_database_refuses_to_change_a_block(lived: list[Published], pool: Pool) -> None:
    for order in (
        "update termwise.block set key = ''",
        "delete from termwise.block",
        "truncate termwise.block",
    ):
        with pytest.raises(Exception, match="what has happened stays"):
            await pool.execute(order)


async def test_blocks_made_anew_with_another_key_are_not_believed(lived: list[Published], pool: Pool) -> None:
    await pool.execute(OPEN)
    await pool.execute(REWRITTEN)
    await hash_anew(pool)
    thief = new_key()
    await seal_anew(pool, thief)

    problems = await attacked(pool)

    assert [each for each in problems if f"signed with the key {thief.id}, which nobody has enrolled" in each]


async def test_blocks_made_anew_with_the_servers_key_are_found_by_what_was_published(
    lived: list[Published], pool: Pool, key: PrivateKey
) -> None:
    await pool.execute(OPEN)
    await pool.execute(REWRITTEN)
    await hash_anew(pool)
    await seal_anew(pool, key)

    alone, known = await verify(pool), await verify(pool, published=lived)

    assert "block" not in "".join(alone.problems)
    assert known.problems[: len(known.problems)] == (
        "block 2 (events 5 to 8) is not the one that was published: it was made anew to hide a change",
        "position 7: the event was altered after it was sealed; it is version 5 of m:1 (task-completed) now",
        *alone.problems,
    )


async def test_a_removed_event_and_blocks_made_anew_are_found_by_what_was_published(
    lived: list[Published], pool: Pool, key: PrivateKey
) -> None:
    await pool.execute(OPEN)
    await pool.execute(GAP_CLOSED)
    await hash_anew(pool)
    await seal_anew(pool, key)

    problems = (await verify(pool, published=lived)).problems

    assert "position 5: the event was removed" in "".join(problems), problems


async def test_blocks_that_were_removed_with_their_events_are_missed(
    lived: list[Published], pool: Pool
) -> None:
    harm = (
        "delete from termwise.block where number = 2",
        "delete from termwise.event where position > 4",
        "update termwise.head set position = 4",
    )

    problems = await attacked(pool, *harm, known=lived)

    assert "block 2 was published, and is not here any more" in problems


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            "delete from termwise.block where number = 1",
            "block 2 .* does not follow the beginning of the log",
        ),
        (
            "update termwise.block set sealed_at = sealed_at - interval '1 day' where number = 1",
            "block 1 .* not what the key .* signed",
        ),
        (
            "update termwise.block set sealed_at = sealed_at - interval '1 day' where number = 1",
            "block 2 .* does not follow block 1",
        ),
        (
            "update termwise.block set leaves = '' where number = 2",
            "block 2: its list of events cannot be read",
        ),
        (
            "update termwise.block set leaves = replace(leaves, 'm:1', 'm:7') where number = 2",
            "block 2 .* its list of events is not the one that was signed",
        ),
    ],
)
async def test_harm_to_the_blocks_is_found(lived: list[Published], pool: Pool, harm: str, told: str) -> None:
    problems = await attacked(pool, harm)

    assert [each for each in problems if re.search(told, each)], problems
