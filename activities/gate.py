"""Who may begin an instance: proved before the first event of it is recorded."""

from typing import Protocol

from activities.ports import Keys, Parentage
from engine.commands import StartProcess
from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.records import Append, Begins
from engine.signing import verify


class Gate(Protocol):
    """What an append passes before it is recorded."""

    async def admit(self, stream: str, append: Append) -> None:
        """Raises RefusedError for what may not be recorded. Safe to repeat. `stream`: whose workflow asks for it."""
        ...


class KeyedGate:
    """Records for an instance only what its own workflow says, and begins one only for whom it may be begun."""

    def __init__(self, keys: Keys, parentage: Parentage) -> None:
        self._keys = keys
        self._parentage = parentage

    async def admit(self, stream: str, append: Append) -> None:
        """Raises NotAllowedError for what may not be recorded. Safe to repeat."""
        if append.stream != stream:
            raise NotAllowedError(f"the workflow {stream} may not record for {append.stream}")
        if append.expected:
            return
        if append.begins is None or append.begins.order.instance != stream:
            raise NotAllowedError(f"nobody has ordered {append.stream} to begin")
        await (self._by_a_worker if append.begins.order.by == TERMWISE else self._by_a_person)(append.begins)

    async def _by_a_person(self, begins: Begins) -> None:
        order, signature = begins.order, begins.signature
        if (order.parent, order.part, order.run_at, order.root) != (None, None, None, order.instance):
            raise NotAllowedError(f"{order.instance} is part of another cycle; only that cycle may begin it")
        key = await self._keys.key(signature.key) if signature else None
        # Fresh when it was asked for: a start may wait for a worker, as a letter may wait for a reader.
        asked = begins.asked_at
        verify(order, signature, key, trust=begins.trust, instance=order.instance, now=asked)

    async def _by_a_worker(self, begins: Begins) -> None:
        order = begins.order
        key = await self._keys.key(begins.sealed) if begins.sealed else None
        sealed = key is not None and key.use != "person" and key.good_at(begins.asked_at)
        if not sealed or not await self._named(order):
            raise NotAllowedError(f"no cycle here has asked for {order.instance}")

    async def _named(self, order: StartProcess) -> bool:
        address = order.part or order.run_at
        return (
            order.parent is not None
            and address is not None
            and await self._parentage.asked_for(order.parent, order.instance, address)
        )
