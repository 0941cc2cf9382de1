"""Structure, roles, backup and restore, as docs/operations.md walks through them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from bench.databases import own_database
from cli.exit_codes import ExitCode
from storage.database import connect
from storage.events import PostgresEventStore
from storage.projector import Projector
from storage.queries import Queries
from storage.roles import role_statements
from tests.cli.conftest import ROOT, Shell
from tests.keys import key_database, open_keyring
from tests.storage.facts import append, completed, opened, started
from workers.backups import address_of

LOG = "select position, stream, version, recorded_at, data::text, hash from termwise.event order by position"


def walk(chapter: str) -> list[list[str]]:
    """The commands that a chapter of docs/operations.md types, without what it says beside them."""
    page = (ROOT / "docs/operations.md").read_text()
    text = page.split(f"\n### {chapter}\n")[1].split("\n#")[0]
    typed = re.findall(r"^termwise (.+?)(?:\s+#.*)?$", text, re.MULTILINE)
    assert typed
    return [line.split() for line in typed]


@pytest.fixture
async def elsewhere(postgres_dsn: str) -> AsyncIterator[str]:
    async with own_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
async def lived(database: str) -> list[asyncpg.Record]:
    """Records in the database, with what the projector made of them; the log as it is."""
    pool = await connect(database)
    store = PostgresEventStore(pool)
    for n in range(5):
        await store.append(append(f"m:{n}", 0, started(f"m:{n}"), opened(f"t{n}"), completed(f"t{n}")))
    await Projector(pool).catch_up()
    rows = await pool.fetch(LOG)
    await store.settled()
    await pool.close()
    return rows


@pytest.fixture
async def keys(
    shell: Shell, postgres_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A key store in use, with a key of one person in it."""
    async with key_database(postgres_dsn) as dsn, open_keyring(dsn, tmp_path / "master") as keyring:
        monkeypatch.setenv("TERMWISE_KEYS", dsn)
        monkeypatch.setenv("TERMWISE_MASTER_KEY", str(tmp_path / "master"))
        assert await keyring.key("p-0004", create=True)
        yield dsn


async def kept_keys(dsn: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("select * from termwise.data_key")
    await connection.close()
    return list(rows)


async def test_the_walk_through_backup_and_restore(  # noqa: PLR0913, PLR0917 - both stores, twice, and pytest
    lived: list[asyncpg.Record],
    keys: str,
    elsewhere: str,
    postgres_dsn: str,
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in walk("Back up"):
        assert (await shell(*words)).code == ExitCode.OK
    monkeypatch.setenv("TERMWISE_DATABASE", elsewhere)

    async with own_database(postgres_dsn) as key_store:
        monkeypatch.setenv("TERMWISE_KEYS", key_store)
        results = [await shell(*words) for words in walk("Restore")]
        assert await kept_keys(key_store) == await kept_keys(keys)

    assert [result.code for result in results] == [ExitCode.OK] * 3, results
    assert "All is sound" in results[2].out
    pool = await connect(elsewhere)
    assert await pool.fetch(LOG) == lived
    assert len(await Queries(pool).lag()) > 3
    # The log goes on where it was, and what must not be changed still cannot be.
    store = PostgresEventStore(pool)
    assert (await store.append(append("m:9", 0, started("m:9")))).status == "appended"
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("delete from termwise.event")
    await store.settled()
    await pool.close()


def test_a_password_is_given_as_it_is_and_never_as_an_argument() -> None:
    assert address_of("postgresql://keeper:p%40ss%2Fword@host:5432/termwise?sslmode=require") == (
        "postgresql://keeper@host:5432/termwise?sslmode=require",
        {"PGPASSWORD": "p@ss/word"},
    )
    for bare in ("postgresql://", "postgresql:///termwise?host=/run/postgresql"):
        assert address_of(bare) == (bare, {})


async def test_what_the_address_leaves_out_is_in_the_variables_of_postgresql(
    lived: list[asyncpg.Record], database: str, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = urlsplit(database)
    monkeypatch.delenv("TERMWISE_DATABASE")
    for name, value in (
        ("HOST", where.hostname),
        ("PORT", where.port),
        ("USER", where.username),
        ("PASSWORD", where.password),
        ("DATABASE", where.path.removeprefix("/")),
    ):
        monkeypatch.setenv(f"PG{name}", str(value))

    made = await shell("database", "backup", str(tmp_path / "records.dump"))

    assert lived
    assert made.code == ExitCode.OK, made.err


async def test_nothing_is_written_over(
    lived: list[asyncpg.Record], shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "records.dump"
    made = await shell("database", "backup", str(file), "--json")

    twice = await shell("database", "backup", str(file))
    full = await shell("database", "restore", str(file))
    none = await shell("database", "restore", str(tmp_path / "none"))
    mixed = await shell("database", "restore", str(file), "--keys")
    monkeypatch.setenv("TERMWISE_DATABASE", "postgresql://somebody:secret@127.0.0.1:1/termwise")
    away = await shell("database", "backup", str(tmp_path / "other"))

    assert made.json["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert "is there already" in twice.err
    assert "holds 15 events already" in full.err
    assert "is not there" in none.err
    assert "of the other kind" in mixed.err
    assert "pg_dump failed" in away.err
    assert "secret" not in away.err
    assert [file.name for file in tmp_path.glob("*.dump*")] == ["records.dump"]


async def test_the_structure_and_the_roles(
    elsewhere: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMWISE_DATABASE", elsewhere)

    would = await shell("database", "migrate", "--dry-run", "--json")
    done = await shell("database", "migrate", "--json")
    again = await shell("database", "migrate")
    sql = await shell("database", "roles", "--dry-run")
    assert sql.out == role_statements() + "\n"  # Folded into 80 columns it would be no SQL any more.
    made = await shell("database", "roles")

    assert would.json["would_apply"] == done.json["applied"]
    assert "0001_log" in done.json["applied"]
    assert "Nothing is missing" in again.out
    assert "termwise_reader" in sql.out
    assert made.code == ExitCode.OK
