"""Small processes that tell apart what looks alike: keys, schools, outcomes, and work that is gone on without."""

import pytest

from engine.errors import InvalidInputError
from engine.events import CallWithdrawn
from engine.joins import is_join
from engine.starting import resolve_inputs
from engine.world import World
from tests.worlds import NOW, Play, calendar, directory, program

MEMBERS = """
    values: {prefix: visit, rows: [{name: one, place: ash}, {name: two, place: beech}]}
    steps:
    - for_each: visits
      over: {row: rows}
      key: prefix + row.name
      school: row.place
      steps: [{task: visit, title: "{{ row.name }}", who: headteacher at row.place}]
"""
PUPILS = """
    inputs:
      least: {type: integer, default: 5}
      pupils:
        table: {name: {type: text}, age: {type: integer, at_least: 4}}
        default: [{name: Ada, age: 6}]
    steps: [{task: look, title: Look, who: ceo}]
"""
WAYS = """
    inputs: {count: {type: integer, default: 0}}
    steps:
    - choose: much
      cases: [{when: count > 3}, {steps: [{task: more, title: More, who: ceo}]}]
    - task: look
      title: Look
      who: ceo
    outcomes: {many: {when: count > 3, title: Many}, some: {when: count > 1, title: Some}, few: {title: Few}}
"""
CALLED = """
    steps:
    - parallel: both
      join: any
      branches:
        ask: [{task: ask, title: Ask, who: ceo}]
        far: [{call: far, activity: slow}]
    - {task: read, title: "Read {{ ask.round }} {{ ask.outcome }} {{ ask.done.size() > 9 }}", who: ceo}
"""


def test_a_member_has_the_key_and_the_school_that_are_computed() -> None:
    play = Play(program(MEMBERS))

    assert [(task.address, task.school) for task in play.tasks()] == [
        ("visits[visitone]/visit", "ash"),
        ("visits[visittwo]/visit", "beech"),
    ]


def test_rows_are_given_or_have_their_default_and_mistakes_are_told_by_row() -> None:
    world = World(program(PUPILS), calendar(), directory())

    assert resolve_inputs(world, {})["pupils"] == [{"name": "Ada", "age": 6}]
    assert resolve_inputs(world, {"pupils": [{"name": "Ben", "age": 7}]})["pupils"] == [
        {"name": "Ben", "age": 7}
    ]
    with pytest.raises(InvalidInputError, match=r"^pupils, row 1, age: .*4"):
        resolve_inputs(world, {"pupils": [{"name": "Ben", "age": 3}]})


@pytest.mark.parametrize(("count", "outcome"), [(0, "few"), (2, "some"), (4, "many")])
def test_the_first_outcome_that_holds_is_the_end(count: int, outcome: str) -> None:
    play = Play(program(WAYS), {"count": count})

    if count <= 3:
        play.complete("more")
    play.complete("look")

    assert (play.state.status, play.state.outcome) == ("ended", outcome)


def test_a_call_that_is_not_waited_for_any_more_is_withdrawn() -> None:
    play = Play(program(CALLED))

    play.complete("ask")

    [gone] = [event for _, event in play.log[play.root] if isinstance(event, CallWithdrawn)]
    assert (gone.address, gone.by, gone.at, bool(gone.reason)) == ("both|1/far", "termwise", NOW, True)
    assert not play.state.calls
    assert [task.title for task in play.tasks()] == ["Read 1 done yes"]


def test_the_board_knows_how_many_are_asked_by_role() -> None:
    play = Play(program(CALLED))
    assert dict(play.state.asked) == {"ceo": 1}

    play.complete("ask")
    play.complete("read")

    assert not any(play.state.asked.values())


@pytest.mark.parametrize("text", ["100%", "10000"])
def test_as_many_as_may_be(text: str) -> None:
    assert is_join(text)


def test_no_more_than_that() -> None:
    assert not is_join("10001")
