"""What follows when something happens outside: a clock stops or goes on, tasks change hands, steps begin, all ends.

Everything that is decided here is in the log: which tasks stand still, and by which deadlines they go on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine import addresses, deadlines
from engine.cancelling import cancel
from engine.commands import PassEvent, RaiseEvent
from engine.dates import say_day
from engine.deadlines import Deadline
from engine.definition.model import Handler
from engine.definition.program import Node
from engine.errors import RefusedError, TermwiseError
from engine.events import ClockStopped, EventRaised, Item, MatterOpened, TaskReassigned
from engine.kinds import on
from engine.opening import nobody_can
from engine.rescheduling import start_clock
from engine.run import Run
from engine.scope import Scope
from engine.state import Stop, Task
from engine.stops import WAITS, holds, key_of
from engine.task_access import task_step
from engine.who import conflict, people, require
from engine.world import World

START = "start the clock"


@dataclass(frozen=True, slots=True)
class GivenScope(Scope):
    """What a handler sees: the values of the cycle, and what was said with the event."""

    given: Mapping[str, JsonValue]

    def value(self, name: str) -> JsonValue:
        """What was said, else the value of the cycle."""
        return self.given[name] if name in self.given else Scope.value(self, name)


@dataclass(frozen=True, slots=True)
class Matter:
    """A handler that an event concerns, and what it happened to."""

    node: Node
    spec: Handler
    subject: str
    ends: Stop | None = None
    """The stop that the event ends; none when it is what the handler is about."""


def concerned(run: Run, command: RaiseEvent | PassEvent) -> list[Matter]:
    """The handlers that something follows from. Raises RefusedError when the school or person is not said."""
    found = []
    for event, node in run.world.program.handlers.items():
        spec = node.spec
        if not isinstance(spec, Handler):
            raise TypeError(node.kind)
        if event == command.event:
            found.append(Matter(node, spec, _subject(run, spec, command)))
        elif spec.until == command.event:
            school = _subject(run, spec, command)
            stop = run.state.stops.get(key_of(event, school))
            found += [Matter(node, spec, school, stop)] if stop else []
    return found


def events_of(world: World) -> Iterator[str]:
    """Every event that the definition does something about."""
    for event, handler in world.program.definition.on.items():
        yield event
        if handler.until:
            yield handler.until


def may_raise(run: Run, matter: Matter, person: str) -> bool:
    """Whether the handler is theirs to set off; where nobody holds the role it names, the owner's."""
    definition = run.world.program.definition
    if matter.spec.by:
        scope = GivenScope(run.state, addresses.ROOT, run.world.calendar, _said(matter, {}, ""))
        named = people(run.world.directory, matter.node, "by", scope, run.world.calendar.local_date(run.at))
        if named:
            return person in named
    try:
        require(run.world, (definition.owner, *definition.start_by), person, run.at, "raise it")
    except RefusedError:
        return False
    return True


def carry_out(run: Run, matter: Matter, command: RaiseEvent | PassEvent, by: str, reason: str) -> None:
    """Record the event and all that follows. Raises RefusedError where it changes nothing."""
    doing = START if matter.ends else matter.spec.do
    if doing == on.STOP and (before := run.state.stops.get(key_of(command.event, matter.subject))):
        since = say_day(run.world.calendar.local_date(before.since))
        name = run.world.directory.school(matter.subject).name
        raise RefusedError(f"the clock of {name} stands still for {command.event} already, since {since}")
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
    match doing:
        case on.STOP:
            _stop(run, matter, command, by, reason)
        case on.REASSIGN:
            _reassign(run, matter, command, by, reason)
        case on.CANCEL:
            cancel(run, by, f"{command.event}: {reason}")
        case on.ASK:
            _ask(run, matter, command, by, reason)
        case _:
            if matter.ends:
                start_clock(run, matter.ends, command.event, by)


def _subject(run: Run, spec: Handler, command: RaiseEvent | PassEvent) -> str:
    if spec.of == "cycle":
        return ""
    given = command.values.get(spec.of)
    if not isinstance(given, str) or not given:
        raise RefusedError(f"say to which {spec.of} it happened (--set {spec.of}=...)")
    if spec.of == "person":
        return run.world.directory.by_name_or_id(given).id
    school = run.world.directory.school(given)
    if school.key not in run.state.started.schools:
        raise RefusedError(f"{school.name} takes no part in {run.state.started.name}")
    return school.key


def _said(matter: Matter, values: Mapping[str, JsonValue], reason: str) -> dict[str, JsonValue]:
    subject: dict[str, JsonValue] = {matter.spec.of: matter.subject} if matter.subject else {}
    return {**subject, "reason": reason, "values": dict(values)}


# ---- the clock


def _stop(run: Run, matter: Matter, command: RaiseEvent | PassEvent, by: str, reason: str) -> None:
    spec, school = matter.spec, matter.subject
    exempt = tuple(dict.fromkeys(("statutory", *spec.exempt)))
    key, until = key_of(command.event, school), _until(run, matter, command)
    stop = Stop(key, command.event, school, run.at, reason, spec.until, until, exempt, spec.only)
    tasks = (run.state.tasks[each] for each in sorted(run.state.open_tasks))
    waits = (run.state.waits[each] for each in sorted(run.state.waits))
    run.emit(
        ClockStopped(
            at=run.at,
            by=by,
            stop=key,
            event=command.event,
            school=school,
            reason=reason,
            ends_on=spec.until,
            until=until,
            exempt=exempt,
            only=spec.only,
            tasks=tuple(
                t.id for t in tasks if t.due and holds(stop, t.school, task_step(run, t)[1].status, t.step)
            ),
            waits=tuple(w.address for w in waits if w.until and holds(stop, w.school, WAITS, w.step)),
        )
    )


def _until(run: Run, matter: Matter, command: RaiseEvent | PassEvent) -> Deadline | None:
    if isinstance(command, PassEvent):
        return command.until
    if matter.node.due is None:
        return None
    scope, calendar = run.scope(addresses.ROOT), run.world.calendar
    return deadlines.resolve(
        matter.node.due, lambda name: scope.anchor(name, run.at), calendar, matter.subject, status="custom"
    )


# ---- tasks, steps


def _reassign(run: Run, matter: Matter, command: RaiseEvent | PassEvent, by: str, reason: str) -> None:
    theirs = [run.state.tasks[each] for each in sorted(run.state.open_tasks)]
    for task in theirs:
        if task.assignee != matter.subject or (matter.spec.only and task.step not in matter.spec.only):
            continue
        to = next(iter(_able(run, matter, task, command.values, reason)), None)
        if to is None:
            run.emit(nobody_can(run.world, task.id, run.at))
        else:
            why = f"{command.event}: {reason}"
            run.emit(TaskReassigned(at=run.at, by=by, task=task.id, person=to, reason=why))


def _able(
    run: Run, matter: Matter, task: Task, values: Mapping[str, JsonValue], reason: str
) -> Iterator[str]:
    """Those who may get the task: at work, not the same person, without a conflict."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    node, _ = task_step(run, task)
    if "to" in matter.node.whos:
        said = {**_said(matter, values, reason), "school": task.school}
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
        if free and conflict(directory, node, run.scope(task.address), person, today) is None:
            yield person


def _ask(run: Run, matter: Matter, command: RaiseEvent | PassEvent, by: str, reason: str) -> None:
    before = run.state.composites.get(matter.node.id)
    base = addresses.safe_key(matter.subject or "cycle")
    taken = before.items if before else {}
    key = base if base not in taken else f"{base}+{len(taken) + 1}"
    school = matter.subject if matter.spec.of == "school" else None
    item = Item(key=key, values=_said(matter, command.values, reason), school=school)
    run.emit(MatterOpened(at=run.at, by=by, address=matter.node.id, event=command.event, item=item))
    on.begin(run, matter.node, matter.spec, on.block_of(matter.node, key))
