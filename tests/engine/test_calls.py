"""Calls: what an activity gives is kept; what fails is put to the owner; nothing counts twice."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from activities.record import Recorder
from activities.registrar import Registrar
from activities.waking import Waking
from engine.calls import MAX_RESULT, call_key, failed, finished
from engine.commands import CancelProcess, EndCall
from engine.definition.compiler import canonical_json
from engine.errors import BrokenRuleError, TermwiseError
from engine.events import CallFailed, CallFinished, CallRequested
from engine.kinds.call import OWN_ACTIVITIES
from tests.worlds import Play, named, program

CALL = """
values: {pupils: 0, school: ash}
steps:
- call: figures
  activity: fetch_figures
  with: {school: school, years: "['Y2', 'Y6']"}
  retry: {at_most: 3, first_seconds: 2}
  timeout_seconds: 20
- set: {pupils: "figures.failed ? -1 : int(figures.pupils)"}
- {task: read, title: "Read {{ pupils }}", who: ceo}
"""
ON_REGARDLESS = CALL.replace("timeout_seconds: 20", "on_failure: go on")


def fetch_figures(given: Mapping[str, JsonValue]) -> JsonValue:
    return {"pupils": 60, "asked": dict(given)}


def broken(given: Mapping[str, JsonValue]) -> JsonValue:
    raise TermwiseError("the register is closed")


def playing(text: str = CALL, **activities: object) -> Play:
    return Play(program(text), activities=activities)  # type: ignore[arg-type]


def test_what_an_activity_gives_is_read_by_its_name() -> None:
    play = playing(fetch_figures=fetch_figures)

    assert play.task("read").title == "Read 60"
    figures = play.state.value("", "figures")
    assert figures == {"pupils": 60, "asked": {"school": "ash", "years": ["Y2", "Y6"]}, "failed": False}


def test_what_is_asked_for_is_recorded_before_anything_is_called() -> None:
    play = playing()

    [asked] = [event for _, event in play.log[play.root] if isinstance(event, CallRequested)]
    assert (asked.activity, asked.at_most, asked.first_seconds, asked.timeout_seconds) == (
        "fetch_figures",
        3,
        2,
        20,
    )
    assert asked.arguments == {"school": "ash", "years": ["Y2", "Y6"]}
    assert set(play.state.calls) == {"figures"}


@pytest.mark.parametrize("result", [None, 7, "text", [1, 2]])
def test_a_result_that_is_no_map_reads_as_value(result: JsonValue) -> None:
    play = playing(CALL.replace("int(figures.pupils)", "0"), fetch_figures=lambda _: result)

    assert play.state.value("", "figures") == {"value": result, "failed": False}


def test_the_owner_decides_what_follows_a_failure_and_sees_why() -> None:
    play = playing(fetch_figures=broken)

    task = play.task("figures_failed")
    assert play.world.directory.person(task.asked[0]).name == "Officer"
    opened = next(e for _, e in play.log[play.root] if e.kind == "task-opened")
    assert opened.shown == {"Why": "the register is closed"}

    play.cast.activities = {"fetch_figures": fetch_figures}
    play.complete("figures_failed", "try_again")

    assert play.task("read").title == "Read 60"
    attempts = [e.attempt for _, e in play.log[play.root] if isinstance(e, CallRequested)]
    assert attempts == [1, 2]


def test_the_owner_may_go_on_without_it() -> None:
    play = playing(fetch_figures=broken)

    play.complete("figures_failed", "try_again")
    play.complete("figures_failed", "go_on")

    assert play.task("read").title == "Read -1"
    assert play.state.value("", "figures") == {"failed": True, "why": "the register is closed"}


def test_a_definition_may_go_on_by_itself() -> None:
    play = playing(ON_REGARDLESS, fetch_figures=broken)

    assert play.task("read").title == "Read -1"


def test_an_end_counts_once_and_only_for_the_attempt_that_runs() -> None:
    play = playing()
    call = play.state.calls["figures"]
    play.do(failed(play.root, call, "no line"))
    play.complete("figures_failed", "try_again")

    assert play.do(finished(play.root, call, {"pupils": 1})) == (), "the first attempt has ended"
    again = play.state.calls["figures"]
    done = finished(play.root, again, {"pupils": 2})
    assert play.do(done)
    assert play.do(done) == ()
    assert play.do(done.model_copy(update={"id": play.id()})) == ()
    assert [e.kind for _, e in play.log[play.root] if isinstance(e, CallFinished | CallFailed)] == [
        "call-failed",
        "call-finished",
    ]


def test_every_try_has_the_same_key_and_no_other_call_has_it() -> None:
    play = playing()

    assert call_key(play.root, "figures") == call_key(play.root, "figures")
    assert call_key(play.root, "figures") != call_key(play.root, "figures~2")
    assert call_key(play.root, "figures") != call_key("another", "figures")


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({"text": "x" * MAX_RESULT}, "characters as JSON; at most 200,000 are kept"),
        ({"share": float("nan")}, "nan, which cannot be kept"),
        ({"text": "a\0b"}, "which cannot be kept"),
        ({"text": "\ud800"}, "a broken character"),
        ({"many": 2**70}, "too large for expressions"),
        ({1: 2}, "which cannot be kept"),
        (object(), "which cannot be kept"),
    ],
)
def test_a_result_that_cannot_be_kept_is_a_failure_that_says_so(result: object, why: str) -> None:
    play = playing()

    end = finished(play.root, play.state.calls["figures"], result)
    play.do(end)

    assert why in (end.why or "")
    assert play.task("figures_failed")


def test_a_failure_says_so_on_one_line_of_bounded_length() -> None:
    play = playing()
    call = play.state.calls["figures"]

    assert failed(play.root, call, "a\nb\0 c\ud800").why == "a b c"
    assert len(failed(play.root, call, "x" * 9_000).why or "") == 500
    assert failed(play.root, call, "").why == "it did not say why"


def test_a_cancelled_instance_calls_nothing_any_more() -> None:
    play = playing()
    officer = named(play.world.directory, "Officer")

    play.do(CancelProcess(id=play.id(), by=officer, reason="An inspection"))

    assert not play.state.calls


def test_a_call_may_stand_in_members_rounds_and_work_that_comes_back() -> None:
    play = playing(
        """
        steps:
        - for_each: schools
          over: {school: "['ash', 'beech']"}
          steps:
          - call: figures
            activity: count
            with: {school: school}
          - task: check
            title: Check {{ figures.n }}
            who: headteacher at school
            outcomes: {good: , bad: {return_to: figures}}
        """,
        count=lambda given: {"n": len(str(given["school"]))},
    )
    ash, _ = play.tasks("check")
    play.complete(ash, "bad", reason="Count again")

    assert [task.title for task in play.tasks("check")] == ["Check 3", "Check 5"]
    called = [e.address for _, e in play.log[play.root] if isinstance(e, CallRequested)]
    assert called == ["schools[ash]/figures", "schools[beech]/figures", "schools[ash]/figures~2"]


def test_the_question_changes_no_digest() -> None:
    definition = program(CALL).definition

    assert "failed" not in canonical_json(definition).replace("figures.failed", "")


def test_an_argument_that_fails_refuses_what_led_to_it() -> None:
    with pytest.raises(BrokenRuleError, match="the step 'figures' cannot go on"):
        playing(CALL.replace("with: {school: school,", "with: {school: int(school),"))


def test_the_activities_that_write_the_log_are_not_to_be_called() -> None:
    ours = {
        each.__temporal_activity_definition.name  # type: ignore[attr-defined]
        for room in (Recorder, Registrar, Waking)
        for each in vars(room).values()
        if hasattr(each, "__temporal_activity_definition")
    }

    assert ours == OWN_ACTIVITIES


def test_commands_survive_json() -> None:
    play = playing()
    end = finished(play.root, play.state.calls["figures"], {"pupils": 3})

    assert EndCall.model_validate_json(end.model_dump_json()) == end
