"""Half-filled answers, kept until somebody goes on with them. They are no facts: the log knows nothing of them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from engine.errors import RefusedError
from engine.model import Model
from storage.database import CONNECT_TIMEOUT, Pool, translated
from storage.privacy.errors import NoKeysError
from storage.privacy.fields import Json, Slot, closed_in
from storage.privacy.keyring import Keyring
from storage.privacy.sealing import empty, fill
from storage.views import JsonColumn

#: Under which all answers are closed as one: no question has this name.
_ALL = "~answers"

# The row of the task is held until the commit: whoever closes the task meanwhile waits, and then finds the draft.
SAVE = """
insert into termwise.draft (task, person, answers)
select t.task, $2, $3 from termwise.inbox t where t.task = $1 and t.status in ('open', 'deferred') for share
    on conflict (task, person) do update set answers = excluded.answers, saved_at = clock_timestamp()
"""
READ = "select task, person, answers, saved_at from termwise.draft where task = $1 and person = $2"
READ_ALL = (
    "select task, person, answers, saved_at from termwise.draft where person = $1 order by saved_at, task"
)
CLEAR = "delete from termwise.draft where task = $1 and person = $2"


class Draft(Model):
    """What one person has written so far for one task."""

    task: str
    person: str
    answers: JsonColumn
    saved_at: datetime


class PostgresDrafts:
    """One draft for each task and person; it is gone when the task is closed, whoever closes it."""

    def __init__(self, pool: Pool, keyring: Keyring | None = None) -> None:
        self._pool = pool
        self._keyring = keyring

    async def save(self, task: str, person: str, answers: Mapping[str, JsonValue]) -> None:
        """Keep these answers instead of what was kept before. Safe to repeat. Raises RefusedError for a closed task."""
        body = json.dumps(await self._closed(task, person, dict(answers)), ensure_ascii=False)
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                done = await connection.execute(SAVE, task, person, body)
        if done.endswith(" 0"):
            raise RefusedError("the task is closed, so no draft of it is kept")

    async def read(self, task: str, person: str) -> Draft | None:
        """The draft of this person, if there is one."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                row = await connection.fetchrow(READ, task, person)
        return await self._opened(Draft(**row)) if row else None

    async def of(self, person: str) -> list[Draft]:
        """All that this person has begun, oldest first."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                rows = await connection.fetch(READ_ALL, person)
        return [draft for row in rows if (draft := await self._opened(Draft(**row)))]

    async def clear(self, task: str, person: str) -> bool:
        """Throw it away; whether there was one."""
        with translated():
            async with self._pool.acquire(timeout=CONNECT_TIMEOUT) as connection:
                return not (await connection.execute(CLEAR, task, person)).endswith(" 0")

    async def _closed(self, task: str, person: str, answers: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if self._keyring is None:
            return answers
        kept: dict[str, Json] = {_ALL: answers}
        await fill(self._keyring, [Slot(kept, _ALL, _ALL, person)], _bound(task, person))
        return kept

    async def _opened(self, draft: Draft) -> Draft | None:
        kept: dict[str, Json] = {**draft.answers}
        if not (slots := list(closed_in(kept))):
            return draft
        if self._keyring is None:
            raise NoKeysError
        slots = [replace(slot, path=_ALL) for slot in slots]
        if await empty(self._keyring, slots, _bound(draft.task, draft.person)):
            return None  # Whose it was is erased.
        return draft.model_copy(update={"answers": kept[_ALL]})


def _bound(task: str, person: str) -> str:
    return f"draft\x00{task}\x00{person}"
