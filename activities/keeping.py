"""Erasing and disposing: what the register alone cannot know is looked up before, and done once it is recorded."""

from collections.abc import Iterable, Sequence

from activities.ports import Keeping
from engine.errors import RefusedError
from engine.events import Event
from engine.register.holds import HeldError
from engine.register.order import RegisterOrder
from engine.register.record_facts import Disposed, PersonErased, RecordsDisposed
from engine.register.records import DisposeRecords, ErasePerson
from engine.register.register import Register

_TOLD = 3


async def refuse_unready(keeping: Keeping, order: RegisterOrder, register: Register) -> None:
    """Raises RefusedError where something open, or held, stands in the way of what the order wants gone."""
    match order:
        case ErasePerson():
            if order.person not in register.erased:
                _refuse_open(order.person, await keeping.open_about(order.person))
        case DisposeRecords():
            await _refuse_other(keeping, order.records, register)
        case _:
            pass


async def carry_on(keeping: Keeping, order: RegisterOrder, events: Iterable[Event]) -> None:
    """Forget what the register says is gone, as far as it is about the order. Safe to repeat, and so it is repeated."""
    for event in events:
        match event, order:
            case PersonErased(), ErasePerson() if event.person == order.person:
                await keeping.forget(event)
            case RecordsDisposed(), DisposeRecords() if event.disposed in order.records:
                await keeping.dispose(event)
            case _:
                pass


def _refuse_open(person: str, found: Sequence[str]) -> None:
    if found:
        more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
        raise RefusedError(
            f"{person} cannot be erased yet: {'; '.join(found[:_TOLD])}{more}. Finish it, or cancel it, first"
        )


async def _refuse_other(keeping: Keeping, records: Sequence[Disposed], register: Register) -> None:
    """The order says what its sender has seen; the database says what is so."""
    wanted = [each for each in records if each.cycle not in register.disposed]
    cycles = [each.cycle for each in wanted]
    so = {each.cycle: each.disposed for each in await keeping.closed(cycles)}
    for each in wanted:
        if so.get(each.cycle) != each:
            raise RefusedError(
                f"{each.cycle} is not closed, or not as it was seen; look at `termwise records retain`"
            )
    people = {hold.person: hold.id for hold in register.holds.values() if hold.person}
    if held := sorted(await keeping.touched(cycles, list(people))):
        raise HeldError(
            f"somebody whose records are held took part in {', '.join(held[:_TOLD])}; leave it out"
        )
