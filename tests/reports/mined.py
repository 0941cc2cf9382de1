"""A process miner opens what we export, and finds in it the process that the definition says."""

import contextlib
import io
from pathlib import Path

import pytest

with contextlib.redirect_stdout(io.StringIO()):  # It greets whoever imports it.
    import pm4py

from engine.definition.automatic import WaitStep
from engine.definition.model import TaskStep
from reports.cycle import Cycle
from tests.exchanged import SUBJECTS, as_ocel, as_xes, moderated
from tests.worlds import moderation

#: What ends a step that was done.
DONE = ["complete", "manualskip", "autoskip"]

pytestmark = [
    pytest.mark.filterwarnings("ignore:Install the optional requirement"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pm4py"),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> object:
    file = tmp_path_factory.mktemp("mining") / "log.xes"
    file.write_text(as_xes(tuple(SUBJECTS)), "utf-8")
    return pm4py.read_xes(str(file), show_progress_bar=False)


def steps() -> set[str]:
    """What people do and what is waited for in a cycle of moderation."""
    return {node.id for node in moderation().walk() if isinstance(node.spec, TaskStep | WaitStep)}


def done(log: object) -> object:
    return pm4py.filter_event_attribute_values(log, "lifecycle:transition", DONE, level="event", retain=True)


def test_each_cycle_is_a_case_and_the_activities_are_the_steps_of_the_definition(log: object) -> None:
    cases = pm4py.get_event_attribute_values(log, "case:concept:name")

    assert set(cases) == {moderated(each)[0].root.instance for each in SUBJECTS}
    assert set(pm4py.get_event_attribute_values(log, "concept:name")) == steps()


def test_the_process_that_is_discovered_fits_what_happened(log: object) -> None:
    net, first, last = pm4py.discover_petri_net_inductive(done(log))

    replayed = pm4py.fitness_token_based_replay(done(log), net, first, last)

    assert {each.label for each in net.transitions if each.label} == steps()
    assert (replayed["perc_fit_traces"], replayed["log_fitness"]) == (100.0, 1.0)
    assert pm4py.fitness_footprints(done(log), pm4py.discover_process_tree_inductive(done(log))) == 1.0


def test_the_order_of_the_definition_is_what_is_discovered(log: object) -> None:
    footprints = pm4py.discover_footprints(done(log))
    follows = {pair for pair, count in pm4py.discover_dfg(done(log))[0].items() if count}

    assert footprints["start_activities"] == {"judge"}
    assert footprints["end_activities"] == {"share_report"}
    assert {("confirm", "judge"), ("judge", "confirm"), ("sign_off", "amend")} <= follows
    assert not {
        pair for pair in follows if pair[0] == "share_report" or (pair[1] == "judge" and pair[0] == "submit")
    }


def test_a_cycle_that_went_another_way_does_not_fit(log: object, tmp_path: Path) -> None:
    net, first, last = pm4py.discover_petri_net_inductive(done(log))
    backwards = tmp_path / "backwards.xes"
    text = as_xes(("agreed",))
    swapped = (
        text.replace('"share_report"', '"#"').replace('"judge"', '"share_report"').replace('"#"', '"judge"')
    )
    backwards.write_text(swapped, "utf-8")

    other = done(pm4py.read_xes(str(backwards), show_progress_bar=False))
    fitness = pm4py.fitness_token_based_replay(other, net, first, last)

    assert fitness["perc_fit_traces"] == 0.0
    assert fitness["log_fitness"] < 0.99


def test_the_events_of_each_object_are_found_in_ocel(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text(as_ocel(tuple(SUBJECTS)), "utf-8")

    log = pm4py.read_ocel2_json(str(file))
    flat = pm4py.ocel_flattening(pm4py.filter_ocel_event_attribute(log, "lifecycle", DONE), "cycle")
    tree = pm4py.discover_process_tree_inductive(flat)

    assert set(pm4py.ocel_get_object_types(log)) == {"cycle", "task", "school", "person"}
    assert pm4py.ocel_object_type_activities(log)["cycle"] == steps()
    assert pm4py.ocel_object_type_activities(log)["task"] < steps()
    assert set(flat["case:concept:name"]) == {
        f"cycle:{moderated(each)[0].root.instance}" for each in SUBJECTS
    }
    assert pm4py.fitness_footprints(flat, tree) == 1.0


def test_every_school_may_be_a_case_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "schools.xes"
    file.write_text(as_xes(("agreed",), "school"), "utf-8")
    cycle: Cycle = moderated("agreed")[0]

    log = pm4py.read_xes(str(file), show_progress_bar=False)

    places = {"whole trust", *cycle.root.started.schools}
    assert set(log["case:concept:name"]) == {f"{cycle.root.instance} at {place}" for place in places}
