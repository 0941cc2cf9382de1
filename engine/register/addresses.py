"""Addresses that mail came back from.

A failing address is one address of one person: when the directory has another for them, nothing is failing, and
nobody need clear anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from engine.errors import RefusedError
from engine.fact import TERMWISE
from engine.register.address_facts import AddressCleared, AddressFailed
from engine.register.authority import is_administrator, require_administrator
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Failing, Register


class ReportBounce(RegisterOrder):
    """Mail to this address came back for good."""

    kind: Literal["report-bounce"] = "report-bounce"
    person: str
    address: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """As `address_digest` has it."""
    code: Annotated[str, Field(pattern=r"^[0-9]{3}( [0-9]+(\.[0-9]+)*)?$|^[0-9]+(\.[0-9]+)*$", max_length=40)]


class ClearAddress(RegisterOrder):
    """The address works: write to it again."""

    kind: Literal["clear-address"] = "clear-address"
    person: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A person to whom nothing can be delivered."""

    person: str
    code: str
    since: datetime


def address_digest(email: str) -> str:
    """The same for the same address, however its letters are written; the address itself is not in it."""
    return sha256(email.strip().casefold().encode()).hexdigest()


def unreachable(register: Register) -> tuple[Unreachable, ...]:
    """Whose address of today fails, sorted."""
    return tuple(
        Unreachable(person, failing.code, failing.since)
        for person, failing in sorted(register.failing.items())
        if _fails(register, person)
    )


@decided.register
def _report(order: ReportBounce, register: Register, at: datetime) -> Iterable[RegisterFact]:
    if order.by != TERMWISE:
        require_administrator(register, order.by, at, "report an address")
    person = register.people.get(order.person)
    known = register.failing.get(order.person)
    if person is None or address_digest(person.email) != order.address:
        return  # They have another address by now.
    if known is None or known.address != order.address:
        yield AddressFailed(
            at=at,
            by=order.by,
            reason=order.reason,
            person=order.person,
            address=order.address,
            code=order.code,
            told=_administrators(register, at, order.person),
        )


@decided.register
def _clear(order: ClearAddress, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "clear an address")
    if order.person not in register.people:
        raise RefusedError(
            f"{order.person} is not in the directory; `termwise bounces` lists whose mail fails"
        )
    if order.person in register.failing:
        yield AddressCleared(at=at, by=order.by, reason=order.reason, person=order.person)


@folded.register
def _failed(fact: AddressFailed, register: Register) -> Register:
    failing = Failing(address=fact.address, code=fact.code, since=fact.at)
    return replace(register, failing=register.failing.set(fact.person, failing))


@folded.register
def _cleared(fact: AddressCleared, register: Register) -> Register:
    if fact.person not in register.failing:
        return register
    return replace(register, failing=register.failing.delete(fact.person))


def _fails(register: Register, person: str) -> bool:
    known, failing = register.people.get(person), register.failing.get(person)
    return known is not None and failing is not None and address_digest(known.email) == failing.address


def _administrators(register: Register, at: datetime, but: str) -> tuple[str, ...]:
    """All who administer the trust on that day and can be written to."""
    return tuple(
        person
        for person in sorted(register.people)
        if person != but and is_administrator(register, person, at) and not _fails(register, person)
    )
