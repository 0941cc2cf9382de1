"""One deadline under two calendars: where it goes, and what it keeps of what has moved it since."""

from datetime import date, datetime
from typing import NamedTuple

from engine.anchors import anchor_of
from engine.calendar import BeyondCalendarError, Calendar
from engine.dates import say_day
from engine.deadlines import END_OF_DAY, Deadline, Status
from engine.definition.program import Node
from engine.due_rules import DueRule
from engine.errors import TermwiseError
from engine.opening import deadline_at, task_deadline
from engine.scope import Scope
from engine.state import State, Task
from engine.world import World


class Kept(NamedTuple):
    """A deadline as it is."""

    due: Deadline | None
    opened: datetime
    """When what is due then was asked for."""
    school: str | None
    since: datetime
    """From when on there must be time left: now, or since when its clock stands still."""
    status: Status | None = None
    """Of a task; nothing else has one."""


def resolved_anew(  # noqa: PLR0913, PLR0917 - one deadline, and the two worlds
    node: Node, address: str, kept: Kept, state: State, before: World, after: World
) -> Deadline | None:
    """The deadline by the new calendar. As it is where it has passed, or where the new one cannot tell."""
    if node.due is None or (kept.due and kept.due.at <= kept.since):
        return kept.due
    try:
        new = _resolve(node, address, kept, state, after, estimated=False)
        if new is None or kept.due is None:
            return _in_time(new, kept, after.calendar) if new else kept.due
        # A wait must end: where the old calendar did not reach, its end was estimated.
        old = _resolve(node, address, kept, state, before, estimated=kept.status is None)
        if old is None or (
            kept.status == "statutory" and not _anchor_moved(node.due, address, kept, state, before, after)
        ):
            return kept.due
        moved = _moved_alike(old, new, kept.due, kept.school, before.calendar, after.calendar)
        return kept.due if moved.at == kept.due.at else _in_time(moved, kept, after.calendar)
    except TermwiseError:
        # Beyond the new calendar, or a name that has no day any more: what was recorded holds.
        return kept.due


def next_open_day(task: Task, before: Calendar, after: Calendar) -> date | None:
    """The day on which a deferred task comes back instead, where the new calendar has shut its day; else none."""
    if task.until is None:
        return None
    on = after.local_date(task.until)
    try:
        if not before.is_school_day(task.school, on) or after.is_school_day(task.school, on):
            return None
        following = after.shift(on, 1, school=task.school)
    except BeyondCalendarError:
        return None
    held = task.due is not None and task.due.status == "statutory" and following > task.due.on
    return None if held else following


def _resolve(  # noqa: PLR0913 - one deadline in one world
    node: Node, address: str, kept: Kept, state: State, world: World, *, estimated: bool
) -> Deadline | None:
    scope = Scope(state, address, world.calendar)
    try:
        if estimated:
            return deadline_at(world, scope, node, kept.opened)
        return task_deadline(world, scope, node, kept.school, kept.status or "custom", kept.opened)
    except BeyondCalendarError:
        return None


def _moved_alike(  # noqa: PLR0913, PLR0917 - the deadline by each calendar, as it is, and where
    old: Deadline, new: Deadline, due: Deadline, school: str | None, before: Calendar, after: Calendar
) -> Deadline:
    """The new day, moved by as many school days as the recorded one was from the old."""
    if due.on == old.on:
        return new
    ahead = due.on > old.on
    days = before.school_days_between(min(old.on, due.on), max(old.on, due.on), school)
    if not days:
        return due
    on = after.shift(new.on, days if ahead else -days, school=school)
    moves = due.why.partition("; ")[2]
    why = f"{new.why}; {moves}" if moves else new.why
    return new.model_copy(update={"at": after.at(on, END_OF_DAY), "on": on, "why": why})


def _in_time(new: Deadline, kept: Kept, calendar: Calendar) -> Deadline | None:
    """The new deadline, or one that leaves a day for it where that has passed already."""
    if new.at > kept.since:
        return new
    on = calendar.shift(calendar.local_date(kept.since), 1, school=kept.school)
    if kept.due and kept.due.on <= on:
        return kept.due
    why = f"{new.why}; {say_day(new.on)} had passed when the calendar changed, so there is a school day left for it"
    return new.model_copy(update={"at": calendar.at(on, END_OF_DAY), "on": on, "why": why})


def _anchor_moved(  # noqa: PLR0913, PLR0917 - as `resolved_anew`
    rule: DueRule, address: str, kept: Kept, state: State, before: World, after: World
) -> bool:
    """Whether the day that the rule counts from, or either of two, is another by the new calendar."""
    days = [
        anchor_of(
            rule,
            lambda name, world=world: Scope(state, address, world.calendar).anchor(name, kept.opened),  # type: ignore[misc]
            world.calendar,
            kept.school,
        ).day
        for world in (before, after)
    ]
    if days[0] != days[1]:
        return True
    return rule.alternative is not None and _anchor_moved(
        rule.alternative, address, kept, state, before, after
    )
