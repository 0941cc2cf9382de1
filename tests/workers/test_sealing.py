"""Blocks are sealed by a service of its own, and published where nobody who has the database can reach."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from engine.evidence.published import Published, read_published
from storage.database import Pool
from storage.events import PostgresEventStore
from storage.signing_keys import PostgresKeys
from tests.endpoint import listening, status
from tests.evidence import enrolled_key
from tests.storage.facts import append, started
from workers.keys import KeyFileError, PrivateKey, new_key
from workers.publishing import PublishingError, RootsFile, places, read_roots
from workers.sealing import Sealing
from workers.settings import Settings, SettingsError

AT_ONCE = timedelta()


@pytest.fixture
async def key(store: PostgresEventStore) -> PrivateKey:
    return await enrolled_key(store)


async def grow(store: PostgresEventStore, sealing: Sealing) -> None:
    """One more event, in a block of its own."""
    stream = f"m:{uuid4().hex}"
    await store.append(append(stream, 0, started(stream)))
    await sealing.seal(AT_ONCE)


def lines(file: Path) -> list[int]:
    """The numbers of the blocks in a file that is sound."""
    found, wrong = read_roots(file)
    assert wrong == []
    return [each.block.number for each in found]


async def test_every_file_has_every_block_once_whoever_writes_it(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    one, other = RootsFile(tmp_path / "a/roots.jsonl"), RootsFile(tmp_path / "roots.jsonl")
    sealing = Sealing(pool, PostgresKeys(pool), key, [one, other])
    await grow(store, sealing)
    await sealing.publish()
    await grow(store, sealing)
    await grow(store, sealing)

    await asyncio.gather(*(one.catch_up(pool) for _ in range(4)))

    assert (lines(one.file), lines(other.file)) == ([1, 2, 3], [1])
    assert (await one.catch_up(pool), await other.catch_up(pool)) == (0, 2)


async def test_a_line_that_a_crash_has_cut_off_is_written_again(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    roots = RootsFile(tmp_path / "roots.jsonl")
    sealing = Sealing(pool, PostgresKeys(pool), key, [roots])
    await grow(store, sealing)
    await grow(store, sealing)
    await sealing.publish()
    whole = roots.file.read_bytes()
    roots.file.write_bytes(whole[:-100])

    await sealing.publish()

    assert lines(roots.file) == [1, 2]
    assert roots.file.read_bytes().startswith(whole[:-100])


async def test_a_file_of_another_log_or_that_was_altered_is_not_written_to(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    roots = RootsFile(tmp_path / "roots.jsonl")
    sealing = Sealing(pool, PostgresKeys(pool), key, [roots])
    await grow(store, sealing)
    await sealing.publish()
    text = roots.file.read_text()
    [first], _ = read_published(text)
    stranger = first.block.model_copy(update={"sealed_at": first.block.sealed_at + timedelta(seconds=1)})
    signed = stranger.model_copy(update={"signature": key.signature(stranger.text)})
    other = Published(hash=signed.hash, block=signed, public=key.text, marks=first.marks)
    await grow(store, sealing)

    for written, why in (
        (other.model_dump_json() + "\n", "does not follow it: the log or the file was rewritten"),
        (text.replace('"first":1', '"first":2'), "is not as it was written"),
        ("nonsense\n", "is not as it was written"),
    ):
        roots.file.write_text(written)
        with pytest.raises(PublishingError, match=why):
            await sealing.publish()
        assert roots.file.read_text() == written


async def test_a_webhook_is_told_each_block_in_order_and_what_failed_again(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    async with listening() as there:
        (tmp_path / "url").write_text(f"http://127.0.0.1:{there.port}/roots")
        (tmp_path / "key").write_text("whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        url, secret, database = tmp_path / "url", tmp_path / "key", "postgresql://elsewhere"
        [webhook] = places(Settings(database=database, roots_url_file=url, roots_key_file=secret))
        sealing = Sealing(pool, PostgresKeys(pool), key, [webhook])
        await grow(store, sealing)
        await grow(store, sealing)
        there.answers = [status(200), status(503)]

        with pytest.raises(PublishingError, match="block 2 was not published"):
            await sealing.publish()
        told = await sealing.publish()

    posted = [each.json for each in there.posted]
    assert (told, [each["subject"] for each in posted]) == (1, ["block/1", "block/2", "block/2"])
    assert posted[1]["id"] == posted[2]["id"] != posted[0]["id"]
    assert Published.model_validate(posted[0]["data"]).sound
    assert there.posted[0].headers["webhook-signature"].startswith("v1,")


async def test_a_place_that_takes_nothing_keeps_no_other_from_being_told(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    (tmp_path / "full").write_text("a file, where a folder is wanted")
    bad, good = RootsFile(tmp_path / "full/roots.jsonl"), RootsFile(tmp_path / "roots.jsonl")
    sealing = Sealing(pool, PostgresKeys(pool), key, [bad, good])
    await grow(store, sealing)

    with pytest.raises(PublishingError, match="the roots cannot be written"):
        await sealing.publish()

    assert lines(good.file) == [1]


async def test_a_key_that_nobody_enrolled_seals_nothing(store: PostgresEventStore, pool: Pool) -> None:
    sealing = Sealing(pool, PostgresKeys(pool), new_key(), [])

    with pytest.raises(KeyFileError, match="is not good to seal with"):
        await grow(store, sealing)

    assert await pool.fetchval("select count(*) from termwise.block") == 0


async def test_what_others_have_sealed_is_published_while_the_own_key_is_not_good(
    store: PostgresEventStore, pool: Pool, key: PrivateKey, tmp_path: Path
) -> None:
    roots = RootsFile(tmp_path / "roots.jsonl")
    await grow(store, Sealing(pool, PostgresKeys(pool), key, []))
    stop = asyncio.Event()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(Sealing(pool, PostgresKeys(pool), new_key(), [roots]).run(stop))
        while not roots.file.exists() or lines(roots.file) != [1]:
            await asyncio.sleep(0.02)
        stop.set()


def test_a_webhook_for_roots_wants_a_key_and_only_an_embedded_home_has_a_file_by_itself(
    tmp_path: Path,
) -> None:
    (tmp_path / "url").write_text("https://localhost/roots")

    with pytest.raises(SettingsError, match="TERMWISE_ROOTS_KEY_FILE is not"):
        places(Settings(roots_url_file=tmp_path / "url"))
    assert places(Settings(home=tmp_path)) == [RootsFile(tmp_path / "roots.jsonl")]
    assert places(Settings(database="postgresql://elsewhere")) == []
