"""What changed between two versions, in words, and what it means for what runs."""

from typing import Any, get_args

from hypothesis import HealthCheck, given, settings

from engine.definition.model import KINDS, Definition, Step
from engine.definition.program import Program
from engine.versions.differences import Change, differences
from engine.versions.outline import HEADER, outline
from engine.versions.table import EFFECTS, ROWS, Effect, row_for
from tests.engine.generated import programs
from tests.worlds import moderation, program

OLD = """
values: {seen: 0}
steps:
- task: write
  title: "Write for {{ key }}"
  who: ceo
  due: 3 school days after opened
  escalate: {2: ceo}
  form: {pages: {type: integer}, rows: {table: {name: {type: text}}}}
  outcomes: {ok: {label: Good}, incomplete: null}
- choose: which
  cases:
  - {when: "seen > 1", steps: [{task: many, title: Many, who: ceo}]}
  - steps: []
- set: {seen: seen + 1}
- {wait: pause, until: 2 school days after opened}
- parallel: both
  branches:
    left: [{task: one, title: One, who: ceo}]
    right: [{notify: told, to: ceo, subject: Told, body: All}]
"""


def changes(old: str, new: str, text: str = OLD) -> list[tuple[str, str, Effect]]:
    assert old in text
    found = differences(program(text).definition, program(text.replace(old, new)).definition)
    return [(each.step, each.words, each.effect) for each in found]


def test_the_same_definition_has_no_differences() -> None:
    assert differences(moderation().definition, moderation().definition) == ()


def test_only_words_are_told_apart_from_a_change_of_meaning() -> None:
    assert changes("Write for {{ key }}", "Please write for {{ key }}") == [
        ("write", 'the title was "Write for {{ key }}", is now "Please write for {{ key }}"', "text")
    ]
    assert changes("for {{ key }}", "for {{ seen }}")[0][2] == "later"


def test_an_outcome_that_is_gone_holds_back_who_stands_there() -> None:
    assert changes(", incomplete: null", "") == [("write", "the outcome incomplete is gone", "open")]
    assert changes("incomplete: null", "incomplete: null, late: null")[0][2] == "now"


def test_questions_deadlines_and_escalations_are_told_by_name() -> None:
    assert changes(
        "{pages: {type: integer}, ", "{pages: {type: integer, required: false}, day: {type: date}, "
    ) == [
        ("write", "whether the question pages must be answered was yes, is now no", "now"),
        ("write", "the question day is new", "now"),
    ]
    assert changes("{name: {type: text}}", "{name: {type: text}, day: {type: date}}") == [
        ("write", "the column day of rows is new", "now")
    ]
    assert changes("3 school days", "4 school days") == [
        (
            "write",
            'the deadline was "3 school days after opened", is now "4 school days after opened"',
            "later",
        )
    ]
    assert changes("{2: ceo}", "{3: ceo}") == [
        ("write", 'the escalation 3 school days late is new: "ceo"', "later"),
        ("write", "the escalation 2 school days late is gone", "later"),
    ]


def test_steps_are_added_removed_and_moved() -> None:
    assert changes("- {wait: pause, until: 2 school days after opened}\n", "") == [
        ("pause", "this wait is gone", "open")
    ]
    assert changes("- set:", "- {task: new, title: New, who: ceo}\n- set:") == [
        ("new", "this task is new", "later")
    ]
    assert changes("right: [", "right: [{task: new, title: New, who: ceo}, ") == [
        ("new", "this task is new in branch right of both", "later")
    ]
    moved = OLD.replace("- {wait: pause, until: 2 school days after opened}\n", "")
    assert changes(
        OLD,
        moved.replace("- task: write", "- {wait: pause, until: 2 school days after opened}\n- task: write"),
        OLD,
    ) == [("pause", "it stands at another place among its neighbours", "later")]


def test_a_case_before_others_moves_what_stands_in_them() -> None:
    found = changes('  - {when: "seen > 1"', '  - {when: "seen > 9", steps: []}\n  - {when: "seen > 1"')

    assert ("many", "it stood in case 1 of which, and now stands in case 2 of which", "open") in found


def test_another_kind_under_the_same_name() -> None:
    assert changes(
        "{wait: pause, until: 2 school days after opened}", "{task: pause, title: P, who: ceo}"
    ) == [("pause", "it was a wait and is now a task", "open")]


def test_values_that_are_set_under_the_same_names_twice_are_told_apart() -> None:
    twice = OLD.replace("- set: {seen: seen + 1}", "- set: {seen: seen + 1}\n- set: {seen: seen + 2}")

    assert [each.step for each in differences(program(OLD).definition, program(twice).definition)] == [
        "seen (2)"
    ]


def test_the_header_is_compared_too() -> None:
    header = "version: 2\nvalues: {seen: 0, more: 1}\ninputs: {size: {type: integer, default: 1}}"
    assert changes("values: {seen: 0}", header) == [
        ("", "the version was 1, is now 2", "text"),
        ("", "the input size is new", "new"),
        ("", "the value more is new: 1", "later"),
    ]


def test_a_change_has_its_place_in_both_files() -> None:
    [change] = differences(program(OLD).definition, program(OLD.replace("Many", "Very many")).definition)

    assert change.old == change.new == ("steps", 1, "cases", 0, "steps", 0, "title")


def test_a_part_that_the_table_does_not_know_is_called_by_its_key_and_blocks() -> None:
    row = row_for("task", ("quite_new", "part"))

    assert (row.noun, row.changed) == ("`part` of `quite_new`", "open")


def test_the_table_speaks_of_parts_that_there_are() -> None:
    models = dict(zip(KINDS, map(_model, get_args(get_args(Step)[0])), strict=True)) | {HEADER: Definition}
    for kind, rows in ROWS.items():
        keys = {field.alias or name for name, field in models[kind].model_fields.items()}
        assert {row.pattern.partition(".")[0] for row in rows} <= keys, kind


def test_every_meaning_has_words() -> None:
    assert set(EFFECTS) == set(get_args(Effect))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=programs(), other=programs())
def test_any_two_definitions_can_be_compared(one: Program, other: Program) -> None:
    there, back = (differences(a.definition, b.definition) for a, b in ((one, other), (other, one)))

    assert (there == ()) == (one.digest == other.digest)
    assert _count(there, "added") == _count(back, "removed")
    assert set(outline(other.definition)) - set(outline(one.definition)) == {
        each.step for each in there if each.what == "added" and not each.part
    }


def _count(found: tuple[Change, ...], what: str) -> int:
    return sum(each.what == what for each in found)


def _model(member: Any) -> Any:  # noqa: ANN401 - the grammar's annotations
    return get_args(member)[0]
