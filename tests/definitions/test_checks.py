"""What `define check` finds in definitions that could be run, each at its place."""

from pathlib import Path

import pytest
import yaml

from definitions.catalogue import BUILT_IN
from definitions.examining import examine_file
from engine.definition.checks.all import RULES
from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.problems import DefinitionError
from tests.definitions.checking import END, HEADER, found, rules

# ---- never reached


def test_steps_behind_an_end_are_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        steps:
        - choose: way
          cases:
          - when: size(key) > 3
            steps: [{end: done}]
          - steps: [{task: stop, title: Stop, who: ceo}, {end: done}]
        - {task: never, title: Never, who: ceo}
        """,
    )

    assert told == [
        "7:10 unreachable: this step is never reached: the step before it, 'way', always ends the cycle"
    ]


def test_cases_that_never_hold_and_those_behind_one_that_always_does_are_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        steps:
        - choose: way
          cases:
          - {when: 1 > 2, steps: []}
          - {when: "true", steps: []}
          - steps: [{task: never, title: Never, who: ceo}]
        """,
    )

    assert told == [
        "4:12 unreachable: this case never holds",
        "6:5 unreachable: this case is never reached: case 2 before it always holds",
    ]


def test_outcomes_that_nothing_leads_to_are_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        steps:
        - {task: ask, title: Ask, who: ceo, outcomes: {yes: null, no: null}}
        - choose: way
          cases: [{when: ask.outcome == 'no', steps: [{end: refused}]}]
        outcomes:
          refused: {when: "false", title: Refused}
          lost: {when: "false", title: Lost}
          done: {title: Done}
        """,
    )

    assert told == [
        "7:3 unreachable: this outcome is never reached: its condition never holds, and no `end` names it"
    ]


# ---- read before written


def test_a_value_that_is_read_before_anything_sets_it_is_told_once(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        values: {mark: null}
        steps:
        - {task: look, title: "Look {{ mark }}", who: ceo, show: {Mark: mark}}
        - set: {mark: look.by}
        - {task: read, title: "Read {{ mark }}", who: ceo}
        """,
    )

    assert len(told) == 1
    assert told[0].endswith(
        "read-before-written: 'mark' is read here, but it is null until a later step sets it"
    )
    assert told[0].startswith("3:")


EARLY = """\
steps:
- choose: way
  cases:
  - when: size(key) > 3
    steps: [{{end: done}}]
- {{task: count, title: Count, who: ceo, form: {{n: {{type: integer}}}}}}
outcomes: {{done: {{title: Done, reports: {{n: "{report}"}}}}}}
"""


def test_what_an_outcome_reports_is_told_where_an_end_comes_before_it(tmp_path: Path) -> None:
    told = found(tmp_path, EARLY.format(report="count.n + 1"))

    assert told == [
        "5:19 read-before-written: 'done' reports 'n' from 'count', which may be null where it ends here"
    ]
    assert found(tmp_path, EARLY.format(report="count == null ? 0 : count.n")) == []


@pytest.mark.parametrize(
    "steps",
    [
        # An earlier round may have set it.
        (
            "- {repeat: r, until: 'mark != null', at_most: 2, steps: [{task: a, title: '{{ mark }}', who: ceo},"
            " {set: {mark: a.by}}]}"
        ),
        # Work may have come back.
        (
            "- {task: a, title: '{{ mark }}', who: ceo}\n- set: {mark: a.by}\n"
            "- {task: b, title: B, who: ceo, outcomes: {on: null, back: {return_to: a, reasons: {x: X}}}}"
        ),
        # One way may have set it.
        (
            "- {task: a, title: A, who: ceo}\n"
            "- {choose: c, cases: [{when: 'size(a.by) > 1', steps: [{set: {mark: a.by}}]}]}\n"
            "- {task: b, title: '{{ mark }}', who: ceo}"
        ),
    ],
)
def test_a_value_that_may_have_been_set_is_not_told(tmp_path: Path, steps: str) -> None:
    assert "read-before-written" not in rules(tmp_path, f"values: {{mark: null}}\nsteps:\n{steps}\n")


def test_what_nothing_reads_is_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        inputs:
          schools: {type: list of school, default: all}
          motto: {type: text}
        values: {count: 0, counts: 1}
        steps:
        - {task: look, title: "{{ counts }}", who: ceo}
        """,
    )

    assert told == [
        "3:3 never-read: 'motto' is never read; use it, or take it out",
        "4:10 never-read: 'count' is never read; use it, or take it out",
    ]


# ---- deadlines


@pytest.mark.parametrize(
    "phrase", ["3 school days before opened", "1 day before start", "2 working days before a.done"]
)
def test_a_deadline_before_the_work_begins_is_an_error(tmp_path: Path, phrase: str) -> None:
    body = f"steps:\n- {{task: a, title: A, who: ceo}}\n- {{task: b, title: B, who: ceo, due: {phrase}}}\n"

    [told] = found(tmp_path, body)

    assert "deadline-before-start" in told
    assert f"{phrase!r} is before" in told
    with pytest.raises(DefinitionError):
        compile_definition(Definition.model_validate(yaml.safe_load(HEADER + body + END)))


def test_a_deadline_before_that_of_the_work_before_it_is_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        inputs: {visit: {type: date}}
        steps:
        - {task: a, title: A, who: ceo, due: 5 school days before visit}
        - {task: b, title: B, who: ceo, due: 6 school days before visit}
        - {task: c, title: C, who: ceo, due: visit}
        - {task: d, title: D, who: ceo, due: 5 working days before visit}
        """,
    )

    assert told == [
        (
            "4:38 deadline-before-start: '6 school days before visit' is before '5 school days before visit', "
            "when 'a', which comes first, is due"
        ),
        (
            "6:38 deadline-before-start: '5 working days before visit' is before 'visit', "
            "when 'c', which comes first, is due"
        ),
    ]


def test_deadlines_that_count_from_each_opening_are_not_held_against_each_other(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        steps:
        - {task: a, title: A, who: ceo, due: 10 days after opened, reply: {who: ceo, due: 5 days after opened}}
        - {task: b, title: B, who: ceo, due: 3 days after opened}
        """,
    )

    assert told == []


def test_the_later_of_two_is_no_mistake_if_one_is_none(tmp_path: Path) -> None:
    body = """\
    steps:
    - {task: a, title: A, who: ceo, due: "1 day before start or 3 school days after opened, whichever is later"}
    """

    assert found(tmp_path, body) == []


# ---- reasons


def test_a_way_back_without_coded_reasons_is_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        steps:
        - {task: a, title: A, who: ceo}
        - task: b
          title: B
          who: ceo
          outcomes:
            fine:
            poor: {return_to: a}
            thin: {return_to: a, reasons: {short: It is too short}}
        """,
    )

    assert [line.split(":")[0] for line in told] == ["8"]
    assert "reasons-without-codes" in told[0]


# ---- all of it


def test_errors_and_warnings_are_told_together(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        inputs: {motto: {type: text}}
        steps:
        - {task: a, title: "{{ nobody }}", who: ceo, due: 1 day before opened}
        """,
    )

    assert [line.split(" ")[1] for line in told] == ["never-read:", "invalid:", "deadline-before-start:"]


def test_what_comes_with_termwise_has_nothing_to_be_told() -> None:
    for file in sorted(BUILT_IN.glob("*/process.yaml")):
        assert list(examine_file(file)) == []


def test_every_rule_is_told_by_some_test() -> None:
    tests = sorted(Path(__file__).parent.glob("test_checks*.py"))
    text = "".join(each.read_text("utf-8") for each in tests)

    assert [rule for rule in RULES if rule not in text] == []
