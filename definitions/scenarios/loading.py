"""Reads scenario files, with all they share with others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import JsonValue

from definitions.loader import validate
from definitions.positions import Mark, Place
from definitions.scenarios.answering import Said
from definitions.scenarios.checking import problems
from definitions.scenarios.grammar import Called, Scenario, Start
from definitions.scenarios.tested import Step, Tested
from definitions.yaml_source import Source, SourceError, read
from engine.definition.problems import MAX_TOLD
from engine.errors import TermwiseError
from engine.playing import Activity

FOLDER = "scenarios"
#: What has names of the definition as keys.
_MAPS = frozenset({"usually", "form", "set", "with", "open", "waiting", "calls", "values"})


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario ready to be played."""

    file: Path
    source: Source
    scenario: Scenario
    trust: Path | None
    """The trust's folder; none when it is that of the settings."""
    start: Start
    usual: Mapping[Step, Said]
    calls: Mapping[str, Called]

    def activities(self) -> dict[str, Activity]:
        """What is called in the play."""
        return {name: partial(_call, called) for name, called in self.calls.items()}


def _call(called: Called, arguments: Mapping[str, JsonValue]) -> JsonValue:
    del arguments
    if called.fails:
        raise TermwiseError(called.fails)
    return called.gives


def scenario_files(process_file: Path) -> list[Path]:
    """The scenarios beside a definition, by name."""
    return sorted((process_file.parent / FOLDER).glob("*.yaml"))


def load_script(file: Path, tested: Tested) -> Script:
    """Read and check a scenario. Raises SourceError with every problem."""
    return _load(file, tested, ())


def _load(file: Path, tested: Tested, inside: tuple[Path, ...]) -> Script:
    source = read(file)
    scenario = validate(source, Scenario)
    if wrong := list(islice(problems(scenario, tested), MAX_TOLD)):
        raise SourceError(source.file, [(_mark(source, place), message) for place, message in wrong])
    own = _usual(scenario, file.parent, tested)
    trust = _trust(source, file.parent / scenario.trust) if scenario.trust else None
    if scenario.like is None:
        return Script(file, source, scenario, trust, scenario.start, own, scenario.calls)
    like = _other(source, file.parent / scenario.like, tested, (*inside, file.resolve()))
    usual, calls = {**like.usual, **own}, {**like.calls, **scenario.calls}
    start = _both(like.start, scenario.start)
    return Script(file, source, scenario, trust or like.trust, start, usual, calls)


def _usual(scenario: Scenario, folder: Path, tested: Tested) -> dict[Step, Said]:
    """By step; what is said of a step of one process goes before what is said of all of this name."""
    said = sorted(scenario.usually.items(), key=lambda each: " of " in each[0])
    return {step: Said(answer, folder) for text, answer in said for step in tested.named(text)}


def _trust(source: Source, folder: Path) -> Path:
    if not _may_be(Path.is_dir, folder):
        message = f"there is no folder {folder}; give a path from this file, or leave `trust` out"
        raise SourceError(source.file, [(source.mark(("trust",)), message)])
    return folder.resolve()


def _other(source: Source, file: Path, tested: Tested, inside: tuple[Path, ...]) -> Script:
    mark = source.mark(("like",))
    if not _may_be(Path.is_file, file):
        raise SourceError(source.file, [(mark, f"there is no {file.name} beside this file")])
    if file.resolve() in inside:
        raise SourceError(source.file, [(mark, f"{file.name} is like this one, so neither says anything")])
    return _load(file, tested, inside)


def _may_be(what: Callable[[Path], bool], path: Path) -> bool:
    """Whether it is there. What no name of a file can be is not there."""
    try:
        return what(path)
    except (OSError, ValueError):
        return False


def _both(like: Start, own: Start) -> Start:
    said = {name: getattr(own, name) for name in own.model_fields_set}
    return like.model_copy(update={**said, "inputs": {**like.inputs, **own.inputs}})


def _mark(source: Source, place: Place) -> Mark:
    return source.key_mark(place) if {*place[-2:-1]} & _MAPS else source.mark(place)
