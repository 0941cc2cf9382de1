"""What a mail server says of an address for good, told to the register of the trust."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from activities.registrar import Registrar
from engine.commands import command_id
from engine.fact import TERMWISE
from engine.register.addresses import ReportBounce, address_digest
from engine.staff import Person

Report: TypeAlias = Callable[[UUID, Person, str], Awaitable[None]]
"""Tells that this letter to that person was refused for good, with what was said in numbers. May be repeated."""


def reporting(registrar: Registrar) -> Report:
    """Report to this register. Its errors are those of the store."""

    async def report(letter: UUID, person: Person, code: str) -> None:
        address = address_digest(person.email)
        order = ReportBounce(
            id=command_id("bounce", letter, person.id, address),
            by=TERMWISE,
            person=person.id,
            address=address,
            code=code,
        )
        await registrar.keep(order, datetime.now(UTC))

    return report


async def unheard(letter: UUID, person: Person, code: str) -> None:
    """Report to nobody."""
    del letter, person, code
