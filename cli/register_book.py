"""The register as a command reads it, and what an order would make of it: decided here, and carried out by nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cli.setup import Desk
from engine.records import Recorded
from engine.register.deciding import decide, evolve, replay
from engine.register.fact import REGISTER, RegisterFact
from engine.register.orders import RegisterCommand
from engine.register.register import Register
from workers.trust import import_first


@dataclass(frozen=True, slots=True)
class Book:
    """The register with its log."""

    register: Register
    log: Sequence[Recorded]

    @property
    def facts(self) -> Iterator[RegisterFact]:
        """What has changed, oldest first."""
        return (each.event for each in self.log if isinstance(each.event, RegisterFact))


async def read_book(desk: Desk) -> Book:
    """The register as it is. An empty one first takes over the folder of the trust, as `termwise up` does."""
    records = desk.records
    if await records.register.standing() is None:
        await import_first(desk.settings, records.store, records.register, records.documents)
    log = await records.store.read(REGISTER)
    return Book(replay(each.event for each in log), log)


def rehearsed(
    register: Register, order: RegisterCommand, at: datetime
) -> tuple[tuple[RegisterFact, ...], Register]:
    """The facts of an order, and the register after them. Raises RefusedError where it would be refused."""
    facts = decide(register, order, at)
    after = register
    for fact in facts:
        after = evolve(after, fact)
    return facts, after


def ending(facts: Sequence[RegisterFact], *, dry_run: bool) -> str:
    """What a command says at its end."""
    if not facts:
        return "Nothing is different."
    return "Nothing was changed." if dry_run else "It is so from now on."
