"""What cannot move to another version, and what is told beforehand of what can."""

import pytest

from engine.errors import RefusedError
from tests.engine.moved import EACH_SCHOOL, NO_INCOMPLETE, OLD, begun, move, planned, versioned

CANNOT = {
    "its outcome is gone": (NO_INCOMPLETE, "confirm is open: the outcome incomplete is gone"),
    "the step is gone": (
        "steps:\n- {task: write, title: W, who: ceo}\n- {task: sign, title: S, who: ceo}\n",
        "confirm is open: this task is gone",
    ),
    "it is another kind": (
        OLD.replace("- task: confirm", "- wait: confirm\n  until: 2 days after opened\n- task: other"),
        "confirm is open: it was a task and is now a wait",
    ),
    "it stands elsewhere": (
        OLD.replace("- task: confirm", "- parallel: p\n  branches:\n    one:\n    - task: confirm").replace(
            "\n  title: Confirm it\n  who: ceo\n  outcomes",
            "\n      title: Confirm it\n      who: ceo\n      outcomes",
        ),
        "confirm is open: it stood outside of other steps, and now stands in branch one of p",
    ),
    "what was done comes after": (
        OLD.replace("- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}\n", "")
        + "- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}\n",
        "write was done already, and now comes after confirm: it would be done twice",
    ),
    "an input has no default": (
        "inputs: {limit: {type: integer}}\n" + OLD,
        "the input limit: is missing; give it with --set limit=... (a integer)",
    ),
    "it is another process": (
        "process: other\n" + OLD,
        'the key of the process was "example", is now "other"',
    ),
}


@pytest.mark.parametrize("name", CANNOT)
def test_an_instance_cannot_move_where(name: str) -> None:
    text, reason = CANNOT[name]
    play = begun(OLD)
    play.complete("write", pages=2)
    new = versioned(text)
    before = play.state

    with pytest.raises(RefusedError) as refused:
        move(play, new)

    assert str(refused.value).splitlines() == [f"{play.root} cannot move:", reason]
    assert planned(play, new).reasons == (reason,)
    assert play.state == before


def test_what_sets_the_same_value_again_is_another_step_and_no_hindrance() -> None:
    text = "values: {count: 0}\nsteps:\n- set: {count: count + 1}\n- {task: sign, title: Sign it, who: ceo}\n"
    new = versioned(text + "- set: {count: count + 1}\n")

    assert planned(begun(text), new).reasons == ()


def test_the_same_change_elsewhere_is_no_hindrance() -> None:
    play = begun(OLD)

    move(play, versioned(NO_INCOMPLETE))
    play.complete("write", pages=2)

    with pytest.raises(RefusedError, match="there is no outcome 'incomplete'"):
        play.complete("confirm", "incomplete")


def test_whoever_moves_it_is_told_what_is_not_done_and_what_stays_as_it_was() -> None:
    play = begun(OLD)
    play.complete("write", pages=2)
    text = OLD.replace("- task: confirm", "- {task: read, title: Read it, who: ceo}\n- task: confirm")
    new = versioned(text.replace("Confirm it\n  who: ceo", "Confirm it\n  who: headteacher"))

    warnings = planned(play, new).warnings

    assert warnings == (
        "read now comes before confirm, where the work is already: it is not done here",
        'confirm is open and stays as it was opened, although who is asked was "ceo", is now "headteacher"',
    )


def test_a_branch_that_is_open_must_keep_its_number() -> None:
    left = "    left: [{task: a, title: A, who: ceo}]\n"
    text = f"steps:\n- parallel: both\n  branches:\n{left}    right: [{{task: b, title: B, who: ceo}}]\n"
    play = begun(text)
    new = versioned(text, left, f"    first: [{{task: c, title: C, who: ceo}}]\n{left}")

    reasons = planned(play, new).reasons

    assert [each.partition(":")[0] for each in reasons] == ["both|0/a is open", "both|1/b is open"]


def test_the_names_of_a_for_each_that_runs_must_stay() -> None:
    text = EACH_SCHOOL.replace("  run: as child instances\n", "")
    play = begun(text)
    new = versioned(text, "over: {school", "over: {place: '[1]', school")

    assert planned(play, new).reasons == ('visits is open: the list place is new: "[1]"',)
