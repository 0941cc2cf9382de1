"""Examples of pages, and the scenarios behind them, played in memory by the people of the invented trust."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from definitions.scenarios import going
from definitions.scenarios.loading import load_script
from definitions.scenarios.paths import BEGINNING, Way
from definitions.scenarios.rehearsal import play
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import StopError
from definitions.scenarios.tested import Tested
from definitions.trust import TrustFolder, load_trust
from engine.definition.program import Program
from tests.docs.pages import ROOT, Example, examples
from tests.worlds import program

EXAMPLE, SCENARIO, PROCESS = "yaml", "yaml scenario", "yaml process"
_STEPS = "\nsteps:"
_ONE_STEP = "\nsteps:\n- {task: nothing, title: Nothing, who: ceo}\n"


class Scene(NamedTuple):
    """A definition on a page, and the scenarios that stand between it and the next."""

    example: Example
    scenarios: tuple[Example, ...]
    processes: tuple[Example, ...]
    """Other definitions, which it runs."""

    @property
    def does_something(self) -> bool:
        """Whether it has steps; else it only shows values."""
        return _STEPS in f"\n{self.example.text}"

    def program(self) -> Program:
        """The definition, with the least header, and with a step if it has none."""
        return program(self.example.text + ("" if self.does_something else _ONE_STEP))


def scenes(page: str) -> Iterator[Scene]:
    """Every definition of a page, in order."""
    blocks = [each for each in examples(page) if each.kind in {EXAMPLE, SCENARIO, PROCESS}]
    begins = [position for position, each in enumerate(blocks) if each.kind == EXAMPLE]
    for begin, end in zip(begins, [*begins[1:], len(blocks)], strict=True):
        behind = blocks[begin + 1 : end]
        scenarios, processes = (
            tuple(each for each in behind if each.kind == kind) for kind in (SCENARIO, PROCESS)
        )
        yield Scene(blocks[begin], scenarios, processes)


def play_scenario(scene: Scene, scenario: Example, folder: Path) -> set[Way]:
    """Play it, and give the paths it has gone. Fails with the line of the page and what is not as it says."""
    known = scene.program()
    file = folder / "scenario.yaml"
    file.write_text(scenario.text, "utf-8")
    others = {other.definition.process: other for other in (program(each.text) for each in scene.processes)}
    tested = Tested(known, others)
    script = load_script(file, tested)
    stage = Stage(tested, _trust(), script.activities())
    try:
        play(script, stage)
    except StopError as stop:
        line = scenario.line + script.source.mark(stop.place).line - 1
        found = "\n".join(f"  {each.what}: {each.expected}, found {each.found}" for each in stop.differences)
        raise AssertionError(f"line {line}: {stop.message}\n{found}") from stop
    return going.gone(known, stage.cast.played)


def steps_never_reached(scene: Scene, gone: Iterable[set[Way]]) -> list[str]:
    """The steps that none of these plays came to, by name."""
    begun = {step for each in gone for step, what in each if what == BEGINNING}
    return [node.id for node in scene.program().walk() if node.does.named and node.id not in begun]


@cache
def _trust() -> TrustFolder:
    return load_trust(ROOT / "examples" / "scholars")
