"""Whoever owns the database alters the log, switches off what forbids it, and is found: each event is named."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.evidence.block import Header
from engine.evidence.leaf import Leaf, hashed, read_leaf
from engine.evidence.merkle import root
from engine.evidence.published import Published, publication
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.evidence.blocks import blocks
from storage.evidence.leaves import leaf_of, rows_between
from storage.evidence.sealer import seal
from storage.evidence.stories import check_stories
from storage.projector import Projector
from storage.verify import Findings, verify
from tests.storage.facts import append, claimed, completed, ended, opened, started
from workers.enrolling import enrol_directly
from workers.keys import PrivateKey, new_key

AT_ONCE = timedelta()
#: What each attack leaves free: nobody refuses it anything.
OPEN = """
alter table termwise.event disable trigger all;
alter table termwise.block disable trigger all;
"""
#: Take out position 5, and close the gap in positions and in the versions of its stream.
GAP_CLOSED = """
delete from termwise.event where position = 5;
update termwise.event set version = -version where stream = (select id from termwise.stream where name = 'm:1');
update termwise.event set version = case when -version > 4 then -version - 1 else -version end where version < 0;
update termwise.event set position = -position where position > 5;
update termwise.event set position = -position - 1 where position < 0;
update termwise.stream set version = version - 1 where name = 'm:1';
update termwise.head set position = position - 1;
"""
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
REWRITTEN = (
    "update termwise.event set data = replace(data::text, '{\"n\":6}', '{\"n\":9}')::json where position = 7"
)


@pytest.fixture
async def key(store: PostgresEventStore) -> PrivateKey:
    """The key of the server, enrolled: positions 1 is the register's."""
    key = new_key()
    await enrol_directly(store, key.text, use="server", reason="The first key")
    return key


@pytest.fixture
async def lived(store: PostgresEventStore, pool: Pool, key: PrivateKey) -> list[Published]:
    """Eight events in two blocks, as it was published; a ninth that is not sealed yet."""
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    await store.append(append("m:1", 2, claimed("t1")))
    await store.append(append("m:1", 3, opened("t2")))
    await store.append(append("m:2", 0, started("m:2")))
    await store.append(append("m:1", 4, completed("t1"), ended()))
    while await seal(pool, key, events=4, age=AT_ONCE):
        pass
    await store.append(append("m:2", 1, opened("t3")))
    await Projector(pool).catch_up()
    return await published(pool, key)


async def published(pool: Pool, key: PrivateKey) -> list[Published]:
    """What others would be told now."""
    async with pool.acquire() as connection:
        return [
            publication(block, map(read_leaf, lines.split("\n")), key.text)
            async for block, lines in blocks(connection)
        ]


async def attacked(pool: Pool, *harm: str, known: Sequence[Published] | None = None) -> list[str]:
    """What is told after the harm was done."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        for each in harm:
            await connection.execute(each)
    found: Findings = await verify(pool, published=known)
    assert not found.sound
    return list(found.problems)


async def hash_anew(pool: Pool) -> None:
    """Put beside every event the hash that fits what stands there now, as an attacker would who knows the code."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        for row in await rows_between(connection, 1, 1000):
            await connection.execute(
                "update termwise.event set hash = $2 where position = $1",
                row["position"],
                bytes.fromhex(leaf_of(row).hash),
            )


async def seal_anew(pool: Pool, key: PrivateKey) -> None:
    """Make all blocks anew over what stands there now, chained and signed with this key."""
    async with pool.acquire() as connection:
        await connection.execute(OPEN)
        before: Header | None = None
        for old, _ in [each async for each in blocks(connection)]:
            leaves: list[Leaf] = [leaf_of(row) for row in await rows_between(connection, old.first, old.last)]
            block = Header(
                number=old.number,
                first=old.first,
                last=old.last,
                root=root([hashed(leaf.line) for leaf in leaves]).hex(),
                previous=before.hash if before else old.previous,
                sealed_at=old.sealed_at,
                key=key.id,
            )
            await connection.execute(
                "update termwise.block set root = decode($2, 'hex'), previous = decode($3, 'hex'), key = $4, "
                "signature = $5, leaves = $6 where number = $1",
                block.number,
                block.root,
                block.previous,
                block.key,
                key.signature(block.text),
                "\n".join(leaf.line for leaf in leaves),
            )
            before = block


async def test_what_nobody_touched_is_sound_and_says_how_much_is_sealed(
    lived: list[Published], pool: Pool, key: PrivateKey
) -> None:
    found = await verify(pool, published=lived)

    assert (found.problems, found.events) == ((), 9)
    evidence = found.evidence
    assert (evidence.blocks, evidence.sealed, evidence.keys, evidence.published) == (2, 8, (key.id,), 2)


async def test_the_database_refuses_to_change_a_block(lived: list[Published], pool: Pool) -> None:
    for order in (
        "update termwise.block set key = ''",
        "delete from termwise.block",
        "truncate termwise.block",
    ):
        with pytest.raises(Exception, match="what has happened stays"):
            await pool.execute(order)


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
