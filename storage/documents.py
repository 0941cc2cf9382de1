"""Texts that instances are pinned to, named by their content."""

from hashlib import sha256

from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.errors import UnknownRecordError

PUT = "insert into termwise.document (digest, kind, body) values ($1, $2, $3) on conflict do nothing"
BEGINNING = """
select digest, body from termwise.document where kind = $1 and digest ^@ $2 order by digest limit 200
"""
GET = "select body from termwise.document where digest = $1"


class PostgresDocuments:
    """Definitions, calendars and directories as they were, for as long as anybody refers to them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, kind: str, body: str) -> str:
        """Keep the text and return its name, the sha256 of its UTF-8 bytes. Safe to repeat."""
        digest = sha256(body.encode()).hexdigest()
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                await connection.execute(PUT, digest, kind, body)
        return digest

    async def get(self, digest: str) -> str:
        """The text of that name. Raises UnknownRecordError when it was never put here."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                body = await connection.fetchval(GET, digest)
        if body is None:
            raise UnknownRecordError(f"no document {digest!r} is stored; was it put into another database?")
        return str(body)

    async def beginning(self, kind: str, start: str) -> list[tuple[str, str]]:
        """Every document of that kind whose name begins so, with its text; at most 200."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(BEGINNING, kind, start)
        return [(row["digest"], row["body"]) for row in rows]
