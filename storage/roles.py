"""Who may do what in the database: three roles, none of which may change what has happened."""

from pathlib import Path

import asyncpg

from engine.errors import TermwiseError
from storage.database import CONNECT_TIMEOUT, Connection, translated

_UPKEEP = Path(__file__).with_name("upkeep")

THERE = """
select count(*) = 3 and to_regclass('termwise.event') is not null from pg_roles
 where rolname in ('termwise_reader', 'termwise_writer', 'termwise_projector')
"""


class NoRolesError(TermwiseError):
    """Whoever asked may not make roles here."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(
            f"the roles cannot be made ({cause}); use the address of an account that owns the schema and may create "
            "roles, or have an administrator run what --dry-run prints"
        )


def role_statements() -> str:
    """What `make_roles` does, to be read, or run by somebody who may."""
    return _file("roles") + _file("grants")


async def make_roles(dsn: str) -> None:
    """Make the roles and give each what it needs, and nothing else. Safe to repeat. Raises NoRolesError."""
    with translated():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            await connection.execute(role_statements())
        except asyncpg.InsufficientPrivilegeError as error:
            raise NoRolesError(error) from error
        finally:
            await connection.close()


def _file(name: str) -> str:
    return (_UPKEEP / f"{name}.sql").read_text("utf-8")


async def grant_again(connection: Connection) -> None:
    """After a change of the structure: what is new is given to those who need it, where the roles are used.

    Roles are of a whole server: that they are there does not mean that this is a database of records.
    """
    if await connection.fetchval(THERE):
        async with connection.transaction():
            await connection.execute(_file("grants"))
