"""How fast the pure engine decides, and whether that depends on how much is open.

The real moderation definition, in its hall: as many packs lie open as are asked for. Each command is decided, and
its events folded in, as the workflow does it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from bench import trust
from bench.effort import Effort
from bench.figures import Figure, figure, ratios
from bench.ground import Ground
from definitions.catalogue import Catalogue
from engine import members
from engine.commands import Command, CompleteTask, StartProcess, command_id
from engine.decide import decide
from engine.evolve import answered, evolve
from engine.starting import instance_id, resolve_inputs
from engine.state import State, Task
from engine.world import ENGINE_VERSION, World

SIZES = (10, 100, 1_000, 10_000)
NAMES = ("engine-flatness", *(f"engine-rate-{size}" for size in SIZES))
#: The packs that are worked on; the others lie there.
WORKED_ON = 10
NOON = timedelta(hours=12)


async def measure(_: Ground, effort: Effort) -> list[Figure]:
    """Commands per second at each size in turn, round by round."""
    # The limit is for Temporal's patience with one command; here there is no Temporal.
    members.MAX_MEMBERS = max(SIZES)
    halls = [Hall.open(size) for size in SIZES]
    for hall in halls:
        hall.rate(effort.seconds / 4)
    rates = [[hall.rate(effort.seconds / 2) for hall in halls] for _ in range(effort.rounds)]
    flat = ratios([(each[0], each[-1]) for each in rates])
    against = "the rate at 10 open tasks over that at 10,000; aim at most 1.5"
    return [
        figure("engine-flatness", "ratio", against, flat),
        *(
            figure(f"engine-rate-{size}", "commands/s", f"{size:,} open tasks in one instance", column)
            for size, column in zip(SIZES, zip(*rates, strict=True), strict=True)
        ),
    ]


@dataclass(frozen=True, slots=True)
class Hall:
    """An instance of the moderation with open packs, and commands that leave as many open."""

    world: World
    state: State
    at: datetime
    lap: tuple[Command, ...]

    @classmethod
    def open(cls, packs: int) -> "Hall":
        """Play the moderation until every judged pupil is a pack that waits for its second judgement."""
        at = datetime.combine(trust.today(), datetime.min.time(), UTC) + NOON
        world = World(Catalogue().program("moderation"), trust.calendar(trust.today()), trust.directory())
        state = _started(world, at)
        cohorts = _open(state, "judge")
        for number, task in enumerate(cohorts):
            pupils = packs // len(cohorts) + (number < packs % len(cohorts))
            state = _done(world, state, _answer(task, {"judgements": _judgements(task, pupils)}), at)
        for task in _open(state, "confirm"):
            state = _done(world, state, _answer(task, {}, "complete"), at)
        assert len(_open(state, "second_judgement")) == packs
        return cls(world, state, at, _lap(world, state, at))

    def rate(self, seconds: float) -> float:
        """Commands per second. A lap over, the next begins from the same state: states are values."""
        begun, count, passed = time.perf_counter(), 0, 0.0
        while passed < seconds:
            state = self.state
            for command in self.lap:
                state = _done(self.world, state, command, self.at)
            count += len(self.lap)
            passed = time.perf_counter() - begun
        return count / passed


def _lap(world: World, state: State, at: datetime) -> tuple[Command, ...]:
    """The second judge of some packs differs, and then both bring more evidence: always one task open for each."""
    worked = [task.address for task in _open(state, "second_judgement")[:WORKED_ON]]
    lap: list[Command] = []
    rounds: tuple[tuple[str, dict[str, JsonValue], str | None], ...] = (
        ("second_judgement", {"value": "WTS", "note": "Few full stops."}, None),
        ("dialogue", {"note": "More of her writing is on its way."}, "more_evidence"),
    )
    for step, values, outcome in rounds:
        blocks = {address.rpartition("/")[0] for address in worked}
        tasks = [
            task for task in _open(state, step) if any(task.address.startswith(block) for block in blocks)
        ]
        for task in tasks:
            lap.append(_answer(task, values, outcome))
            state = _done(world, state, lap[-1], at)
    assert len(lap) == 2 * len(worked)
    return tuple(lap)


def _started(world: World, at: datetime) -> State:
    half_term = world.calendar.years[1].name + " summer 2"
    submission = world.calendar.last_day(half_term).isoformat()
    inputs = resolve_inputs(world, {"half_term": half_term, "submission": submission, "share": 1})
    instance = instance_id(world.program, inputs)
    order = StartProcess(
        id=command_id(instance, "start"),
        by=trust.officer(world),
        instance=instance,
        definition=world.program.digest,
        calendar="",
        directory="",
        inputs=inputs,
        root=instance,
        engine=ENGINE_VERSION,
    )
    return _done(world, None, order, at)


def _done(world: World, state: State | None, command: Command, at: datetime) -> State:
    for event in decide(world, state, command, at):
        state = evolve(state, event)
    assert state is not None
    return answered(state, command.id)


def _open(state: State, step: str) -> list[Task]:
    tasks = (state.tasks[task] for task in state.open_tasks)
    return sorted((task for task in tasks if task.step == step), key=lambda task: task.address)


def _answer(task: Task, values: dict[str, JsonValue], outcome: str | None = None) -> CompleteTask:
    identity = command_id(task.id, "complete")
    return CompleteTask(id=identity, by=task.asked[0], task=task.id, values=values, outcome=outcome)


def _judgements(task: Task, pupils: int) -> list[JsonValue]:
    """So many pupils, all of them judged to be at the standard."""
    row = {"class": f"{task.school}-A", "teacher": task.asked[0], "value": "EXS", "confidence": "secure"}
    return [{"pupil": f"{task.address}-{number}", **row} for number in range(pupils)]
