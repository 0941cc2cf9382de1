"""Enrolling a key without asking the register's workflow: for whoever has the database, and so could write anything.

It is recorded all the same, in the name of termwise, with the reason.
"""

from datetime import UTC, datetime
from typing import cast

import structlog

from activities.ports import EventStore
from engine.commands import command_id
from engine.events import Event
from engine.fact import TERMWISE
from engine.records import Append
from engine.register.deciding import decide, replay
from engine.register.fact import REGISTER
from engine.register.keys import EnrolKey
from engine.signing import Use
from workers.keys import LOCAL, KeyRing, PrivateKey, new_key, read_key, write_key

log = structlog.get_logger()

#: Others may write to the register meanwhile.
_TRIES = 20


async def enrol_directly(  # noqa: PLR0913 - what a key is enrolled with
    store: EventStore,
    public: str,
    *,
    use: Use,
    person: str | None = None,
    label: str = "",
    reason: str,
) -> None:
    """Enrol a public key. Raises RefusedError for one that was enrolled before."""
    order = EnrolKey(
        id=command_id(REGISTER, "enrol-directly", public),
        by=TERMWISE,
        public=public,
        use=use,
        person=person,
        label=label,
        reason=reason,
    )
    for _ in range(_TRIES):
        recorded = await store.read(REGISTER)
        facts = decide(replay(each.event for each in recorded), order, datetime.now(UTC))
        append = Append(
            stream=REGISTER, expected=len(recorded), command=order.id, events=cast("tuple[Event, ...]", facts)
        )
        if (await store.append(append)).status == "appended":
            return


async def ready_local_key(store: EventStore, keys: KeyRing) -> PrivateKey:
    """The one key of a machine that runs everything: made and enrolled where it is not yet. Safe to repeat."""
    file = keys.file(LOCAL)
    if not file.exists():
        write_key(new_key(), file)
    key = read_key(file)
    register = replay(each.event for each in await store.read(REGISTER))
    if key.id not in register.keys:
        why = "made by this machine for itself"
        await enrol_directly(store, key.text, use=LOCAL, label="this machine", reason=why)
        log.info("key.enrolled", key=key.id, use=LOCAL)
    return key
