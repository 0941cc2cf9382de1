"""The calendar of the register."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.register.authority import require_administrator
from engine.register.calendar_facts import CalendarChanged
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register


class ImportCalendar(RegisterOrder):
    """Use another version of the calendar."""

    kind: Literal["import-calendar"] = "import-calendar"
    calendar: str
    """Digest of the document, which must be loaded."""


@decided.register
def _import(order: ImportCalendar, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "import a calendar")
    if order.calendar != register.calendar:
        yield CalendarChanged(at=at, by=order.by, reason=order.reason, calendar=order.calendar)


@folded.register
def _changed(fact: CalendarChanged, register: Register) -> Register:
    return replace(register, calendar=fact.calendar)
