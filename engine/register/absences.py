"""Absences in the register: who is away, and since when. Never why somebody is ill."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from engine.covering import Absence, AbsenceKind
from engine.errors import RefusedError, UnknownNameError
from engine.register.answering import last_day, refuse_backwards, require_answering
from engine.register.changing import decided, folded
from engine.register.cover_facts import AbsenceEnded, AbsenceStarted
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register


class StartAbsence(RegisterOrder):
    """A person is away from a day on."""

    kind: Literal["start-absence"] = "start-absence"
    person: str
    absence: AbsenceKind = "planned"
    since: date
    expected: date | None = None
    """The last day, as it is expected."""
    hand_back: bool = True
    """Whether what is still open is theirs again when they are back."""


class EndAbsence(RegisterOrder):
    """The person is back, today unless a last day of the absence is given."""

    kind: Literal["end-absence"] = "end-absence"
    absence: str
    last: date | None = None


@decided.register
def _start(order: StartAbsence, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_answering(register, order.by, order.person, at, "record the absence")
    name = register.directory.person(order.person).name
    refuse_backwards(order.since, order.expected, f"the absence of {name}")
    before = next((each for each in register.absences.values() if _same_days(each, order)), None)
    if before is not None:
        raise RefusedError(
            f"{name} is away already since {before.since:%d %b %Y} ({before.id}); end that absence first"
        )
    absence = Absence(
        id=f"a-{register.version + 1}",
        person=order.person,
        kind=order.absence,
        since=order.since,
        expected=order.expected,
        hand_back=order.hand_back,
    )
    yield AbsenceStarted(at=at, by=order.by, reason=order.reason, absence=absence)


@decided.register
def _end(order: EndAbsence, register: Register, at: datetime) -> Iterable[RegisterFact]:
    if order.absence not in register.absences:
        raise UnknownNameError("absence", order.absence, register.absences)
    absence = register.absences[order.absence]
    require_answering(register, order.by, absence.person, at, "end the absence")
    last = last_day(absence.since, absence.until, order.last, at, f"absence {absence.id}")
    yield AbsenceEnded(at=at, by=order.by, reason=order.reason, absence=absence.id, last=last)


@folded.register
def _started(fact: AbsenceStarted, register: Register) -> Register:
    return replace(register, absences=register.absences.set(fact.absence.id, fact.absence))


@folded.register
def _ended(fact: AbsenceEnded, register: Register) -> Register:
    ended = register.absences[fact.absence].model_copy(update={"until": fact.last})
    return replace(register, absences=register.absences.set(fact.absence, ended))


def _same_days(absence: Absence, order: StartAbsence) -> bool:
    return (
        absence.person == order.person
        and (absence.until is None or order.since <= absence.until)
        and (order.expected is None or absence.since <= order.expected)
    )
