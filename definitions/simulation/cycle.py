"""Plays one cycle with simulated people: each decides when a task opens when to answer it, and then does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from heapq import heappop, heappush
from random import Random

from definitions.simulation import days
from definitions.simulation.choosing import answer, set_aside
from definitions.simulation.inventing import Inventor
from definitions.simulation.temper import Temper
from engine.commands import PersonCommand, RaiseEvent, ReassignTask
from engine.definition.model import Definition, TaskStep
from engine.definition.outward import CallStep
from engine.errors import InvalidInputError, RefusedError, TermwiseError
from engine.events import Awaited, TaskOpened, TaskReassigned, TaskReplanned, TaskResumed, WaitOpened
from engine.playing import Cast
from engine.records import Recorded
from engine.schedules import PlannedStart
from engine.state import Task
from engine.world import World

_LAST_MOMENT = time(23)
#: How often an answer is invented anew when the form's own rules refuse it.
_TRIES = 12
#: What one cycle may lead to; one that asks for more asks for ever.
MAX_ACTIONS = 50_000


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something that does not go on, and why."""

    instance: str
    task: str | None
    why: str


@dataclass(frozen=True, slots=True)
class SimulatedCycle:
    """What came of one cycle."""

    process: str
    title: str
    instance: str
    log: tuple[Recorded, ...]
    stuck: tuple[Stuck, ...]


@dataclass(order=True, slots=True)
class _Action:
    at: datetime
    number: int
    do: Callable[[], None] = field(compare=False)


def simulate_cycle(world: World, start: PlannedStart, temper: Temper, seed: str) -> SimulatedCycle:
    """Play one cycle until nothing more can happen before the calendar ends; the same for the same seed.

    Raises RefusedError when it cannot start.
    """
    return _Simulation(world, temper, seed).run(start)


class _Simulation:
    def __init__(self, world: World, temper: Temper, seed: str) -> None:
        self._world = world
        self._temper = temper
        self._seed = seed
        nodes = (node for each in (world.program, *world.processes.values()) for node in each.walk())
        called = [node.spec.activity for node in nodes if isinstance(node.spec, CallStep)]
        self._cast = Cast(world, {name: lambda _: None for name in called})
        self._now = world.calendar.at(world.calendar.known.first, days.MORNING)
        self._ends = world.calendar.at(world.calendar.known.last, _LAST_MOMENT)
        self._actions: list[_Action] = []
        self._seen = 0
        self._count = 0
        self._stuck: list[Stuck] = []

    def run(self, start: PlannedStart) -> SimulatedCycle:
        definition = self._world.program.definition
        self._now = self._world.calendar.at(start.on, days.MORNING)
        instance = self._cast.start(start.inputs, self._owner(definition), self._now)
        self._plan()
        while self._step():
            self._plan()
        return SimulatedCycle(
            definition.process, definition.title, instance, self._cast.log(), tuple(self._stuck)
        )

    def _owner(self, definition: Definition) -> str:
        today = self._world.calendar.local_date(self._now)
        for role in (definition.owner, *definition.start_by):
            if holders := self._world.directory.holders(role, today):
                return holders[0]
        raise InvalidInputError([f"nobody is {definition.owner} on {today}, so nobody can start it"])

    def _definition(self, instance: str) -> Definition:
        """That of the process that the instance runs."""
        return self._cast.world_of(instance).program.definition

    def _step(self) -> bool:
        """What comes next: time, or somebody. False when nothing more comes."""
        action = self._actions[0] if self._actions else None
        moment = self._cast.next_moment
        if moment is not None and moment <= self._ends and (action is None or moment <= action.at):
            return self._pass(moment)
        if action is None or self._count > MAX_ACTIONS:
            return False
        heappop(self._actions)
        self._now = action.at
        action.do()
        return True

    def _pass(self, moment: datetime) -> bool:
        self._now = max(self._now, moment)
        try:
            self._cast.pass_time(moment)
        except TermwiseError as error:
            # The workflow would stay open and try again; here nothing will have changed by then.
            self._stuck.append(Stuck(self._cast.played[0].instance, None, str(error)))
            return False
        return True

    # ---- planning what people do

    def _plan(self) -> None:
        """Everybody who is newly asked decides when to answer."""
        news, self._seen = self._cast.played[self._seen :], len(self._cast.played)
        for each in news if self._temper.answers else ():
            match each.event:
                case TaskOpened() | TaskReassigned() | TaskReplanned() | TaskResumed():
                    self._plan_answer(each.instance, self._cast.states[each.instance].tasks[each.event.task])
                case WaitOpened():
                    self._plan_event(each.instance, each.event.address)
                case _:
                    pass

    def _chance(self, *parts: str) -> Random:
        """Chance of its own for each thing, so that none depends on the order of the others."""
        return Random("\x1f".join([self._seed, *parts]))  # noqa: S311 - a play, not a secret

    def _plan_answer(self, instance: str, task: Task) -> None:
        calendar, chance = self._world.calendar, self._chance(task.id, str(task.deferrals))
        if not task.asked:
            tomorrow = days.morning(calendar, self._now, 1, task.school)
            self._at(tomorrow, lambda: self._take_over(instance, task.id))
            return
        if task.due is None:
            at = days.soon(calendar, self._now, task.school, chance)
        elif chance.random() < self._temper.late:
            at = days.soon(calendar, task.due.at, task.school, chance)
        else:
            at = days.in_time(calendar, self._now, task.due.at, task.school, chance)
        self._at(at, lambda: self._answer(instance, task.id, chance))

    def _plan_event(self, instance: str, address: str) -> None:
        wait, chance = self._cast.states[instance].waits.get(address), self._chance(instance, address)
        if wait is None or not wait.awaited:
            return
        if wait.until is None or chance.random() < self._temper.raises:
            at = days.soon(self._world.calendar, self._now, wait.school, chance)
            self._at(at, lambda: self._raise(instance, address, chance.choice(wait.awaited)))

    def _at(self, at: datetime | None, do: Callable[[], None]) -> None:
        if at is not None and at <= self._ends:
            self._count += 1
            heappush(self._actions, _Action(max(at, self._now), self._count, do))

    # ---- doing it

    def _answer(self, instance: str, task_id: str, chance: Random) -> None:
        state = self._cast.states[instance]
        task = state.tasks[task_id]
        spec = self._cast.world_of(instance).program.steps[task.step].spec
        if task.id not in state.open_tasks or not isinstance(spec, TaskStep) or not task.asked:
            return
        inventor = self._inventor(instance, task, chance)
        aside = set_aside(self._cast, task, spec, inventor, self._temper)
        if aside and self._do(instance, aside) is None:
            return
        problem: str | None = "no try"
        tries = 0
        while problem and tries < _TRIES:
            tries += 1
            problem = self._do(instance, answer(self._cast, task, spec, inventor, self._temper))
        if problem:
            self._stuck.append(Stuck(instance, task.id, f"no answer could be invented: {problem}"))

    def _inventor(self, instance: str, task: Task, chance: Random) -> Inventor:
        return Inventor(
            definition=self._definition(instance),
            directory=self._world.directory,
            calendar=self._world.calendar,
            today=self._world.calendar.local_date(self._now),
            who=chance.choice(task.asked),
            chance=chance,
            mark=task.id,
            optional=self._temper.optional,
        )

    def _take_over(self, instance: str, task_id: str) -> None:
        """Nobody can be asked: the owner takes it, if the rules allow that."""
        state = self._cast.states[instance]
        if task_id not in state.open_tasks or state.tasks[task_id].asked:
            return
        owner, why = self._owner(self._definition(instance)), "Nobody else can be asked"
        command = ReassignTask(id=self._cast.fresh_id(), by=owner, task=task_id, to=owner, reason=why)
        if problem := self._do(instance, command):
            why = f"nobody is asked, and the owner cannot do it: {problem}"
            self._stuck.append(Stuck(instance, task_id, why))

    def _raise(self, instance: str, address: str, awaited: Awaited) -> None:
        if address not in self._cast.states[instance].waits:
            return
        command = RaiseEvent(
            id=self._cast.fresh_id(),
            by=awaited.raised_by[0] if awaited.raised_by else self._owner(self._definition(instance)),
            event=awaited.event,
            reason="It happened, as it sometimes does",
            values=awaited.match,
        )
        if problem := self._do(instance, command):
            self._stuck.append(Stuck(instance, None, f"{awaited.event} could not be raised: {problem}"))

    def _do(self, instance: str, command: PersonCommand) -> str | None:
        """Send a command; why it was refused, if it was."""
        try:
            self._cast.do(instance, command, self._now)
        except RefusedError as error:
            return "; ".join(str(error).splitlines())
        return None
