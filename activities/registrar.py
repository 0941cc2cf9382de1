"""Keeping the register of the trust: an order becomes facts in its log, and a directory that instances decide with."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.keeping import carry_on, refuse_unready
from activities.ports import DocumentStore, EventStore, Keeping, RegisterRow
from activities.waking import Change
from engine import library
from engine.commands import Answer
from engine.errors import InvalidInputError, RefusedError, TermwiseError
from engine.events import Event
from engine.model import Model
from engine.records import Append, Recorded
from engine.register.deciding import decide, replay
from engine.register.fact import REGISTER
from engine.register.orders import RegisterCommand
from engine.register.records import DisposeRecords, ErasePerson
from engine.register.register import Register
from engine.register.standing import Standing
from engine.signing import Signature, verify

Prove = Callable[[Register, datetime], None]
"""Raises RefusedError for an order that may not be believed, by the register it meets."""

#: Somebody else may have written to the register's log in between; whoever loses decides anew.
_TRIES = 20


class CarryOut(Model):
    """An order, and the time it is carried out at."""

    order: RegisterCommand
    signature: Signature | None = None
    at: datetime


class Kept(Model):
    """What became of an order."""

    answer: Answer
    change: Change | None = None
    """None when the register says what it said before."""
    trust: str | None = None
    """The key of the trust, which signatures cover."""


class Registrar:
    """The activities around the register. All may be repeated: the log knows the ids of the orders."""

    def __init__(
        self,
        store: EventStore,
        documents: DocumentStore,
        row: RegisterRow,
        keeping: Keeping | None = None,
    ) -> None:
        self._store = store
        self._documents = documents
        self._row = row
        self._keeping = keeping

    @activity.defn(name="keep_register")
    async def carry_out(self, request: CarryOut) -> Kept:
        """Carry out an order whose signature may be believed, judged on the very log that it is added to.

        Safe to retry: an order that was recorded is answered as it was the first time.
        """
        order, signature = request.order, request.signature

        def prove(register: Register, at: datetime) -> None:
            key = register.keys.get(signature.key) if signature else None
            trust = register.trust.key if register.trust else ""
            verify(order, signature, key, trust=trust, instance=REGISTER, now=at)

        try:
            return await self._keep_all(order, request.at, prove)
        except RefusedError as error:
            raise ApplicationError(
                # An answer like any other: it is no warning in the log of the worker.
                str(error),
                type=error.code,
                non_retryable=True,
                category=ApplicationErrorCategory.BENIGN,
            ) from error
        except TermwiseError as error:
            raise ApplicationError(str(error), type=error.code) from error

    async def keep(self, order: RegisterCommand, at: datetime) -> Kept:
        """The same without a signature, for whoever has the database. Raises RefusedError when it is not allowed."""
        return await self._keep_all(order, at, _believe)

    async def _keep_all(self, order: RegisterCommand, at: datetime, prove: Prove) -> Kept:
        """With what is to be looked up before, and to be done after it is recorded."""
        if not isinstance(order, ErasePerson | DisposeRecords):
            return await self._keep(order, at, prove)
        if self._keeping is None:
            raise TermwiseError("this process cannot erase anything; a worker can (`termwise worker`)")
        self._keeping.require_keys()
        log = await self._store.read(REGISTER)
        await refuse_unready(self._keeping, order, replay(_events(log)))
        kept = await self._keep(order, at, prove)
        # Also when it was recorded before: whoever was cut off in the middle is mended by the next.
        await carry_on(self._keeping, order, _events(await self._store.read(REGISTER)))
        # With the keys gone the directory reads otherwise.
        await self.settle()
        return kept

    async def _keep(self, order: RegisterCommand, at: datetime, prove: Prove) -> Kept:
        await self._load(order)
        for _ in range(_TRIES):
            log = await self._store.read(REGISTER)
            before, after = _around(log, order.id)
            # Against the log it met: whoever has revoked their own key is told that it is revoked.
            prove(replay(_events(before)), _not_earlier(before, at))
            if after is None:
                register = replay(_events(log))
                if register.calendar:
                    await self._load_document("calendar", register.calendar)
                if not (facts := decide(register, order, _not_earlier(log, at))):
                    # An earlier try may have been cut off before it could say what it had recorded.
                    await self._stand(replay(_events(log)))
                    return Kept(answer=Answer(instance=REGISTER, version=len(log)))
                events = cast(
                    "tuple[Event, ...]", facts
                )  # Each is in that union, which the base class is not.
                await self._store.append(
                    Append(stream=REGISTER, expected=len(log), command=order.id, events=events)
                )
                continue  # Whatever became of it, the log says.
            return await self._kept(before, after)
        raise TermwiseError("the register is being changed by too many at once; it is tried again")

    async def settle(self) -> Standing | None:
        """Make the row say what the log says, for whoever finds it behind."""
        return await self._stand(replay(_events(await self._store.read(REGISTER))))

    async def _load(self, order: RegisterCommand) -> None:
        """The documents that an order names by digest."""
        kinds: tuple[library.Kind, ...] = ("calendar", "directory")
        for kind in kinds:
            digest = getattr(order, kind, None)
            if isinstance(digest, str):
                await self._load_document(kind, digest)

    async def _load_document(self, kind: library.Kind, digest: str) -> None:
        if library.known(digest):
            return
        try:
            library.put(kind, digest, await self._documents.get(digest))
        except ValidationError as error:
            raise InvalidInputError(f"the {kind}: {each['msg']}" for each in error.errors()) from error

    async def _kept(self, before: Sequence[Recorded], after: Sequence[Recorded]) -> Kept:
        was = await self._stand(replay(_events(before)))
        now = await self._stand(replay(_events(after)))
        answer = Answer(instance=REGISTER, version=len(after))
        moved = now is not None and (was is None or was.pins != now.pins)
        trust = replay(_events(after)).trust
        return Kept(
            answer=answer,
            change=Change(was=was, now=now) if moved else None,
            trust=trust.key if trust else None,
        )

    async def _stand(self, register: Register) -> Standing | None:
        """Where the register stands with this, and let the row say so; none while a part of it is missing."""
        if register.trust is None or register.calendar is None:
            return None
        directory = await self._documents.put("directory", library.text(register.directory))
        standing = Standing(version=register.version, calendar=register.calendar, directory=directory)
        await self._row.move(standing)
        return standing


def _believe(register: Register, at: datetime) -> None:
    """Whoever has the database need prove nothing to it."""


def _events(log: Sequence[Recorded]) -> list[Event]:
    return [each.event for each in log]


def _around(log: Sequence[Recorded], order: UUID) -> tuple[Sequence[Recorded], Sequence[Recorded] | None]:
    """The log before the order, and with it; no second part when it was not recorded yet."""
    places = [place for place, each in enumerate(log) if each.command == order]
    return (log[: places[0]], log[: places[-1] + 1]) if places else (log, None)


def _not_earlier(log: Sequence[Recorded], at: datetime) -> datetime:
    return max(at, log[-1].event.at) if log else at
