"""Instances played in memory: a cycle and its children, each believed as soon as it is decided. Pure: time is given.

Scenarios, simulations and tests play with it. It does at once what the workflows do through Temporal and the log.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from pydantic import JsonValue

from engine import library
from engine.calls import failed, finished
from engine.children import cancellation_of, in_force, order_of, passed_on, report_of, unwanted
from engine.commands import (
    TERMWISE_NAMESPACE,
    Command,
    EndCall,
    PassEvent,
    PassTime,
    StartProcess,
    command_id,
)
from engine.decide import decide_and_evolve
from engine.definition.compiler import digest
from engine.errors import RefusedError, TermwiseError, UnknownNameError
from engine.events import (
    TERMWISE,
    CallRequested,
    ChildStarted,
    Event,
    EventRaised,
    InstanceMigrated,
    InstanceRenewed,
    RunRequested,
)
from engine.evolve import answered
from engine.records import Recorded
from engine.runs import begun, order_of_run, refused, run_report_of, running_already
from engine.starting import instance_id, resolve_inputs
from engine.state import OpenCall, OpenRun, State, Task
from engine.world import ENGINE_VERSION, World

Activity = Callable[[Mapping[str, JsonValue]], JsonValue]
"""What an activity gives for its arguments. One that fails raises TermwiseError."""


@dataclass(frozen=True, slots=True)
class Played:
    """One event, where it happened, and the command it followed from."""

    instance: str
    command: UUID
    event: Event


class Cast:
    """Everybody on the stage: instances by id, and all that has happened, in order."""

    def __init__(self, world: World, activities: Mapping[str, Activity] | None = None) -> None:
        self.world = world
        self.activities = activities or {}
        """What is called is answered at once by these, by name. What is not here stays open until it is ended."""
        self._moved: dict[str, World] = {}
        self.states: dict[str, State] = {}
        self.played: list[Played] = []
        self._commands = 0

    def start(self, inputs: Mapping[str, JsonValue], by: str, at: datetime) -> str:
        """Start a cycle; its id. Raises RefusedError."""
        values = resolve_inputs(self.world, inputs, at)
        instance = instance_id(self.world.program, values)
        order = StartProcess(
            id=command_id(instance, "start"),
            by=by,
            instance=instance,
            definition=self.world.program.digest,
            calendar=digest(library.text(self.world.calendar)),
            directory=digest(library.text(self.world.directory)),
            processes={key: program.digest for key, program in self.world.processes.items()},
            inputs=values,
            root=instance,
            engine=ENGINE_VERSION,
        )
        self.do(instance, order, at)
        return instance

    def do(self, instance: str, command: Command, at: datetime) -> tuple[Event, ...]:
        """Decide a command, believe its events, and carry out what follows from them. A repeat changes nothing.

        Raises RefusedError, and then nothing has changed.
        """
        state = self.states.get(instance)
        if state is not None and command.id in state.commands:
            return ()
        events, state = decide_and_evolve(self.world_of(instance), state, command, at)
        if state is not None and events:
            self.states[instance] = answered(state, command.id)
            self.played += [Played(instance, command.id, event) for event in events]
            now = self.states[instance].now  # Never earlier than what it follows from.
            for event in events:
                self._follow_up(instance, event, now)
            self._close(instance, now)
        return events

    def world_of(self, instance: str) -> World:
        """What an instance decides with: what the cycle began with, unless it has moved or another process runs it."""
        return self._moved.get(instance, self.world)

    def pass_time(self, to: datetime) -> list[Event]:
        """Let the clock reach an instant, in every instance, oldest moment first. Raises BrokenRuleError."""
        happened: list[Event] = []
        while (due := self.next_moment) is not None and due <= to:
            for instance in [name for name, state in self.states.items() if state.next_moment == due]:
                happened += self.do(instance, PassTime(id=self.fresh_id(), by=TERMWISE), due)
        return happened

    @property
    def next_moment(self) -> datetime | None:
        """When time next matters to anybody."""
        return min((each.next_moment for each in self.states.values() if each.next_moment), default=None)

    def fresh_id(self) -> UUID:
        """The id of a command that was never given before; the same in every play of the same play."""
        self._commands += 1
        return uuid5(TERMWISE_NAMESPACE, str(self._commands))

    def open_tasks(self) -> Iterator[tuple[str, Task]]:
        """Every open task with its instance, by address."""
        found = [
            (name, state.tasks[task]) for name, state in self.states.items() for task in state.open_tasks
        ]
        yield from sorted(found, key=lambda each: (each[1].address, each[0]))

    def where(self, task: str) -> str:
        """The instance that a task is in. Raises UnknownNameError."""
        found = next((name for name, state in self.states.items() if task in state.tasks), None)
        if found is None:
            raise UnknownNameError("task", task, ())
        return found

    def log(self) -> tuple[Recorded, ...]:
        """All that has happened, as the log would hold it."""
        versions: dict[str, int] = {}
        records = []
        for position, each in enumerate(self.played, 1):
            versions[each.instance] = versions.get(each.instance, 0) + 1
            records.append(
                Recorded(
                    position=position,
                    stream=each.instance,
                    version=versions[each.instance],
                    command=each.command,
                    recorded_at=each.event.at,
                    event=each.event,
                )
            )
        return tuple(records)

    def _follow_up(self, instance: str, event: Event, at: datetime) -> None:
        """What the workflow would do about an event that asks for more than to be believed."""
        state = self.states[instance]  # What came just before may have withdrawn what the event asked for.
        if isinstance(event, CallRequested) and event.activity in self.activities:
            call = state.calls.get(event.address)
            if call:
                self.do(instance, _answered(instance, call, self.activities[event.activity]), at)
        elif isinstance(event, ChildStarted) and event.child in state.children:
            world = self._moved[event.child] = self.world_of(instance)
            self.do(event.child, order_of(state, world, event.child), at)
            for told in in_force(state, event.child):
                self._tell(event.child, told, at)
        elif isinstance(event, EventRaised):
            for child, told in passed_on(state, event):
                self._tell(child, told, at)
        elif isinstance(event, InstanceMigrated):
            others = self.world_of(instance).processes
            moved = library.world(event.definition, event.calendar, event.directory)
            self._moved[instance] = replace(moved, processes=others)
        elif isinstance(event, InstanceRenewed):
            now = library.calendar(event.calendar), library.directory(event.directory)
            self._moved[instance] = replace(self.world_of(instance), calendar=now[0], directory=now[1])
        elif isinstance(event, RunRequested) and event.child in state.runs:
            self._run(state, state.runs[event.child], at)

    def _tell(self, child: str, told: PassEvent, at: datetime) -> None:
        if child in self.states and self.states[child].status == "running":
            self.do(child, told, at)

    def _run(self, state: State, run: OpenRun, at: datetime) -> None:
        """Start a process that is to be run, and say how that went."""
        said = None if run.wait else begun(state, run)
        if run.child in self.states:
            said = running_already(state, run)
        else:
            self._moved[run.child] = self.world_of(state.instance).running(run.process)
            try:
                self.do(run.child, order_of_run(state, run), at)
            except RefusedError as error:
                said = refused(state, run, str(error))
        if said:
            self.do(state.instance, said, at)

    def _close(self, instance: str, at: datetime) -> None:
        """Children that are not wanted any more are cancelled; an ended child tells its parent."""
        for child in unwanted(self.states[instance]):
            state = self.states.get(child)  # None: it was withdrawn before it began.
            if state and state.status == "running":
                self.do(child, cancellation_of(child), at)
        report = report_of(self.states[instance]) or run_report_of(self.states[instance])
        parent = self.states[instance].started.parent
        if report and parent and self.states[parent].status == "running":
            self.do(parent, report, at)


def _answered(instance: str, call: OpenCall, activity: Activity) -> EndCall:
    try:
        return finished(instance, call, activity(call.arguments))
    except TermwiseError as error:
        return failed(instance, call, str(error))
