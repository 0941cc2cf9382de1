"""Plays every scenario of a definition, and counts which of its paths they go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from definitions.loader import program_from
from definitions.positions import Mark, Place
from definitions.scenarios import going, paths
from definitions.scenarios.loading import load_script, scenario_files
from definitions.scenarios.places import places_of
from definitions.scenarios.rehearsal import play
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import Difference, StopError
from definitions.scenarios.tested import Tested
from definitions.trust import TrustFolder
from definitions.yaml_source import Source, read
from engine.definition.program import Program
from engine.errors import TermwiseError
from engine.people import Directory
from engine.records import Recorded

#: A folder of a trust, or none for the one of the settings.
Trusts = Callable[[Path | None], TrustFolder]
#: The processes that a definition runs, and that those run, by key.
Processes = Callable[[Program], Mapping[str, Program]]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a scenario is not as its script says, and the story until then."""

    mark: Mark
    message: str
    differences: tuple[Difference, ...]
    log: tuple[Recorded, ...]
    directory: Directory


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one scenario."""

    file: Path
    title: str
    milliseconds: float
    failure: Failure | None
    gone: frozenset[paths.Way]
    """The paths it has gone, also when it failed."""
    unreadable: str | None = None
    """Why it could not be played at all: each problem with its place, one a line."""

    @property
    def failed(self) -> bool:
        """Whether anything is wrong with it."""
        return self.failure is not None or self.unreadable is not None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A path that no scenario goes."""

    path: paths.Path
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of all scenarios of a definition."""

    process: str
    file: Path
    verdicts: tuple[Verdict, ...]
    paths: int
    uncovered: tuple[Uncovered, ...]


def run_scenarios(
    file: Path,
    trusts: Trusts,
    only: Iterable[Path] | None = None,
    *,
    processes: Processes = lambda _: {},
    escalations: bool = False,
) -> Rehearsed:
    """Play the scenarios beside a definition, or only some. `processes` are those that it runs.

    A scenario that cannot be read has a verdict, too. Raises SourceError when the definition itself cannot be used,
    and what `processes` raises.
    """
    source = read(file)
    program = program_from(source)
    tested = Tested(program, processes(program))
    chosen = scenario_files(file) if only is None else only
    verdicts = tuple(_verdict(each, tested, trusts) for each in chosen)
    gone = frozenset().union(*(each.gone for each in verdicts))
    every = list(paths.paths(program, escalations=escalations))
    places = places_of(program, source.data)
    missing = tuple(_uncovered(each, source, places) for each in every if each.id not in gone)
    return Rehearsed(program.definition.process, file, verdicts, len(every), missing)


def _verdict(file: Path, tested: Tested, trusts: Trusts) -> Verdict:
    try:
        script = load_script(file, tested)
        stage = Stage(tested, trusts(script.trust), script.activities())
    except TermwiseError as error:
        return Verdict(file, file.name, 0.0, None, frozenset(), str(error))
    failure, begun = None, perf_counter()
    try:
        play(script, stage)
    except StopError as stop:
        mark = script.source.mark(stop.place)
        failure = Failure(mark, stop.message, stop.differences, stage.cast.log(), stage.directory)
    spent = (perf_counter() - begun) * 1000
    gone = frozenset(going.gone(tested.program, stage.cast.played))
    return Verdict(file, script.scenario.scenario, spent, failure, gone)


def _uncovered(path: paths.Path, source: Source, places: Mapping[str, Place]) -> Uncovered:
    step = places.get(path.step or "", ())
    whole = (*step, *path.place)
    # What a step that is in no file consists of is in no file either.
    if path.place and whole in source.positions.values:
        return Uncovered(path, source.key_mark(whole))
    return Uncovered(path, source.mark(step))
