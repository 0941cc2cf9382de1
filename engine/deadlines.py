"""A due rule becomes an instant, with the reason in a sentence; around it, reminders and escalations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from engine.anchors import Anchors, anchor_of
from engine.calendar import BeyondCalendarError, Calendar
from engine.dates import say_day
from engine.due_rules import DeadlineRuleError, DueRule, parse_rule
from engine.errors import InvalidInputError
from engine.model import Model

__all__ = [
    "Anchors",
    "Deadline",
    "DeadlineRuleError",
    "DueRule",
    "Moment",
    "Roll",
    "Status",
    "ladder",
    "parse_rule",
    "resolve",
    "roll_of",
]

Status = Literal["statutory", "local", "custom"]

END_OF_DAY = time(17)
REMINDED_AT = time(8)
ESCALATED_AT = time(9)


class Roll(StrEnum):
    """What becomes of a deadline that lands on a day without school."""

    PREVIOUS_SCHOOL_DAY = "previous school day"
    """The custom. Never back to the day an `after` rule counts from: then it rolls to the next instead."""
    NEXT_SCHOOL_DAY = "next school day"
    FIXED = "fixed"
    """Statutory: the law does not move."""


def roll_of(status: Status, said: Roll | None) -> Roll:
    """What the definition says, or what is usual: the law does not move, and custom moves back."""
    return said or (Roll.FIXED if status == "statutory" else Roll.PREVIOUS_SCHOOL_DAY)


class Deadline(Model):
    """When something is due, and why then."""

    at: datetime
    """UTC."""
    on: date
    """The day on the wall at the school."""
    rule: str
    why: str
    status: Status = "local"


class Moment(Model):
    """An instant at which a task that is still open asks for attention."""

    at: datetime
    """UTC."""
    kind: Literal["reminder", "due", "escalation", "resume", "nudge"]
    """`due` marks the task overdue from then on; at `resume` a deferred task comes back; a `nudge` had to wait."""
    days: int = 0
    """School days before the deadline for a reminder, after it for an escalation."""
    to: str | None = None
    """Whom an escalation goes to, as the definition says it; whom a nudge comes from."""


def resolve(  # noqa: PLR0913 - one rule, one place, and three ways to bend it
    rule: DueRule,
    anchors: Anchors,
    calendar: Calendar,
    school: str | None,
    *,
    time: time = END_OF_DAY,
    roll: Roll = Roll.PREVIOUS_SCHOOL_DAY,
    status: Status = "local",
) -> Deadline:
    """The deadline a rule gives at a school, at a local time of day.

    Refused when a name is unknown or stands for the wrong thing, or the calendar does not reach so far.
    """
    if rule.alternative:
        alone = rule.model_copy(update={"alternative": None})
        both = [
            resolve(each, anchors, calendar, school, time=time, roll=roll, status=status)
            for each in (alone, rule.alternative)
        ]
        later = max(both, key=lambda deadline: deadline.at)
        return later.model_copy(update={"rule": rule.text, "why": f"{later.why}, the later of two"})
    anchor = anchor_of(rule, anchors, calendar, school)
    counted = calendar.shift(anchor.day, rule.count, rule.unit, school)
    on = _rolled(counted, anchor.day if rule.count > 0 else date.min, roll, calendar, school)
    why = [rule.counting(anchor.said()), _moved(counted, on, calendar, school), calendar.called(school, on)]
    return Deadline(
        at=calendar.at(on, time), on=on, rule=rule.text, why=", ".join(filter(None, why)), status=status
    )


def ladder(  # noqa: PLR0913 - what is due, where, and the rungs around it
    deadline: Deadline,
    calendar: Calendar,
    school: str | None,
    remind: Sequence[int],
    escalate: Mapping[int, str],
    *,
    opened: datetime,
) -> tuple[Moment, ...]:
    """Every moment around a deadline, in order of time: reminders, `due`, escalations.

    Reminders and escalations fall on school days only, never two reminders at once. A rung that would lie
    before `opened` is left out, for nobody could have acted; so is a reminder not before the deadline, and a
    rung the calendar does not reach, until a longer calendar plans the task anew.
    """
    if any(n < 0 for n in remind) or any(n < 1 for n in escalate):
        raise InvalidInputError(["reminders are 0 or more school days before, escalations 1 or more after"])
    rungs = {_rung(calendar, school, deadline.on, -n, REMINDED_AT): n for n in sorted(remind, reverse=True)}
    reminders = [(n, at) for at, n in rungs.items() if at and opened <= at < deadline.at]
    escalations = [
        (n, to, _rung(calendar, school, deadline.on, n, ESCALATED_AT)) for n, to in escalate.items()
    ]
    moments = [
        Moment(at=deadline.at, kind="due"),
        *(Moment(at=at, kind="reminder", days=n) for n, at in reminders),
        *(
            Moment(at=at, kind="escalation", days=n, to=to)
            for n, to, at in escalations
            if at and at >= opened
        ),
    ]
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.days)))


def _rung(calendar: Calendar, school: str | None, on: date, n: int, clock: time) -> datetime | None:
    try:
        day = (
            calendar.shift(on, n or -1, school=school) if n or not calendar.is_school_day(school, on) else on
        )
    except BeyondCalendarError:
        return None
    return calendar.at(day, clock)


def _rolled(day: date, after: date, roll: Roll, calendar: Calendar, school: str | None) -> date:
    if roll is Roll.FIXED or calendar.is_school_day(school, day):
        return day
    back = calendar.shift(day, -1, school=school)
    return (
        back if roll is Roll.PREVIOUS_SCHOOL_DAY and back > after else calendar.shift(day, 1, school=school)
    )


def _moved(counted: date, on: date, calendar: Calendar, school: str | None) -> str:
    if on == counted:
        return ""
    day = calendar.day(counted, school)
    named = f" ({day.reason or day.kind})" if day.kind in {"bank holiday", "INSET", "closed"} else ""
    return f"moved {'back' if on < counted else 'on'} from {say_day(counted)}, which is no school day{named}"
