"""Texts that instances are pinned to, named by their content."""

from hashlib import sha256

from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import UnknownRecordError
from storage.privacy.directories import SealedDirectories
from storage.privacy.errors import NoKeysError
from storage.privacy.keyring import Keyring

PUT = (
    "insert into termwise.document (digest, kind, body, proof) values ($1, $2, $3, $4) on conflict do nothing"
)
THERE = "select exists(select from termwise.document where digest = $1)"
BEGINNING = """
select digest, body from termwise.document where kind = $1 and digest ^@ $2 order by digest limit 200
"""
GET = "select body, proof from termwise.document where digest = $1"


class PostgresDocuments:
    """Definitions, calendars and directories as they were, for as long as anybody refers to them."""

    def __init__(self, pool: Pool, keyring: Keyring | None = None) -> None:
        self._pool = pool
        self._directories = SealedDirectories(keyring) if keyring else None

    async def put(self, kind: str, body: str) -> str:
        """Keep the text and return its name, the sha256 of its UTF-8 bytes. Safe to repeat.

        What is personal in a directory is closed in what is stored, where there are keys.
        """
        digest = sha256(body.encode()).hexdigest()
        stored, proof = body, None
        if kind == "directory" and self._directories:
            if await self._is_there(digest):
                return digest
            stored, proof = await self._directories.closed(body)
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(PUT, digest, kind, stored, proof)
        return digest

    async def get(self, digest: str) -> str:
        """The text of that name. Raises UnknownRecordError when it was never put here.

        A directory in which people were erased says so, and whom.
        """
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                row = await connection.fetchrow(GET, digest)
        if row is None:
            raise UnknownRecordError(f"no document {digest!r} is stored; was it put into another database?")
        if row["proof"] is None:
            return str(row["body"])
        if self._directories is None:
            raise NoKeysError
        return await self._directories.opened(digest, row["body"], row["proof"])

    async def _is_there(self, digest: str) -> bool:
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return bool(await connection.fetchval(THERE, digest))

    async def beginning(self, kind: str, start: str) -> list[tuple[str, str]]:
        """Every document of that kind whose name begins so, with its text; at most 200."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(BEGINNING, kind, start)
        return [(row["digest"], row["body"]) for row in rows]
