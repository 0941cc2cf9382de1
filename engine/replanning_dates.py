"""Another calendar: every deadline that is still to come is resolved anew, and keeps what it was moved by.

Pure: what is in force is in the state, so the same question has the same answer for a dry run and for the log.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engine import moved_dates
from engine.calendar import Calendar
from engine.date_events import DeadlineMoved
from engine.deadlines import REMINDED_AT, Deadline, Moment
from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.events import TERMWISE
from engine.ladders import ladder
from engine.moved_dates import Kept
from engine.scope import Scope
from engine.state import Composite, State, Task, Wait
from engine.world import World

#: A calendar that nobody described was changed by another version of it.
_UNSAID = "the calendar has changed"


def moved_deadlines(state: State, before: World, after: World, at: datetime) -> tuple[DeadlineMoved, ...]:
    """What moves when an instance goes from one calendar to another; nothing when the calendars are the same.

    Deadlines that have passed stay. A statutory one moves only when the day that it counts from has moved.
    """
    if state.status != "running" or before.calendar == after.calendar:
        return ()
    return tuple(_Replanning(state, before, after, at).facts())


@dataclass(frozen=True, slots=True)
class _Replanning:
    state: State
    before: World
    after: World
    at: datetime

    def facts(self) -> Iterator[DeadlineMoved]:
        for each in self.state.unfinished:
            yield from self._task(self.state.tasks[each])
        for address in sorted(self.state.waits):
            yield from self._wait(self.state.waits[address])
        for address in sorted(self.state.composites):
            yield from self._members(address, self.state.composites[address])

    def _task(self, task: Task) -> Iterator[DeadlineMoved]:
        node = self.after.program.steps.get(task.step)
        if node is None or not isinstance(node.spec, TaskStep) or task.overdue:
            return
        due = self._resolved(node, task.address, self._kept(task, node.spec))
        back = self._back(task)
        moments = self._moments(task, node.spec, due) if back is None else (Moment(at=back, kind="resume"),)
        moved = due != task.due
        if moved or back or self._others_ring(task, node.spec):
            yield DeadlineMoved(
                at=self.at,
                by=TERMWISE,
                address=task.address,
                step=task.step,
                task=task.id,
                was=task.due,
                due=due,
                because=self._because,
                moments=moments,
                back=back,
                back_on=self._calendar.local_date(back) if back else None,
                to=task.asked if back or (moved and task.status == "open") else (),
            )

    def _wait(self, wait: Wait) -> Iterator[DeadlineMoved]:
        if wait.until and wait.opened_at:
            kept = Kept(wait.until, wait.opened_at, wait.school, wait.stopped_at or self.at)
            yield from self._end(wait.step, wait.address, kept)

    def _members(self, address: str, composite: Composite) -> Iterator[DeadlineMoved]:
        if composite.until and composite.opened_at and composite.items:
            school = Scope(self.state, address, self._calendar).value("school")
            kept = Kept(
                composite.until, composite.opened_at, school if isinstance(school, str) else None, self.at
            )
            yield from self._end(composite.step, address, kept)

    def _end(self, step: str, address: str, kept: Kept) -> Iterator[DeadlineMoved]:
        node = self.after.program.steps.get(step)
        due = self._resolved(node, address, kept) if node else kept.due
        if due != kept.due:
            yield DeadlineMoved(
                at=self.at,
                by=TERMWISE,
                address=address,
                step=step,
                was=kept.due,
                due=due,
                because=self._because,
            )

    def _kept(self, task: Task, spec: TaskStep) -> Kept:
        since = task.stopped_at or task.deferred_at or self.at
        return Kept(task.due, task.opened_at or self.state.started.at, task.school, since, spec.status)

    def _resolved(self, node: Node, address: str, kept: Kept) -> Deadline | None:
        return moved_dates.resolved_anew(node, address, kept, self.state, self.before, self.after)

    def _back(self, task: Task) -> datetime | None:
        """When it comes back, if that is to be on a day on which school is no more."""
        if task.until is None or task.until <= self.at:
            return None
        on = moved_dates.next_open_day(task, self.before.calendar, self._calendar)
        return self._calendar.at(on, REMINDED_AT) if on else None

    def _moments(self, task: Task, spec: TaskStep, due: Deadline | None) -> tuple[Moment, ...]:
        if task.status != "open":
            return task.moments
        return self._ladder(due, self._calendar, task, spec)

    def _others_ring(self, task: Task, spec: TaskStep) -> bool:
        """Whether reminders or escalations fall on other days, though the deadline does not."""
        if task.status != "open" or task.due is None or task.due.at <= self.at:
            return False
        if task.due.on > self._calendar.known.last:
            return False
        old, new = (
            self._ladder(task.due, each, task, spec) for each in (self.before.calendar, self._calendar)
        )
        return old != new

    def _ladder(
        self, due: Deadline | None, calendar: Calendar, task: Task, spec: TaskStep
    ) -> tuple[Moment, ...]:
        if due is None:
            return ()
        world = replace(self.after, calendar=calendar)
        return ladder(world, self.state.started.engine, spec, due, task.school, self.at)

    @property
    def _calendar(self) -> Calendar:
        return self.after.calendar

    @property
    def _because(self) -> str:
        return self._calendar.changed or f"{_UNSAID} ({self._calendar.name} v{self._calendar.version})"
