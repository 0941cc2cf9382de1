"""Texts named by their content."""

from hashlib import sha256

import asyncpg
import pytest

from storage.database import Pool
from storage.documents import PostgresDocuments
from storage.errors import UnknownRecordError


async def test_a_document_is_kept_under_its_digest(pool: Pool) -> None:
    documents = PostgresDocuments(pool)

    digests = [await documents.put("definition", "key: möderation") for _ in range(2)]

    assert digests == [sha256("key: möderation".encode()).hexdigest()] * 2
    assert await documents.get(digests[0]) == "key: möderation"


async def test_an_unknown_digest_is_said_to_be_so(pool: Pool) -> None:
    with pytest.raises(UnknownRecordError, match="another database"):
        await PostgresDocuments(pool).get("00")


async def test_a_document_cannot_be_changed(pool: Pool) -> None:
    await PostgresDocuments(pool).put("definition", "key: moderation")

    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("update termwise.document set kind = 'calendar'")
