"""None of the roles may change what has happened, and each may do its work."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from secrets import token_hex

import asyncpg
import pytest

from storage.database import Pool, connect
from storage.errors import MigrationError
from storage.events import PostgresEventStore
from storage.evidence.sealer import seal
from storage.migrations import FOLDER, migrate
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from storage.queries import Queries
from storage.roles import make_roles
from storage.verify import verify
from tests.keys import key_database
from tests.storage.facts import append, claimed, completed, opened, started
from workers.enrolling import enrol_directly
from workers.keys import new_key

Login = Callable[[str], Awaitable[str]]

ON_THE_LOG = [
    "update termwise.event set actor = 'p-9'",
    "delete from termwise.event",
    "truncate termwise.event",
    "update termwise.document set body = ''",
    "delete from termwise.document",
    "update termwise.refusal set code = ''",
    "delete from termwise.stream",
    "truncate termwise.stream",
    "delete from termwise.head",
    "update termwise.block set root = root",
    "delete from termwise.block",
    "drop table termwise.event",
    "alter table termwise.event disable trigger all",
]


@pytest.fixture
async def login(database: str) -> AsyncIterator[Login]:
    """Makes an account that is a member of a role, and gives its address."""
    await make_roles(database)
    owner = await asyncpg.connect(database)
    made: list[str] = []

    async def login(role: str) -> str:
        name, password = f"{role}_{token_hex(4)}", token_hex(8)
        # A name and a password cannot be parameters; both are of our own making.
        await owner.execute(f"create role {name} login password '{password}' in role termwise_{role}")
        made.append(name)
        return "postgresql://" + f"{name}:{password}@{database.partition('@')[2]}"

    yield login
    for name in made:
        await owner.execute(f"drop owned by {name}; drop role {name}")
    await owner.close()


@pytest.mark.parametrize("role", ["writer", "projector", "reader"])
async def test_no_role_may_change_what_has_happened(login: Login, pool: Pool, role: str) -> None:
    await PostgresEventStore(pool).append(append("m:1", 0, started("m:1")))
    connection = await asyncpg.connect(await login(role))

    for statement in ON_THE_LOG:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

    await connection.close()
    assert (await verify(pool)).problems == ()


async def test_a_reader_reads_and_writes_nothing(login: Login, store: PostgresEventStore) -> None:
    await store.append(append("m:1", 0, started("m:1"), opened("t1")))
    pool = await connect(await login("reader"))
    reader = PostgresEventStore(pool)

    assert len(await reader.read("m:1")) == 2
    assert await Queries(pool).lag() is not None
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.append(append("m:1", 2, claimed("t1")))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("select * from termwise.draft")
    for function in ("drop_build('cycles')", "begin_build('cycles', 9, array['cycle'])"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(f"select termwise.{function}")
    tables = await pool.fetch("select relname from pg_class where relnamespace = 'termwise'::regnamespace "
                              "and relkind in ('r', 'p', 'v')")  # fmt: skip
    for (name,) in tables:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(f"delete from termwise.{name}")  # noqa: S608 - a name of our own
    await pool.close()


async def test_a_writer_and_a_projector_do_their_work(login: Login, pool: Pool) -> None:
    writing, projecting = await connect(await login("writer")), await connect(await login("projector"))
    writer = PostgresEventStore(writing)

    await writer.append(append("m:1", 0, started("m:1"), opened("t1")))
    await writer.append(append("m:1", 2, claimed("t1"), completed("t1")))
    projector = Projector(projecting)
    await projector.catch_up()
    for each in (*INLINE, *FOLLOWING):
        await projector.rebuild(each.name)
    key = new_key()
    await enrol_directly(writer, key.text, use="server", reason="The first key")
    block = await seal(projecting, key, age=timedelta())

    assert block is not None
    assert block.last == 5
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await PostgresEventStore(projecting).append(append("m:2", 0, started("m:2")))
    assert (await verify(pool)).problems == ()
    await writer.settled()
    await writing.close()
    await projecting.close()


async def test_who_may_not_change_the_structure_starts_where_nothing_is_missing(
    login: Login, database: str, tmp_path: object
) -> None:
    dsn = await login("writer")

    assert await migrate(dsn) == []

    owner = await asyncpg.connect(database)
    await owner.execute(
        "delete from termwise.migration where name = $1", max(f.stem for f in FOLDER.glob("*.sql"))
    )
    await owner.close()
    with pytest.raises(MigrationError, match="termwise database migrate"):
        await migrate(dsn)


async def test_no_role_is_let_into_a_key_store_beside_the_records(
    login: Login, database: str, postgres_dsn: str
) -> None:
    async with key_database(postgres_dsn) as keys:
        account = (await login("writer")).partition("@")[0]
        connection = await asyncpg.connect(f"{account}@{keys.partition('@')[2]}")

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("select from termwise.data_key")

        await connection.close()


async def test_a_table_that_a_migration_adds_is_given_to_whoever_keeps_projections(
    login: Login, database: str, tmp_path: object
) -> None:
    owner = await asyncpg.connect(database)
    await owner.execute("create table termwise.later (one integer)")
    await make_roles(database)

    connection = await asyncpg.connect(await login("projector"))

    assert await connection.execute("insert into termwise.later values (1)") == "INSERT 0 1"
    await connection.close()
    await owner.close()
