"""Each event is sealed in exactly one block, whoever seals, and whatever dies."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

import asyncpg
import pytest

from engine.evidence.block import Block
from engine.evidence.proof import Proof
from engine.evidence.published import publication
from storage.database import Pool, connect
from storage.errors import HoleError, StoreUnavailableError, UnknownRecordError
from storage.events import PostgresEventStore
from storage.evidence.blocks import blocks
from storage.evidence.errors import UnprovableError
from storage.evidence.leaves import leaf_of, rows_between
from storage.evidence.proving import prove
from storage.evidence.sealer import seal
from storage.verify import verify
from tests.storage.facts import append, commented, opened, started
from workers.keys import PrivateKey, new_key

AT_ONCE = timedelta()
CHECKER = Path(__file__).parents[2] / "docs" / "verify_proof.py"


async def fill(store: PostgresEventStore, events: int) -> None:
    """A stream of so many events, with words in it that are not ASCII."""
    texts = [commented("t1").model_copy(update={"text": f'"Ågot" said {n}\n'}) for n in range(events - 2)]
    await store.append(append("m:1", 0, started("m:1"), opened("t1"), *texts))


async def kept(pool: Pool) -> list[Block]:
    async with pool.acquire() as connection:
        return [block async for block, _ in blocks(connection)]


async def test_a_block_is_closed_when_many_events_wait_or_when_one_has_waited_long(
    store: PostgresEventStore, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 9)

    by_number = [await seal(pool, key, events=4) for _ in range(3)]
    by_age = await seal(pool, key, events=4, age=AT_ONCE)
    nothing = await seal(pool, key, age=AT_ONCE)

    assert [(each.first, each.last) for each in by_number if each] == [(1, 4), (5, 8)]
    assert by_age is not None
    assert (by_age.number, by_age.first, by_age.last, nothing) == (3, 9, 10, None)


async def test_many_who_seal_at_once_seal_each_event_once(
    store: PostgresEventStore, database: str, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 60)
    pools = [await connect(database, size=2) for _ in range(4)]

    async def seal_all(own: Pool) -> None:
        while await seal(own, key, events=3, age=AT_ONCE):
            pass

    await asyncio.gather(*(seal_all(own) for own in pools for _ in range(2)))
    for own in pools:
        await own.close()

    found = await kept(pool)
    assert [position for block in found for position in range(block.first, block.last + 1)] == [*range(1, 62)]
    assert [block.number for block in found] == [*range(1, len(found) + 1)]


@dataclass
class Dying:
    """A key whose process loses its connection while it signs."""

    key: PrivateKey
    dsn: str

    @property
    def id(self) -> str:
        return self.key.id

    def signature(self, text: bytes) -> str:
        async def cut() -> None:
            connection = await asyncpg.connect(self.dsn)
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and state = 'idle in transaction'"
            )
            await connection.close()

        thread = Thread(target=lambda: asyncio.run(cut()))
        thread.start()
        thread.join()
        return self.key.signature(text)


async def test_who_dies_before_the_commit_leaves_nothing_and_the_next_goes_on(
    store: PostgresEventStore, database: str, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 5)

    with pytest.raises(StoreUnavailableError):
        await seal(pool, Dying(key, database), age=AT_ONCE)

    assert await kept(pool) == []
    block = await seal(pool, key, age=AT_ONCE)
    assert block is not None
    assert (block.number, block.first, block.last) == (1, 1, 6)


async def test_events_that_are_older_than_hashes_are_sealed_like_any(
    store: PostgresEventStore, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 4)
    await pool.execute("alter table termwise.event disable trigger all")
    await pool.execute("update termwise.event set hash = null where position < 4")

    await seal(pool, key, age=AT_ONCE)

    assert [each for each in (await verify(pool)).problems if "position" in each] == []


async def test_an_event_altered_before_it_was_sealed_is_sealed_as_it_stands_and_told(
    store: PostgresEventStore, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 4)
    await pool.execute("alter table termwise.event disable trigger all")
    await pool.execute(
        "update termwise.event set data = replace(data::text, 'said', 'sang')::json where position = 4"
    )

    await seal(pool, key, age=AT_ONCE)

    [told] = [each for each in (await verify(pool)).problems if "position" in each]
    assert "position 4: version 3 of m:1" in told
    assert "is not what its hash was made of" in told


async def test_a_log_with_a_hole_is_not_sealed(
    store: PostgresEventStore, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 4)
    await pool.execute("alter table termwise.event disable trigger all")
    await pool.execute("delete from termwise.event where position = 3")

    with pytest.raises(HoleError, match="position 2 is followed by 4"):
        await seal(pool, key, age=AT_ONCE)


def checked(file: Path, *words: str) -> tuple[int, str]:
    """What the script says that strangers use, on a Python that has nothing but itself."""
    command = [sys.executable, "-I", CHECKER, file, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


async def test_a_proof_is_checked_by_a_stranger_with_one_script(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    await fill(store, 12)
    while await seal(pool, key, events=7, age=AT_ONCE):
        pass
    proof = await prove(pool, "m:1", 9)
    file, roots = tmp_path / "proof.json", tmp_path / "roots.jsonl"
    file.write_text(proof.model_dump_json(), "utf-8")
    async with pool.acquire() as connection:
        lines = [
            publication(
                block, map(leaf_of, await rows_between(connection, block.first, block.last)), key.text
            )
            async for block, _ in blocks(connection)
        ]
    roots.write_text("\n".join(each.model_dump_json() for each in lines), "utf-8")

    code, said = checked(file, "--key", key.text, "--roots", str(roots))

    assert code == 0, said
    assert "Version 9 of m:1 (task-commented, by p-3)" in said
    assert (
        "That is the key you were told.\nThat block is among the roots that were published.\nPROVEN." in said
    )
    assert "nobody has told this script" in checked(file)[1]


async def test_every_event_has_a_proof_and_no_altered_proof_is_believed(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    await fill(store, 6)
    await seal(pool, key, age=AT_ONCE)
    proof = await prove(pool, "m:1", 3)
    file = tmp_path / "proof.json"
    other = new_key()
    falsified: dict[str, dict[str, object]] = {
        "the event is not in its block": {"event": proof.event.model_copy(update={"actor": "p-9"})},
        "is too short": {"path": proof.path[:-1]},
        "is too long": {"path": (*proof.path, "0" * 64)},
        "it, or the block, was altered": {"block": proof.block.model_copy(update={"root": "0" * 64})},
        "not of this block by this key": {"block": proof.block.model_copy(update={"number": 2})},
        "not the one that the block names": {"public": other.text},
    }

    for version in (1, 4, 6):
        file.write_text((await prove(pool, "m:1", version)).model_dump_json())
        assert checked(file)[0] == 0
    for why, change in falsified.items():
        file.write_text(proof.model_copy(update=change).model_dump_json())
        code, said = checked(file)
        assert (code, "NOT PROVEN" in said, why in said) == (1, True, True), said
    file.write_text(proof.model_dump_json())
    assert checked(file, "--key", other.text)[0] == 1
    file.write_text("{}")
    assert checked(file)[0] == 2
    assert Proof.model_validate_json(proof.model_dump_json()) == proof


async def test_there_is_no_proof_of_what_is_not_sealed_not_there_or_altered(
    store: PostgresEventStore, pool: Pool, key: PrivateKey
) -> None:
    await fill(store, 4)

    with pytest.raises(UnprovableError, match="version 2 of m:1 is not sealed yet"):
        await prove(pool, "m:1", 2)
    with pytest.raises(UnknownRecordError, match="there is no version 5"):
        await prove(pool, "m:1", 5)
    with pytest.raises(UnknownRecordError, match="there is no 'm:2' in the log"):
        await prove(pool, "m:2", 1)
    await seal(pool, key, age=AT_ONCE)
    await pool.execute("alter table termwise.event disable trigger all")
    await pool.execute("update termwise.event set actor = 'p-9' where position = 3")
    with pytest.raises(UnprovableError, match="not as block 1 was sealed"):
        await prove(pool, "m:1", 2)
