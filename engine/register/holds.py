"""Legal holds in the register: who places and lifts them, and what they stand in the way of."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.errors import RefusedError, UnknownNameError
from engine.reasons import given_reason
from engine.register.authority import name_of, require_administrator
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.record_facts import Hold, HoldLifted, HoldPlaced
from engine.register.register import Register


class PlaceHold(RegisterOrder):
    """Let nothing of a person, or of a cycle, be erased or disposed of until the hold is lifted."""

    kind: Literal["place-hold"] = "place-hold"
    person: str | None = None
    cycle: str | None = None


class LiftHold(RegisterOrder):
    """The hold is over."""

    kind: Literal["lift-hold"] = "lift-hold"
    hold: str


class HeldError(RefusedError):
    """Something is held, and stays."""


def holds_on(register: Register, person: str | None, cycles: Collection[str] = ()) -> tuple[Hold, ...]:
    """The holds on the person, or on one of these cycles."""
    return tuple(
        hold
        for hold in register.holds.values()
        if (hold.person is not None and hold.person == person) or hold.cycle in cycles
    )


def refuse_held(register: Register, person: str | None, cycles: Collection[str], what: str) -> None:
    """Raises HeldError, naming the holds, where one stands in the way."""
    found = sorted(hold.id for hold in holds_on(register, person, cycles))
    if found:
        raise HeldError(
            f"{what} is held ({', '.join(found)}): nothing of it goes until the hold is lifted "
            f"(`termwise records release {found[0]}`)"
        )


@decided.register
def _place(order: PlaceHold, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "hold records")
    if (order.person is None) == (order.cycle is None):
        raise RefusedError("say what is held: a person, or a cycle")
    if order.person is not None and order.person not in register.people:
        raise UnknownNameError("person", order.person, register.people)
    if order.person in register.erased:
        raise RefusedError(f"what was personal of {order.person} is erased; there is nothing left to hold")
    reason = given_reason(order.reason, "hold records")
    hold = Hold(id=f"h-{register.version + 1}", person=order.person, cycle=order.cycle)
    yield HoldPlaced(at=at, by=order.by, reason=reason, hold=hold)


@decided.register
def _lift(order: LiftHold, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "lift a hold")
    if order.hold not in register.holds:
        raise UnknownNameError("hold", order.hold, register.holds)
    reason = given_reason(order.reason, "lift a hold")
    yield HoldLifted(at=at, by=order.by, reason=reason, hold=order.hold)


@folded.register
def _placed(fact: HoldPlaced, register: Register) -> Register:
    return replace(register, holds=register.holds.set(fact.hold.id, fact.hold))


@folded.register
def _lifted(fact: HoldLifted, register: Register) -> Register:
    if fact.hold not in register.holds:
        return register
    return replace(register, holds=register.holds.delete(fact.hold))


def held_in_words(register: Register, hold: Hold) -> str:
    """Whom or what it holds."""
    return f"the records of {name_of(register, hold.person)}" if hold.person else f"the cycle {hold.cycle}"
