"""The database's structure."""

import asyncio
from pathlib import Path
from shutil import copytree

import asyncpg
import pytest

from bench.databases import beside
from storage.errors import MigrationError, StoreRefusedError, StoreUnavailableError
from storage.migrations import FOLDER, migrate

FILES = sorted(file.stem for file in FOLDER.glob("*.sql"))


@pytest.fixture
async def empty(database: str, postgres_dsn: str) -> str:
    connection = await asyncpg.connect(database)
    await connection.execute("drop schema termwise cascade")
    await connection.close()
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(FOLDER, tmp_path / "migrations"))


async def test_of_five_concurrent_starters_one_applies_each_file(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(5)))

    assert sorted(applied) == [[], [], [], [], FILES]


async def test_an_edited_file_is_refused(database: str, folder: Path) -> None:
    edited = folder / f"{FILES[1]}.sql"
    edited.write_text(edited.read_text() + "\n-- an afterthought")

    with pytest.raises(MigrationError, match=f"{FILES[1]}.*was edited"):
        await migrate(database, folder)


async def test_a_database_ahead_of_the_code_is_refused(database: str, folder: Path) -> None:
    (folder / f"{FILES[-1]}.sql").unlink()

    with pytest.raises(MigrationError, match="ahead of this termwise"):
        await migrate(database, folder)


async def test_a_file_put_before_applied_ones_is_refused(database: str, folder: Path) -> None:
    (folder / "0001_before.sql").write_text("select 1")

    with pytest.raises(MigrationError, match="renumber"):
        await migrate(database, folder)


async def test_a_file_that_fails_leaves_nothing_of_itself(database: str, folder: Path) -> None:
    (folder / "9998_good.sql").write_text("create table termwise.good (one integer)")
    (folder / "9999_bad.sql").write_text("create table termwise.bad (one integer); select * from nowhere")

    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(database, folder)

    connection = await asyncpg.connect(database)
    assert await connection.fetchval("select to_regclass('termwise.good') is not null")
    assert await connection.fetchval("select to_regclass('termwise.bad') is null")
    await connection.close()


async def test_a_server_that_is_away_is_said_to_be_so(postgres_dsn: str) -> None:
    with pytest.raises(StoreUnavailableError):
        await migrate("postgresql://trust@127.0.0.1:1/none")
    with pytest.raises(StoreRefusedError, match="check its address"):
        await migrate(beside(postgres_dsn, "no_such"))
