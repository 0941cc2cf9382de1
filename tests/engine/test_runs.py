"""A process runs another: as a cycle of its own, waited for or not, cancelled with it or not."""

import pytest

from engine.commands import CancelProcess, EndRun
from engine.definition.around import Around
from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.problems import DefinitionError
from engine.definition.running import runs
from engine.errors import BrokenRuleError
from engine.events import InstanceStarted, RunFailed, RunFinished, RunRequested
from tests.worlds import Play, named, program

VISIT = """
process: visit
key: "{{ school }}"
name: "A visit to {{ school }}"
inputs: {school: {type: school}, children: {type: integer, default: 6}}
steps:
- {task: look, title: Look around, who: headteacher at school, outcomes: {good: , bad: }}
outcomes:
  again: {title: Visit again, when: look.outcome == 'bad', reports: {children: children}}
  done: {title: All is well, reports: {children: children}}
"""
RUNS = """
values: {place: ash}
steps:
- run: visit_them
  process: visit
  set: {school: place, children: "3 + 4"}
- {task: read, title: "{{ visit_them.outcome }} {{ visit_them.failed }}", who: ceo}
"""
OFFICER = "Officer"


def playing(text: str = RUNS, visit: str = VISIT) -> Play:
    return Play(program(text), processes={"visit": program(visit)})


def cancel(play: Play, instance: str | None = None) -> None:
    officer = named(play.world.directory, OFFICER)
    play.do(CancelProcess(id=play.id(), by=officer, reason="An inspection"), instance=instance)


def test_it_is_a_cycle_of_its_own_and_its_end_is_read_by_the_name_of_the_step() -> None:
    play = playing()

    started = play.states["visit:ash"].started
    assert (started.process, started.root, started.parent) == ("visit", "visit:ash", play.root)
    assert (started.inputs, started.name) == ({"school": "ash", "children": 7}, "A visit to ash")
    assert not play.tasks("read")

    play.complete("look", "bad")

    assert play.state.value("", "visit_them") == {
        "outcome": "again",
        "reports": {"children": 7},
        "instance": "visit:ash",
        "failed": False,
        "why": None,
    }
    assert play.task("read").title == "again no"
    assert play.states["visit:ash"].status == "ended"


def test_its_definition_is_pinned_when_the_cycle_is_started() -> None:
    play = playing()

    [started] = [e for _, e in play.log[play.root] if isinstance(e, InstanceStarted)]
    [asked] = [e for _, e in play.log[play.root] if isinstance(e, RunRequested)]
    assert started.processes == {"visit": program(VISIT).digest}
    assert asked.definition == program(VISIT).digest


def test_it_need_not_be_waited_for() -> None:
    play = playing(RUNS.replace("set:", "wait: false\n  set:"))

    assert play.task("read").title == "started no"
    play.complete("look", "good")
    play.complete("read")
    assert play.state.status == "ended"


def test_the_school_whose_work_it_is_may_be_said() -> None:
    play = playing(RUNS.replace("set:", "school: place\n  set:"))

    started = play.states["visit:ash"].started
    assert (started.schools, started.name) == (("ash",), "A visit to ash")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", "cancelled"),
        ("cancel: never\n  ", "running"),
        ("wait: false\n  ", "running"),
        ("wait: false\n  cancel: with parent\n  ", "cancelled"),
    ],
)
def test_cancelling_the_cycle_cancels_what_is_to_be_cancelled_with_it(keys: str, expected: str) -> None:
    play = playing(RUNS.replace("set:", f"{keys}set:"))

    cancel(play)

    assert play.states["visit:ash"].status == expected


def test_a_process_that_was_cancelled_is_an_outcome() -> None:
    play = playing()

    cancel(play, "visit:ash")

    assert play.task("read").title == "cancelled no"


def test_a_key_that_was_started_before_is_the_owners_to_decide() -> None:
    play = playing(
        """
        steps:
        - for_each: visits
          over: {n: "[1, 2]"}
          steps:
          - {run: visit_them, process: visit, set: {school: "'ash'"}}
        - run: once_more
          process: visit
          set: {school: "'ash'"}
          on_failure: go on
        - {task: read, title: "{{ once_more.outcome }}: {{ once_more.why }}", who: ceo}
        """
    )
    failed = play.task("visit_them_failed")
    assert play.world.directory.person(failed.asked[0]).name == OFFICER
    shown = next(e.shown for _, e in play.log[play.root] if e.kind == "task-opened" and e.task == failed.id)
    assert shown == {"Why": "this cycle runs visit:ash already, in another step"}

    play.complete(failed, "try_again")
    play.complete("visit_them_failed", "go_on")
    play.complete("look", "good")

    assert play.task("read").title == "not-started: visit:ash was started already, not by this step"
    assert sum(isinstance(e, RunFailed) for _, e in play.log[play.root]) == 3


def test_a_process_that_cannot_begin_is_the_owners_to_decide() -> None:
    broken = (
        VISIT.replace("who: headteacher at school", "who: the person someone") + "values: {someone: null}\n"
    )
    play = playing(visit=broken)

    [failed] = [e for _, e in play.log[play.root] if isinstance(e, RunFailed)]
    assert "the step 'look' cannot go on" in failed.why
    assert play.task("visit_them_failed")
    assert "visit:ash" not in play.states


def test_inputs_that_do_not_fit_refuse_what_led_to_them() -> None:
    with pytest.raises(
        BrokenRuleError, match="the step 'visit_them' cannot go on: school: there is no school 'oak'"
    ):
        playing(RUNS.replace("place: ash", "place: oak"))


def test_its_end_counts_once() -> None:
    play = playing()
    play.complete("look", "good")

    said = EndRun(
        id=play.id(), by="termwise", at=play.at, address="visit_them", child="visit:ash", outcome="again"
    )

    assert play.do(said) == ()
    assert sum(isinstance(e, RunFinished) for _, e in play.log[play.root]) == 1


def test_the_processes_that_it_runs_may_run_others() -> None:
    middle = """
    process: tour
    key: only
    steps:
    - {run: first_visit, process: visit, set: {school: "'ash'"}}
    """
    play = Play(
        program("steps:\n- {run: whole_tour, process: tour}\n"),
        processes={"tour": program(middle), "visit": program(VISIT)},
    )
    play.complete("look", "good")

    assert {state.status for state in play.states.values()} == {"ended"}
    assert play.states["visit:ash"].started.processes == {}


def test_even_definitions_that_lead_back_to_each_other_come_to_an_end() -> None:
    """They are refused when they are checked; whoever pins them all the same gets an owner's task, not a flood."""
    there = program("process: there\nsteps:\n- {run: onwards, process: back}\n")
    back = program("process: back\nsteps:\n- {run: onwards, process: there}\n")

    play = Play(program("steps:\n- {run: begin, process: there}\n"), processes={"there": there, "back": back})

    assert len(play.states) <= 3
    assert any(state.open_tasks for state in play.states.values())


# ---- checks


def definition(text: str) -> Definition:
    return program(text).definition


def problems(text: str, **others: str) -> list[str]:
    known = {key: definition(other) for key, other in others.items()}
    try:
        compile_definition(definition(text), around=Around(processes=known.keys(), definition=known.get))
    except DefinitionError as error:
        return [each.message for each in error.problems]
    return []


def test_what_is_right_is_right() -> None:
    assert problems(RUNS, visit=VISIT) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            RUNS.replace("process: visit", "process: vist"),
            "there is no process 'vist'; did you mean 'visit'?",
        ),
        (
            RUNS.replace("children:", "childen:"),
            "there is no input of visit 'childen'; did you mean 'children'?",
        ),
        (RUNS.replace("school: place, ", ""), "visit needs the input 'school': add it under `set`"),
    ],
)
def test_a_process_and_its_inputs_are_checked(text: str, said: str) -> None:
    assert problems(text, visit=VISIT) == [said]


def test_a_process_that_comes_back_to_itself_is_told_with_the_whole_chain() -> None:
    once = "steps:\n- {{run: on, process: {}}}\n"
    to_itself = "process: one\n" + once.format("one")
    one, two = ("process: one\n" + once.format("two"), "process: two\n" + once.format("one"))
    before = "process: zero\n" + once.format("one")

    said = "a process cannot run itself, however many lie between: "
    assert problems(to_itself, one=to_itself) == [f"{said}one runs one"]
    assert problems(one, one=one, two=two) == [f"{said}one runs two runs one"]
    assert problems(before, zero=before, one=one, two=two) == [f"{said}zero runs one runs two runs one"]


def test_processes_are_found_however_deep_they_stand() -> None:
    deep = """
    steps:
    - choose: which
      cases:
      - when: "true"
        steps:
        - parallel: both
          branches:
            a: [{run: x, process: visit, set: {school: "'ash'"}}]
            b: [{repeat: r, until: "true", at_most: 2, steps: [{run: y, process: tour}]}]
    """

    assert runs(definition(deep)) == ("visit", "tour")
