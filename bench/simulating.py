"""How fast whole instances are played in memory, against a peer that plays the same; and how fast a file is read."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench import peers, trust
from bench.effort import Effort
from bench.figures import Figure, Rate, alternate, figure, ratios
from bench.ground import Ground
from definitions.catalogue import BUILT_IN
from definitions.examining import examine_file
from definitions.yaml_source import read
from engine.commands import CompleteTask
from engine.definition.compiler import canonical_json, compile_definition
from engine.definition.model import Definition
from engine.playing import Cast

SIZES = (10, 200)
NAMES = (
    *(f"simulate-vs-spiff-{size}" for size in SIZES),
    "simulate-rate-200",
    "check-time",
    "load-time",
)
_FILE = BUILT_IN / "moderation" / "process.yaml"
_MILLI = 1_000
_HEADER: dict[str, object] = {
    "process": "bench-simulated",
    "version": 1,
    "title": "Simulated",
    "purpose": "To be measured.",
    "owner": "school-improvement-officer",
    "confidentiality": "trust",
    "retention": "plans",
    "key": "only",
    "name": "The simulated one",
    "outcomes": {"done": {"title": "Done"}},
}


async def measure(_: Ground, effort: Effort) -> list[Figure]:
    """Both players in turn, then the reading of a definition."""
    figures: list[Figure] = []
    for size in SIZES:
        ours, theirs = _ours(size), _theirs(size)
        pairs = await alternate(_rate(ours, effort), _rate(theirs, effort), effort.rounds)
        against = "instances per second of SpiffWorkflow; aim at least 20 at 200 tasks"
        figures.append(figure(f"simulate-vs-spiff-{size}", "ratio", against, ratios(pairs)))
    played = [mine for mine, _ in pairs]
    figures.append(figure("simulate-rate-200", "instances/s", "200 tasks each", played))
    text = canonical_json(compile_definition(Definition.model_validate(read(_FILE, None).data)).definition)
    checked = [_milliseconds(lambda: examine_file(_FILE)) for _ in range(effort.rounds)]
    loaded = [_milliseconds(lambda: _load(text)) for _ in range(effort.rounds)]
    figures.append(figure("check-time", "ms", "the whole file, with every check", checked))
    figures.append(figure("load-time", "ms", "the pinned text of it, as a worker loads it", loaded))
    return figures


def _ours(tasks: int) -> tuple[Callable[[], None], ...]:
    numbers = [str(number) for number in range(tasks)]
    step = {"title": "Do it", "who": "ceo"}
    chain = [{"task": f"t{number}", **step} for number in numbers]
    at_once = [{"for_each": "all", "over": {"number": str(numbers)}, "steps": [{"task": "t", **step}]}]
    return tuple(_player(steps) for steps in (chain, at_once))


def _player(steps: list[dict[str, object]]) -> Callable[[], None]:
    world = trust.world({**_HEADER, "steps": steps})
    at = datetime.now(UTC)
    [chief] = world.directory.holders("ceo", trust.today())
    officer = trust.officer(world)

    def play() -> None:
        cast = Cast(world)
        instance = cast.start({}, officer, at)
        while open_tasks := cast.states[instance].open_tasks:
            task = next(iter(open_tasks))
            cast.do(instance, CompleteTask(id=cast.fresh_id(), by=chief, task=task), at)
        assert cast.states[instance].status == "ended"

    return play


def _theirs(tasks: int) -> tuple[Callable[[], None], ...]:
    return peers.chain(tasks), peers.at_once(tasks)


def _rate(players: tuple[Callable[[], None], ...], effort: Effort) -> Rate:
    """Instances per second, as many of each kind."""

    async def rate() -> float:
        begun, count, passed = time.perf_counter(), 0, 0.0
        while passed < effort.seconds / 2:
            for play in players:
                play()
            count += len(players)
            passed = time.perf_counter() - begun
        return count / passed

    return rate


def _load(text: str) -> None:
    compile_definition(Definition.model_validate_json(text), stored=True)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * _MILLI
