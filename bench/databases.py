"""Databases made on a running server, for as long as they are needed: by a benchmark or by a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

#: A name cannot be a parameter of these statements: PostgreSQL writes them itself, with the names quoted.
CREATE = "select format('create database %I template %I', $1::text, $2::text)"
DROP = "select format('drop database %I with (force)', $1::text)"
EMPTY = "template1"
"""What PostgreSQL itself copies when it is not told what."""


def beside(server: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def create_database(server: str, name: str) -> str:
    """An empty database beside the one at this address; its own address."""
    async with _connected(server) as connection:
        await _run(connection, CREATE, name, EMPTY)
    return beside(server, name)


@asynccontextmanager
async def own_database(server: str, *, template: str = EMPTY) -> AsyncIterator[str]:
    """A copy of the template that nobody else has, gone after the block, whoever is still connected; its address."""
    name = f"own_{uuid4().hex}"
    async with _connected(server) as connection:
        await _run(connection, CREATE, name, template)
        try:
            yield beside(server, name)
        finally:
            await _run(connection, DROP, name)


@asynccontextmanager
async def _connected(server: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server)
    try:
        yield connection
    finally:
        await connection.close()


async def _run(connection: asyncpg.Connection, statement: str, *names: str) -> None:
    await connection.execute(await connection.fetchval(statement, *names))
