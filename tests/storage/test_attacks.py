"""Whoever owns the database alters the log, switches off what forbids it, and is found: each event is named."""

import re

import pytest

from engine.evidence.published import Published
from storage.database import Pool
from storage.evidence.stories import check_stories
from storage.verify import verify
from tests.storage.altering import GAP_CLOSED, OPEN, REWRITTEN, attacked, hash_anew
from workers.keys import PrivateKey

#: Make room at position 5, and put a copy of position 4 there under a command of its own.
PUT_BETWEEN = """
update termwise.event set version = -version where stream = (select id from termwise.stream where name = 'm:1');
update termwise.event set version = case when -version > 3 then -version + 1 else -version end where version < 0;
update termwise.event set position = -position where position > 4;
update termwise.event set position = -position + 1 where position < 0;
insert into termwise.event (position, stream, version, type, schema_v, command, nth, of, occurred_at, actor,
                            recorded_at, data, hash)
select 5, stream, 4, type, schema_v, gen_random_uuid(), 1, 1, occurred_at, actor, recorded_at, data, hash
  from termwise.event where position = 4;
update termwise.stream set version = version + 1 where name = 'm:1';
update termwise.head set position = position + 1;
"""
SWAPPED = """
update termwise.event set position = 0 where position = 4;
update termwise.event set position = 4 where position = 6;
update termwise.event set position = 6 where position = 0;
"""


async def test_what_nobody_touched_is_sound_and_says_how_much_is_sealed(
    lived: list[Published], pool: Pool, key: PrivateKey
) -> None:
    found = await verify(pool, published=lived)

    assert (found.problems, found.events) == ((), 9)
    evidence = found.evidence
    assert (evidence.blocks, evidence.sealed, evidence.keys, evidence.published) == (2, 8, (key.id,), 2)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (REWRITTEN, [r"position 7: version 5 of m:1 \(task-completed\) was altered after it was sealed$"]),
        (
            "update termwise.event set actor = 'p-9' where position = 4",
            [r"position 4: version 3 of m:1 \(task-claimed\) was altered"],
        ),
        (
            "update termwise.event set recorded_at = recorded_at - interval '1 day' where position = 4",
            [r"position 4: version 3 of m:1 \(task-claimed\) has another time of recording, .* instead of "],
        ),
        (
            "update termwise.event set occurred_at = occurred_at - interval '1 day' where position = 4",
            ["position 4: version 3 of m:1 .* was altered"],
        ),
        (
            "delete from termwise.event where position = 5",
            [r"position 5: version 4 of m:1 \(task-opened\) was removed"],
        ),
        (
            GAP_CLOSED,
            [
                r"position 5: version 4 of m:1 \(task-opened\) was removed",
                "3 events stand at other positions because of it",
            ],
        ),
        (
            PUT_BETWEEN,
            [
                r"position 5: version 4 of m:1 \(task-claimed\) was inserted",
                "4 events stand at other positions because of it",
            ],
        ),
        (
            SWAPPED,
            [
                r"position 4: version 3 of m:1 \(task-claimed\) was moved to position 6",
                r"position 6: version 1 of m:2 \(instance-started\) was moved to position 4",
            ],
        ),
        (
            "update termwise.stream set name = 'm:9' where name = 'm:2'",
            [r"position 6: version 1 of m:2 .* was altered .*; it is version 1 of m:9"],
        ),
    ],
)
async def test_what_was_done_to_which_event_is_told(
    lived: list[Published], pool: Pool, harm: str, told: list[str]
) -> None:
    await pool.execute(OPEN)
    await pool.execute(harm)
    await hash_anew(pool)

    problems = await attacked(pool)

    for each in told:
        assert [problem for problem in problems if re.search(each, problem)], problems
    told_of_events = [problem for problem in problems if re.search(r"version \d of .*(was|has)", problem)]
    assert len(told_of_events) == sum("version" in each for each in told), problems


async def test_a_hash_alone_that_was_altered_is_found(lived: list[Published], pool: Pool) -> None:
    problems = await attacked(pool, "update termwise.event set hash = sha256('') where position in (4, 9)")

    assert problems == [
        f"position {each} is not what its hash was made of: one of the two was altered"
        for each in (
            "4: version 3 of m:1 (task-claimed) is as it was sealed, and",
            "9: version 2 of m:2 (task-opened) was not sealed yet, and",
        )
    ]


async def test_the_story_of_one_cycle_is_checked_alone(
    lived: list[Published], pool: Pool, key: PrivateKey
) -> None:
    found = await check_stories(pool, ["m:1"], lived)

    assert (found.problems, found.events, found.sealed, found.blocks) == ((), 6, 6, 2)
    assert (found.keys, found.published) == ((key.id,), 2)

    await pool.execute(OPEN)
    await pool.execute(GAP_CLOSED)
    await hash_anew(pool)

    harmed, other = await check_stories(pool, ["m:1"]), await check_stories(pool, ["m:2"])

    assert "position 5: version 4 of m:1 (task-opened) was removed" in harmed.problems
    assert "removed" not in "".join(other.problems)
