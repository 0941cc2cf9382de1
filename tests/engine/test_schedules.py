"""Schedules: on which days of a year a process starts, with what, and what is refused when it is loaded."""

from datetime import date

import pytest

from definitions.yaml_source import SourceError
from engine.errors import UnknownNameError
from engine.schedules import PlannedStart, academic_year, planned_starts
from engine.starting import resolve_inputs
from engine.world import World
from tests.worlds import calendar, directory, program

STEPS = """
inputs: {half_term: {type: half-term, default: 2026-27 summer 1}, by: {type: date, default: the last day of half_term}}
steps: [{task: one, title: One, who: ceo}]
"""


def starts(schedule: str) -> list[PlannedStart]:
    return planned_starts(program(STEPS + f"schedule: {schedule}\n"), calendar(), academic_year(calendar()))


def test_a_start_in_some_half_terms() -> None:
    found = starts(
        "{each: half-term, in: [summer 1, autumn 2], on: 5 school days before the last day of half_term, "
        "set: {half_term: half_term}}"
    )

    assert [(each.on, each.period, each.inputs) for each in found] == [
        (date(2026, 12, 11), "2026-27 autumn 2", {"half_term": "2026-27 autumn 2"}),
        (date(2027, 5, 21), "2026-27 summer 1", {"half_term": "2026-27 summer 1"}),
    ]


def test_a_term_ends_with_its_second_half_and_a_year_with_its_last() -> None:
    found = starts(
        "[{each: term, on: the last day of term}, {each: year, on: 1 school day after the first day of year}]"
    )

    assert [(each.on, each.period) for each in found] == [
        (date(2026, 8, 27), "2026-27"),
        (date(2026, 12, 18), "2026-27 autumn"),
        (date(2027, 3, 25), "2026-27 spring"),
        (date(2027, 7, 9), "2026-27 summer"),
    ]


def test_what_it_sets_are_inputs_of_the_process() -> None:
    [start] = starts(
        "{each: year, on: the first day of year, set: {half_term: year + ' spring 1', "
        "by: \"'the last day of half_term'\"}}"
    )
    world = World(program(STEPS), calendar(), directory())

    assert resolve_inputs(world, start.inputs) == {"half_term": "2026-27 spring 1", "by": "2027-02-12"}


def test_a_process_without_one_never_starts_by_itself() -> None:
    assert planned_starts(program(STEPS), calendar(), academic_year(calendar())) == []


def test_the_year_is_the_last_of_the_calendar_unless_it_is_named() -> None:
    assert academic_year(calendar()).name == academic_year(calendar(), "2026-27").name == "2026-27"
    with pytest.raises(UnknownNameError, match="no academic year '2030-31'"):
        academic_year(calendar(), "2030-31")


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("{each: half-term, in: [sumer 1], on: the first day of half_term}", "did you mean 'summer 1'?"),
        ("{each: term, in: [summer 1], on: the first day of term}", "there is no term 'summer 1'"),
        ("{each: year, on: the first day of half_term}", "there is no date or step 'half_term'"),
        ("{each: year, on: 5 days before year}", "year is no day; write `the first day of year`, or the last"),
        ("{each: year, on: the first day of year, set: {halfterm: year}}", "there is no input 'halfterm'"),
        ("{each: year, on: the first day of year, set: {half_term: term}}", "there is no name 'term'"),
        ("{each: yeer, on: the first day of year}", "'yeer' is not allowed here"),
        ("{each: year, onn: the first day of year}", "there is no key 'onn'; did you mean 'on'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_when_the_definition_is_loaded(schedule: str, said: str) -> None:
    with pytest.raises(SourceError) as wrong:
        starts(schedule)

    assert said in str(wrong.value)


def test_an_input_without_a_default_must_be_set() -> None:
    text = """
        inputs: {who: {type: person}}
        schedule: {each: year, on: the first day of year}
        steps: [{task: one, title: One, who: ceo}]
    """

    with pytest.raises(SourceError, match="the input 'who' has no default: add it under `set`"):
        program(text)
