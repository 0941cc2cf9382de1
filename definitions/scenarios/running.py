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
from definitions.trust import TrustFolder
from definitions.yaml_source import Source, read
from engine.definition.program import Program
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
    """Play the scenarios beside a definition, or only some. Raises SourceError for a file that cannot be used."""
    source = read(file)
    program = program_from(source)
    chosen = scenario_files(file) if only is None else only
    others = processes(program)
    verdicts = tuple(_verdict(each, program, trusts, others) for each in chosen)
    gone = frozenset().union(*(each.gone for each in verdicts))
    known = list(paths.paths(program, escalations=escalations))
    places = places_of(program, source.data)
    missing = tuple(_uncovered(each, source, places) for each in known if each.id not in gone)
    return Rehearsed(program.definition.process, file, verdicts, len(known), missing)


def _verdict(file: Path, program: Program, trusts: Trusts, others: Mapping[str, Program]) -> Verdict:
    script = load_script(file, program)
    stage = Stage(program, trusts(script.trust), script.activities(), others)
    failure, begun = None, perf_counter()
    try:
        play(script, stage)
    except StopError as stop:
        mark = script.source.mark(stop.place)
        failure = Failure(mark, stop.message, stop.differences, stage.cast.log(), stage.directory)
    spent = (perf_counter() - begun) * 1000
    gone = frozenset(going.gone(program, stage.own_story()))
    return Verdict(file, script.scenario.scenario, spent, failure, gone)


def _uncovered(path: paths.Path, source: Source, places: Mapping[str, Place]) -> Uncovered:
    step = places.get(path.step or "", ())
    whole = (*step, *path.place)
    # What a step that is in no file consists of is in no file either.
    if path.place and whole in source.positions.values:
        return Uncovered(path, source.key_mark(whole))
    return Uncovered(path, source.mark(step))
