"""Real servers for the tests that need them: one PostgreSQL and one Temporal a run.

They start when first asked for, are shared by the processes of pytest-xdist, and gone with the run,
even with one that was killed.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bench.databases import beside, create_database, own_database
from storage.database import Pool, connect
from storage.events import PostgresEventStore
from storage.migrations import migrate
from storage.privacy.key_store import migrate_keys
from tests.keys import open_keyring
from tests.post_office import PostOffice
from workers.embedded import servers
from workers.embedded.daemon import locked

HOME = pytest.StashKey[Path]()
NOT_NEEDED = "not needed"
IS_THERE = "select true from pg_database where datname = $1"


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    if given is None:
        home = Path(tempfile.mkdtemp(prefix="termwise-test-"))
        home.chmod(0o755)  # PostgreSQL, started by root, runs as another account and must get in.
        servers.own(home)
    else:
        home = Path(given["home"])
    config.stash[HOME] = home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401  # pytest-xdist has no type for it.
    node.workerinput["home"] = str(node.config.stash[HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and HOME in config.stash:
        servers.remove(config.stash[HOME])


@pytest.fixture(scope="session")
def home(pytestconfig: pytest.Config) -> Path:
    """The home of this run's servers."""
    return pytestconfig.stash[HOME]


@pytest.fixture(scope="session")
def postgres_dsn(home: Path) -> str:
    """The address of this run's PostgreSQL, its superuser's. Take `database` to write to it."""
    return servers.start(home, owned=True, temporal_address=NOT_NEEDED).dsn


@pytest.fixture(scope="session")
def temporal_address(home: Path) -> str:
    """`host:port` of this run's Temporal. Its namespace is `default`; take a task queue of your own."""
    return servers.start(home, owned=True, dsn=NOT_NEEDED).temporal_address


@pytest.fixture(scope="session")
async def migrated(home: Path, postgres_dsn: str) -> str:
    """The name of a database with our structure and nothing in it, to be copied."""
    with locked(home / "migrated.lock"):
        connection = await asyncpg.connect(postgres_dsn)
        if not await connection.fetchval(IS_THERE, "migrated"):
            await migrate(await create_database(postgres_dsn, "migrating"))
            await connection.execute("alter database migrating rename to migrated")
        await connection.close()
    return "migrated"


@pytest.fixture(scope="session")
async def key_store(home: Path, postgres_dsn: str) -> tuple[str, Path]:
    """The address of a key store, and the file of its master key, for all tests that shred nothing."""
    name, file = "shared_keys", home / "keys" / "master.key"
    dsn = beside(postgres_dsn, name)
    with locked(home / "migrated.lock"):
        connection = await asyncpg.connect(postgres_dsn)
        if not await connection.fetchval(IS_THERE, name):
            await create_database(postgres_dsn, name)
        await connection.close()
        await migrate_keys(dsn)
        async with open_keyring(dsn, file):
            pass
    return dsn, file


@pytest.fixture
async def database(postgres_dsn: str, migrated: str) -> AsyncIterator[str]:
    """The address of a fresh, migrated database, gone after the test."""
    async with own_database(postgres_dsn, template=migrated) as dsn:
        yield dsn


@pytest.fixture
async def second_database(postgres_dsn: str, migrated: str) -> AsyncIterator[str]:
    """Another of the same kind, for a test that takes something from one to the other."""
    async with own_database(postgres_dsn, template=migrated) as dsn:
        yield dsn


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A pool over a fresh database."""
    pool = await connect(database)
    yield pool
    await pool.close()


@pytest.fixture
async def store(pool: Pool) -> AsyncIterator[PostgresEventStore]:
    """A store over a fresh database."""
    store = PostgresEventStore(pool)
    yield store
    await store.settled()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that is open."""
    office = PostOffice()
    office.open()
    yield office
    office.close()
