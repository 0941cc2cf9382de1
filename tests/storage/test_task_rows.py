"""Rows of the inbox are texts that PostgreSQL takes apart: whatever people wrote comes out as it went in."""

import pytest

from storage.database import Pool
from storage.events import PostgresEventStore
from storage.verify import verify
from tests.storage.facts import DUE, append, asked, claimed, completed, opened, started

HOSTILE = [
    'said "so"',
    "C:\\new\\",
    "a, (b), {c}",
    "{}",
    "NULL",
    "null",
    "",
    " ",
    "two\nlines\tand a tab\r",
    "'; drop table termwise.inbox; --",
    '\\"',
    '""',
    "Zoë 😀 \u2028",
    "it's $1",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_people_wrote_is_stored_as_it_is(pool: Pool, store: PostgresEventStore, text: str) -> None:
    task = opened(
        "t1",
        title=text,
        stage=text,
        school=text,
        role=text,
        candidates=(text, "p-2", text),
        shown={text: [text, 1]},
    )
    await store.append(append("m:1", 0, started("m:1"), task, claimed("t1", text)))
    await store.append(append("m:1", 3, asked("t1").model_copy(update={"reason": text, "by": text})))
    await store.append(append("m:1", 4, completed("t1", outcome=text)))

    row = await pool.fetchrow("select *, shown -> $1 -> 0 #>> '{}' as said from termwise.inbox", text)

    assert row
    assert [row[name] for name in ("title", "stage", "school", "role", "outcome")] == [text] * 5
    assert (row["assignee"], row["said"], row["candidates"]) == (text, text, [text, "p-2", text])
    assert (row["status"], row["revision"], row["due_at"], row["request"]) == ("completed", 4, DUE.at, None)
    assert (await verify(pool)).problems == ()
