"""What is different between two versions of a calendar: which days, where, and in how many words."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from engine.calendar import Calendar
from engine.dates import say_day
from engine.days import Day, DayKind
from engine.model import Model
from engine.own_days import Span

_SATURDAY = 5
_MOST = 40


class DaysChanged(Model):
    """Days in a row, weekends between them left out, that are of another kind now."""

    first: date
    last: date
    was: DayKind
    now: DayKind
    reason: str = ""
    school: str | None = None
    """The school that it is about; every school when left out."""

    @property
    def said(self) -> str:
        """`Mon 7 Jun 2027: INSET, was a pupil day`."""
        until = f" to {say_day(self.last)}" if self.last != self.first else ""
        why = f" ({self.reason})" if self.reason else ""
        return f"{say_day(self.first)}{until}: {self.now}{why}, was {_named(self.was)}"


def changed_days(before: Calendar, after: Calendar) -> tuple[DaysChanged, ...]:
    """Every day that both know and of which they say something else; first what is so at every school."""
    shared = _days(before, after, None)
    found = list(_in_rows(shared, None))
    for school in sorted({*before.schools, *after.schools}):
        own = _days(before, after, school)
        found += _in_rows({day: kinds for day, kinds in own.items() if shared.get(day) != kinds}, school)
    return tuple(found)


def years_changed(before: Calendar, after: Calendar) -> tuple[str, ...]:
    """The academic years that came, and those that went."""
    old, new = ([year.name for year in each.years] for each in (before, after))
    return (
        *(f"{name} is added" for name in new if name not in old),
        *(f"{name} is no longer there" for name in old if name not in new),
    )


def said_changes(before: Calendar, after: Calendar) -> tuple[str, ...]:
    """The same in sentences, for the log; of many the first."""
    days = [f"{each.school or 'every school'}: {each.said}" for each in changed_days(before, after)]
    more = [f"and {len(days) - _MOST} more"] if len(days) > _MOST else []
    return (*years_changed(before, after), *days[:_MOST], *more)


def _days(before: Calendar, after: Calendar, school: str | None) -> dict[date, tuple[Day, Day]]:
    # Only days that can have changed are looked at: years hold many more.
    looked_at = (
        (before.school_days(school) ^ after.school_days(school))
        | (before.shut_at(school) ^ after.shut_at(school))
        | {day for day, _ in before.bank_holidays_at(school).items() ^ after.bank_holidays_at(school).items()}
        | _reasons(before, after, school)
    )
    known = Span(max(before.known.first, after.known.first), min(before.known.last, after.known.last))
    both = {
        day: (before.day(day, school), after.day(day, school))
        for day in sorted(looked_at)
        if known.first <= day <= known.last
    }
    return {
        day: (old, new)
        for day, (old, new) in both.items()
        if old.kind != new.kind or (new.kind in {"closed", "bank holiday"} and old.reason != new.reason)
    }


def _reasons(before: Calendar, after: Calendar, school: str | None) -> set[date]:
    closures = [
        {(day, why) for own in each.layers(school) for day, why in own.closures.items()}
        for each in (before, after)
    ]
    return {day for day, _ in closures[0] ^ closures[1]}


def _in_rows(days: dict[date, tuple[Day, Day]], school: str | None) -> Iterator[DaysChanged]:
    rows: list[list[date]] = []
    for earlier, day in pairwise([None, *sorted(days)]):
        if day is None:
            continue
        if earlier and _next_weekday(earlier) >= day and _alike(days[earlier], days[day]):
            rows[-1].append(day)
        else:
            rows.append([day])
    for row in rows:
        old, new = days[row[0]]
        yield DaysChanged(
            first=row[0], last=row[-1], was=old.kind, now=new.kind, reason=new.reason, school=school
        )


def _alike(one: tuple[Day, Day], other: tuple[Day, Day]) -> bool:
    return (one[0].kind, one[1].kind, one[1].reason) == (other[0].kind, other[1].kind, other[1].reason)


def _next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def _named(kind: DayKind) -> str:
    article = "an" if kind == "INSET" else "a"
    return kind if kind == "closed" else f"{article} {kind}"
