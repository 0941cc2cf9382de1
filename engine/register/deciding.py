"""How the register moves: decide, evolve, replay. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from engine.errors import InvalidInputError
from engine.events import Event
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register
from engine.register.subjects import SUBJECTS

#: Importing them has made their functions known.
assert SUBJECTS  # noqa: S101 - says to the reader why they are imported


def decide(register: Register, order: RegisterOrder, at: datetime) -> tuple[RegisterFact, ...]:
    """The facts of the order at this instant; none when nothing changes. The register is never changed.

    Raises RefusedError (or a kind of it); also where the directory would contradict itself afterwards.
    """
    facts = tuple(decided(order, register, at))
    after = register
    for fact in facts:
        after = evolve(after, fact)
    if facts and after.trust is not None:  # A calendar may come first.
        _check(after)
    return facts


def evolve(register: Register, fact: RegisterFact) -> Register:
    """The register with the fact in it."""
    return replace(folded(fact, register), version=register.version + 1)


def replay(events: Iterable[Event | RegisterFact]) -> Register:
    """The register that these facts, all of its stream in order, lead to."""
    register = Register()
    for event in events:
        if not isinstance(event, RegisterFact):
            raise ValueError(f"{event.kind} is no fact of the register")  # noqa: TRY004 - a log that is not what it should be
        register = evolve(register, event)
    return register


def _check(register: Register) -> None:
    if register.trust is None:
        return  # The key of a server may come before the first import.
    try:
        _ = register.directory
    except ValidationError as error:
        raise InvalidInputError(
            [each["msg"].removeprefix("Value error, ") for each in error.errors()]
        ) from error
