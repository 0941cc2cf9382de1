import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from storage.privacy.errors import AlteredError, KeyStoreUnavailableError, MasterKeyError
from storage.privacy.key_store import open_key_store
from storage.privacy.keyring import LIFETIME, Keyring
from storage.privacy.master import MasterFile
from tests.keys import key_database, open_keyring


@pytest.fixture
async def keys(postgres_dsn: str) -> AsyncIterator[str]:
    async with key_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "master.key"


async def test_a_subject_has_one_key_whoever_asks_first(keys: str, file: Path) -> None:
    async with open_keyring(keys, file) as one, open_keyring(keys, file) as other:
        assert await one.key("p-0001") is None

        made = await asyncio.gather(*(ring.key("p-0002", create=True) for ring in (one, other) * 4))

        first, *rest = made
        assert first is not None
        sealed = first.seal(b"Wrenfeather", "here")
        assert {each.open(sealed, "here") for each in rest if each} == {b"Wrenfeather"}
        assert {each.number for each in made if each} == {1}


async def test_what_was_sealed_opens_only_where_it_belongs(keys: str, file: Path) -> None:
    async with open_keyring(keys, file) as ring:
        key, other = await ring.key("p-0001", create=True), await ring.key("p-0002", create=True)
        assert key is not None
        assert other is not None

        sealed = key.seal(b"Wrenfeather", "here")

        assert b"Wrenfeather" not in sealed
        for opener, text, place in (
            (key, sealed, "there"),
            (other, sealed, "here"),
            (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "here"),
            (key, b"", "here"),
        ):
            with pytest.raises(AlteredError):
                opener.open(text, place)


async def test_a_shredded_key_is_gone_for_ever_and_elsewhere_soon(keys: str, file: Path) -> None:
    now = [0.0]
    async with open_keyring(keys, file) as ring:
        elsewhere = Keyring(await open_key_store(keys), MasterFile(file), clock=lambda: now[0])
        await ring.key("p-0001", create=True)
        assert await elsewhere.numbered("p-0001", 1)

        assert await ring.shred("p-0001", "she asked for it") == 1

        assert await ring.shred("p-0001", "again") == 0
        assert await ring.numbered("p-0001", 1) is None
        assert await elsewhere.numbered("p-0001", 1)
        now[0] += LIFETIME
        assert LIFETIME < 60
        assert await elsewhere.numbered("p-0001", 1) is None
        anew = await ring.key("p-0001", create=True)
        assert anew is not None
        assert anew.number == 2
        assert (await ring.state()).shredded == 1
        await elsewhere.close()


async def test_a_rotated_master_key_still_opens_everything_and_the_old_one_nothing(
    keys: str, file: Path
) -> None:
    async with open_keyring(keys, file) as ring:
        subjects = [f"p-{number:04}" for number in range(1200)]
        sealed = {}
        for subject in subjects[:30]:
            key = await ring.key(subject, create=True)
            assert key is not None
            sealed[subject] = key.seal(subject.encode(), "x")
        old, before = file.read_text(), (await ring.state()).master

        rotated = await ring.rotate()

        assert rotated.wrapped == 30
        assert rotated.master != before
        assert old.strip() not in file.read_text()
        async with open_keyring(keys, file) as later:
            for subject, text in sealed.items():
                key = await later.numbered(subject, 1)
                assert key is not None
                assert key.open(text, "x") == subject.encode()
            assert await later.key("p-9999", create=True)
        # Whoever was running meanwhile goes on, too.
        assert await ring.key("p-9998", create=True)
        file.write_text(old)
        async with open_keyring(keys, file) as thief:
            with pytest.raises(MasterKeyError, match="which is not in"):
                await thief.key(subjects[0])


async def test_a_rotation_that_was_interrupted_is_finished_by_the_next(keys: str, file: Path) -> None:
    async with open_keyring(keys, file) as ring:
        await ring.key("p-0001", create=True)
        ready = ring.prepare()
        store = await open_key_store(keys)
        await store.install(ready)  # And there it died.

        rotated = await ring.rotate()

        assert (rotated.master, rotated.wrapped) == (ready, 1)
        assert list(MasterFile(file).keys()) == [ready]
        await store.close()


async def test_a_master_key_made_ready_beforehand_is_the_one_that_comes_into_force(
    keys: str, file: Path
) -> None:
    async with open_keyring(keys, file) as ring:
        ready = ring.prepare()
        await ring.key("p-0001", create=True)

        rotated = await ring.rotate()

        assert rotated.master == ready


def test_master_keys_that_are_made_at_the_same_time_are_all_kept(file: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        made = {each.id for each in several.map(lambda _: MasterFile(file).add(), range(16))}

    assert MasterFile(file).keys().keys() == made


async def test_a_key_moved_to_another_subject_in_the_key_store_is_not_taken_for_theirs(
    keys: str, file: Path
) -> None:
    async with open_keyring(keys, file) as ring:
        await ring.key("p-0001", create=True)
        connection = await asyncpg.connect(keys)
        await connection.execute("update termwise.data_key set subject = 'p-0002'")
        await connection.close()

        with pytest.raises(MasterKeyError, match="was altered"):
            await ring.key("p-0002")


async def test_many_keys_are_made_at_once(keys: str, file: Path) -> None:
    async with open_keyring(keys, file) as one, open_keyring(keys, file) as other:
        subjects = [f"p-{number:04}" for number in range(1, 300)]

        await asyncio.gather(
            one.look_up(subjects, create=True), other.look_up(reversed(subjects), create=True)
        )

        for subject in subjects[::50]:
            first, second = await one.key(subject), await other.key(subject)
            assert first
            assert second
            assert second.open(first.seal(b"x", "here"), "here") == b"x"
        assert (await one.state()).keys == len(subjects)


async def test_no_more_subjects_are_known_at_once_than_fit(keys: str, file: Path) -> None:
    async with open_keyring(keys, file):
        ring = Keyring(await open_key_store(keys), MasterFile(file), most=2)
        for subject in ("p-0001", "p-0002", "p-0003"):
            await ring.key(subject, create=True)

        assert len(ring._known) == 2
        assert await ring.key("p-0001")
        await ring.close()


async def test_what_is_missing_is_said_in_one_sentence(keys: str, file: Path) -> None:
    nowhere = Keyring(
        await open_key_store("postgresql://nobody@127.0.0.1:1/keys?sslmode=disable"), MasterFile(file)
    )
    async with open_keyring(keys, file) as ring:
        with pytest.raises(
            KeyStoreUnavailableError, match=r"the key store is not available .* TERMWISE_KEYS"
        ):
            await nowhere.key("p-0001")
        file.chmod(0o644)
        with pytest.raises(MasterKeyError, match="chmod 600"):
            await ring.key("p-0001", create=True)
        file.chmod(0o600)
        file.write_text("no key\n")
        with pytest.raises(MasterKeyError, match="no master key"):
            await ring.key("p-0001", create=True)
        file.unlink()
        with pytest.raises(MasterKeyError, match="rotate-key"):
            await ring.key("p-0001", create=True)
    await nowhere.close()
