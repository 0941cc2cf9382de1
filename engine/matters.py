"""What happened outside: which handlers of the definition it concerns, to whom it happened, and who may say so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine import addresses
from engine.commands import PassEvent, RaiseEvent
from engine.definition.model import Handler
from engine.definition.program import Node
from engine.errors import RefusedError
from engine.kinds import on
from engine.run import Run
from engine.scope import Scope
from engine.state import Task
from engine.stops import key_of
from engine.who import people, require
from engine.world import World


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
    ends: bool = False
    """Whether the event ends what the handler began; else it is the one that the handler is about."""

    @property
    def event(self) -> str:
        """The event that the handler is about."""
        return self.node.id.removeprefix("on-")

    def said(self, values: Mapping[str, JsonValue], reason: str) -> dict[str, JsonValue]:
        """What its expressions read of the event."""
        subject: dict[str, JsonValue] = {self.spec.of: self.subject} if self.subject else {}
        return {**subject, "reason": reason, "values": dict(values)}


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
            if _lasts(run, spec, event, school):
                found.append(Matter(node, spec, school, ends=True))
    return found


def _lasts(run: Run, spec: Handler, event: str, school: str) -> bool:
    """Whether what began with this event is not over, here or in the children."""
    state = run.state
    if key_of(event, school) in state.stops or any(put_off_for(run, event, school)):
        return True
    began = state.raised.get((event, school, on.DEFER))
    ended = state.raised.get((spec.until or "", school, on.BRING_BACK))
    return bool(state.children) and began is not None and (ended is None or ended[0].at < began[0].at)


def put_off_for(run: Run, event: str, school: str) -> Iterator[Task]:
    """The tasks of the school that are put off for this event."""
    for each in sorted(run.state.deferred_tasks):
        task = run.state.tasks[each]
        if task.school == school and task.deferred_for == event:
            yield task


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
        scope = GivenScope(run.state, addresses.ROOT, run.world.calendar, matter.said({}, ""))
        named = people(run.world.directory, matter.node, "by", scope, run.world.calendar.local_date(run.at))
        if named:
            return person in named
    try:
        require(run.world, (definition.owner, *definition.start_by), person, run.at, "raise it")
    except RefusedError:
        return False
    return True


def _subject(run: Run, spec: Handler, command: RaiseEvent | PassEvent) -> str:
    if spec.of == "cycle":
        return ""
    given = command.values.get(spec.of)
    if not isinstance(given, str) or not given:
        raise RefusedError(f"say to which {spec.of} it happened (--set {spec.of}=...)")
    if spec.of == "person":
        return run.world.directory.by_name_or_id(given).id
    school = run.world.directory.school(given)
    if spec.do != on.JOIN and school.key not in _schools(run):
        raise RefusedError(f"{school.name} takes no part in {run.state.started.name}")
    return school.key


def _schools(run: Run) -> set[str]:
    """The schools of the cycle, those that joined it among them."""
    members = (item for each in run.state.composites.values() for item in each.items.values())
    return {*run.state.started.schools, *(item.school for item in members if item.school)}
