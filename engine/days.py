"""What kind of day a day is: pupils come, staff only, closed, or a holiday of one sort or another."""

from datetime import date
from typing import Literal

from engine.dates import say_day
from engine.model import Model

DayKind = Literal["pupil day", "INSET", "closed", "bank holiday", "weekend", "holiday"]

_SAID: dict[DayKind, str] = {
    "pupil day": "pupils come",
    "INSET": "an INSET day, staff only",
    "closed": "closed",
    "bank holiday": "a bank holiday",
    "weekend": "a weekend",
    "holiday": "a school holiday",
}


class Day(Model):
    """One day of one school."""

    on: date
    kind: DayKind
    reason: str = ""
    """Why it is closed, which bank holiday or which holidays; empty where the kind says it all."""
    half_term: str | None = None
    """The half term in whose published dates it lies."""

    @property
    def said(self) -> str:
        """`Mon 31 May 2027: a bank holiday (Spring bank holiday)`."""
        return f"{say_day(self.on)}: {_SAID[self.kind]}{f' ({self.reason})' if self.reason else ''}"
