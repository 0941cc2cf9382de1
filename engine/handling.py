"""What follows when something happens outside: a clock stops or goes on, tasks change hands, steps begin, all ends.

Everything that is decided here is in the log: which tasks stand still, and by which deadlines they go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from engine import addresses, deadlines, membership, quorum
from engine.cancelling import cancel
from engine.commands import PassEvent, RaiseEvent
from engine.dates import say_day
from engine.deadlines import Deadline
from engine.errors import RefusedError, TermwiseError
from engine.events import EventRaised, Item, MatterOpened, TaskReassigned
from engine.kinds import on
from engine.matters import GivenScope, Matter, put_off_for
from engine.opening import nobody_can
from engine.rescheduling import start_clock, stop_clock
from engine.run import Run
from engine.setting_aside import come_back, may_be_put_off, put_off
from engine.state import Stop, Task
from engine.stops import key_of
from engine.task_access import task_step
from engine.who import conflict, people

#: What ends what a handler began.
_ENDED = {on.STOP: on.START, on.DEFER: on.BRING_BACK}


@dataclass(frozen=True, slots=True)
class Told:
    """What was said with the event, by whom and why."""

    command: RaiseEvent | PassEvent
    by: str
    reason: str

    @property
    def values(self) -> dict[str, JsonValue]:
        """What was said with it."""
        return self.command.values


def carry_out(run: Run, matter: Matter, command: RaiseEvent | PassEvent, by: str, reason: str) -> None:
    """Record the event and all that follows. Raises RefusedError where it changes nothing."""
    doing = _ENDED[matter.spec.do] if matter.ends else matter.spec.do
    before = run.state.stops.get(key_of(matter.event, matter.subject))
    if doing == on.STOP and before:
        since = say_day(run.world.calendar.local_date(before.since))
        name = run.world.directory.school(matter.subject).name
        raise RefusedError(f"the clock of {name} stands still for {matter.event} already, since {since}")
    run.emit(
        EventRaised(
            at=run.at,
            by=by,
            event=command.event,
            of=matter.spec.of,
            subject=matter.subject,
            do=doing,
            reason=reason,
            values=command.values,
        )
    )
    _FOLLOWS[doing](run, matter, Told(command, by, reason))


def _cancel(run: Run, matter: Matter, told: Told) -> None:
    cancel(run, told.by, f"{matter.event}: {told.reason}")


# ---- the clock


def _start(run: Run, matter: Matter, told: Told) -> None:
    start_clock(run, run.state.stops[key_of(matter.event, matter.subject)], told.command.event, told.by)


def _stop(run: Run, matter: Matter, told: Told) -> None:
    spec, school = matter.spec, matter.subject
    exempt = tuple(dict.fromkeys(("statutory", *spec.exempt)))
    key, until = key_of(matter.event, school), _until(run, matter, told.command)
    stop_clock(
        run,
        Stop(key, matter.event, school, run.at, told.reason, spec.until, until, exempt, spec.only),
        told.by,
    )


def _until(run: Run, matter: Matter, command: RaiseEvent | PassEvent) -> Deadline | None:
    if isinstance(command, PassEvent):
        return command.until
    return _at_most(run, matter)


def _at_most(run: Run, matter: Matter) -> Deadline | None:
    if matter.node.due is None:
        return None
    scope, calendar = run.scope(addresses.ROOT), run.world.calendar
    return deadlines.resolve(
        matter.node.due, lambda name: scope.anchor(name, run.at), calendar, matter.subject, status="custom"
    )


# ---- tasks, members, steps


def _defer(run: Run, matter: Matter, told: Told) -> None:
    spec, back = matter.spec, _at_most(run, matter)
    if back is None:
        raise TypeError(spec.do)
    exempt = {"statutory", *spec.exempt}
    for each in sorted(run.state.open_tasks):
        task = run.state.tasks[each]
        meant = task.school == matter.subject and (not spec.only or task.step in spec.only)
        if meant and task_step(run, task)[1].status not in exempt and may_be_put_off(run, task, back.on):
            put_off(run, task, back.on, told.by, matter.event, f"{matter.event}: {told.reason}")


def _bring_back(run: Run, matter: Matter, told: Told) -> None:
    for task in list(put_off_for(run, matter.event, matter.subject)):
        come_back(run, task, told.by)


def _join(run: Run, matter: Matter, told: Told) -> None:
    where = matter.spec.for_each or ""
    _, _, loop = membership.running(run, where)
    name = on.SCHOOL if on.SCHOOL in loop.over else next(iter(loop.over))
    values = {each: value for each, value in told.values.items() if each in loop.over}
    membership.add(run, where, {**values, name: matter.subject}, told.by, f"{matter.event}: {told.reason}")


def _leave(run: Run, matter: Matter, told: Told) -> None:
    address, node, _ = membership.running(run, matter.spec.for_each or "")
    composite = run.state.composites[address]
    keys = [
        key
        for key, item in composite.items.items()
        if item.school == matter.subject and addresses.item(address, key) not in composite.closed
    ]
    if not keys:
        name = run.world.directory.school(matter.subject).name
        raise RefusedError(f"nothing of {name} is open in {node.id!r}")
    membership.remove(run, address, keys, told.by, f"{matter.event}: {told.reason}")


def _reassign(run: Run, matter: Matter, told: Told) -> None:
    # Also what is put off: it would come back to somebody who is not there.
    theirs = [run.state.tasks[each] for each in run.state.unfinished]
    for task in theirs:
        if task.assignee != matter.subject or (matter.spec.only and task.step not in matter.spec.only):
            continue
        to = next(iter(_able(run, matter, task, told)), None)
        if to is None:
            run.emit(nobody_can(run.world, task.id, run.at))
        else:
            why = f"{matter.event}: {told.reason}"
            run.emit(TaskReassigned(at=run.at, by=told.by, task=task.id, person=to, reason=why))


def _able(run: Run, matter: Matter, task: Task, told: Told) -> Iterator[str]:
    """Those who may get the task: at work, not the same person, without a conflict or a seat of their own."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    node, _ = task_step(run, task)
    if "to" in matter.node.whos:
        said = {**matter.said(told.values, told.reason), "school": task.school}
        scope = GivenScope(run.state, task.address, run.world.calendar, said)
        try:
            named = people(directory, matter.node, "to", scope, today)
        except TermwiseError:
            named = ()  # Nobody at the school of a task that has none: the owner is told.
    else:
        manager = directory.line_manager(matter.subject, today)
        named = (manager,) if manager else ()
    for person in named:
        free = person != matter.subject and directory.at_work(person, today)
        able = free and conflict(directory, node, run.scope(task.address), person, today) is None
        if able and not quorum.has_another_seat(run.state, task.address, person):
            yield person


def _ask(run: Run, matter: Matter, told: Told) -> None:
    before = run.state.composites.get(matter.node.id)
    base = addresses.safe_key(matter.subject or "cycle")
    taken = before.items if before else {}
    key = base if base not in taken else f"{base}+{len(taken) + 1}"
    school = matter.subject if matter.spec.of == "school" else None
    item = Item(key=key, values=matter.said(told.values, told.reason), school=school)
    run.emit(MatterOpened(at=run.at, by=told.by, address=matter.node.id, event=matter.event, item=item))
    on.begin(run, matter.node, matter.spec, on.block_of(matter.node, key))


_FOLLOWS: dict[str, Callable[[Run, Matter, Told], None]] = {
    on.STOP: _stop,
    on.START: _start,
    on.DEFER: _defer,
    on.BRING_BACK: _bring_back,
    on.REASSIGN: _reassign,
    on.CANCEL: _cancel,
    on.JOIN: _join,
    on.LEAVE: _leave,
    on.ASK: _ask,
}
