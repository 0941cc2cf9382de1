"""Cycles of moderation, played as the scenarios beside the definition say, and what leaves of them."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from definitions.loader import program_from
from definitions.scenarios.loading import load_script
from definitions.scenarios.rehearsal import play
from definitions.scenarios.stage import Stage
from definitions.scenarios.tested import Tested
from definitions.trust import load_trust
from definitions.yaml_source import read
from engine.people import Directory
from reports.cycle import Cycle
from reports.exchange import xes
from reports.exchange.ocel import OcelWriter
from reports.exchange.people import Called

DEFINITION = Path(__file__).parents[1] / "definitions/moderation/process.yaml"
#: A cycle for each, so that each has an id of its own.
SUBJECTS = {
    "agreed": "reading",
    "worked-example": "writing",
    "sent-back": "mathematics",
    "appealed": "science",
}


@cache
def moderated(scenario: str) -> tuple[Cycle, Directory]:
    """The cycle that a scenario of moderation plays, with the people of its trust."""
    tested = Tested(program_from(read(DEFINITION)), {})
    script = load_script(DEFINITION.parent / f"scenarios/{scenario}.yaml", tested)
    subject = {"subject": SUBJECTS[scenario]}
    start = script.start.model_copy(update={"inputs": script.start.inputs | subject})
    stage = Stage(tested, load_trust(script.trust), script.activities())
    play(replace(script, start=start), stage)
    cast, root = stage.cast, stage.root
    parts = tuple(state for name, state in cast.states.items() if name != root)
    # One log has them all, one after the other.
    before = 100_000 * list(SUBJECTS).index(scenario)
    log = tuple(each.model_copy(update={"position": each.position + before}) for each in cast.log())
    return Cycle(cast.states[root], parts, log, cast.world_of(root)), stage.directory


def as_xes(scenarios: tuple[str, ...], case: xes.Case = "cycle", *, by_name: bool = False) -> str:
    """The log of these cycles as one document."""
    pieces = [*xes.beginning("moderation")]
    for scenario in scenarios:
        cycle, people = moderated(scenario)
        pieces += xes.traces(cycle, Called(people, by_name), case)
    return "".join([*pieces, xes.end()])


def as_ocel(scenarios: tuple[str, ...], *, by_name: bool = False) -> str:
    """The same as OCEL."""
    with OcelWriter() as writer:
        pieces = [writer.beginning()]
        for scenario in scenarios:
            cycle, people = moderated(scenario)
            pieces += writer.events(cycle)
        return "".join([*pieces, *writer.end(Called(people, by_name))])
