"""A log, documents and drafts that are closed with keys of their own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import Pool
from storage.documents import PostgresDocuments
from storage.events import PostgresEventStore
from storage.privacy.keyring import Keyring
from storage.privacy.openness import PostgresOpenness
from storage.privacy.sealing import PersonalSealing
from tests.keys import key_database, open_keyring


@dataclass
class Closed:
    """A log whose personal parts are closed."""

    pool: Pool
    keyring: Keyring
    sealing: PersonalSealing
    store: PostgresEventStore
    documents: PostgresDocuments

    async def stored(self) -> str:
        """All that the log and the documents hold, as text."""
        rows = await self.pool.fetch(
            "select to_jsonb(e)::text from termwise.event e union all select to_jsonb(d)::text from termwise.document d"
            " union all select to_jsonb(t)::text from termwise.draft t"
        )
        return "\n".join(row[0] for row in rows)


@pytest.fixture
async def closed(pool: Pool, postgres_dsn: str, tmp_path: Path) -> AsyncIterator[Closed]:
    async with key_database(postgres_dsn) as dsn, open_keyring(dsn, tmp_path / "master.key") as keyring:
        sealing = PersonalSealing(keyring, PostgresOpenness(pool))
        store = PostgresEventStore(pool, sealing)
        yield Closed(pool, keyring, sealing, store, PostgresDocuments(pool, keyring))
        await store.settled()
