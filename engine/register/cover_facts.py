"""What changes about cover, absence and declared interests."""

from datetime import date
from typing import Literal

from engine.covering import Absence, Cover
from engine.interests import Interest
from engine.register.fact import RegisterFact


class CoverSet(RegisterFact):
    """Deputies stand in for somebody from a day on."""

    kind: Literal["cover-set"] = "cover-set"
    cover: Cover


class CoverEnded(RegisterFact):
    """A cover is over after this day; it never came into force where that is before its first."""

    kind: Literal["cover-ended"] = "cover-ended"
    cover: str
    last: date


class AbsenceStarted(RegisterFact):
    """A person is away."""

    kind: Literal["absence-started"] = "absence-started"
    absence: Absence


class AbsenceEnded(RegisterFact):
    """The person is back after this day."""

    kind: Literal["absence-ended"] = "absence-ended"
    absence: str
    last: date


class InterestDeclared(RegisterFact):
    """A person has said whom or what they could not judge."""

    kind: Literal["interest-declared"] = "interest-declared"
    interest: Interest


class InterestWithdrawn(RegisterFact):
    """It holds no more after this day."""

    kind: Literal["interest-withdrawn"] = "interest-withdrawn"
    interest: str
    last: date


CoverFact = CoverSet | CoverEnded | AbsenceStarted | AbsenceEnded | InterestDeclared | InterestWithdrawn
