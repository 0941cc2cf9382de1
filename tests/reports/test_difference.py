"""What changed in a cycle between two moments, from a play in memory."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import JsonValue

from engine.access.sight import Sight
from engine.commands import CompleteTask, DeferTask
from reports.cycle import Cycle
from reports.difference import Difference, difference
from tests.worlds import Play, named, program

MARKS = """
scales: {mark: [low, middling, high]}
steps:
- task: judge
  title: Judge
  who: ceo
  defer: {ill: Somebody is ill}
  form:
    mark: {type: scale, of: mark, label: The mark}
    note: {type: text, personal: true}
    pieces:
      table: {code: {type: text}, value: {type: scale, of: mark}, pupil: {type: text, personal: true}}
- task: agree
  title: Agree
  who: school-improvement-officer
  outcomes:
    well: {label: It is so}
    not_so: {label: Judge again, return_to: judge}
"""
Pieces = dict[str, str]


@pytest.fixture
def play() -> Play:
    """A judgement was made."""
    play = Play(program(MARKS))
    judge(play, "low", {"A1": "low", "A2": "high"}, "p-0001")
    return play


def judge(play: Play, mark: str, pieces: Pieces, pupil: str) -> None:
    rows: list[JsonValue] = [{"code": code, "value": value, "pupil": pupil} for code, value in pieces.items()]
    values: dict[str, JsonValue] = {"mark": mark, "note": pupil, "pieces": rows}
    head = named(play.world.directory, "Chief")
    play.do(CompleteTask(id=play.id(), by=head, task=play.task("judge").id, values=values))


def send_back(play: Play) -> None:
    officer, task = named(play.world.directory, "Officer"), play.task("agree").id
    play.do(CompleteTask(id=play.id(), by=officer, task=task, outcome="not_so", reason="too low"))


def since(play: Play, position: int, sight: Sight = Sight.ALL) -> Difference:
    return difference(Cycle(play.state, (), play.cast.log(), play.world, sight), position)


def corrected(found: Difference) -> list[tuple[str, JsonValue, JsonValue]]:
    return [(each.label, each.before, each.after) for each in found.corrected]


def test_a_corrected_answer_says_where_it_stood_before_and_after(play: Play) -> None:
    then = len(play.cast.log())
    send_back(play)
    judge(play, "high", {"A1": "middling", "A2": "high", "A3": "low"}, "p-0001")

    found = since(play, then)

    assert corrected(found) == [("The mark", "low", "high"), ("pieces, A1, value", "low", "middling")]
    assert found.corrected[0].task == "'Judge'"
    assert [each.text for each in found.told["Sent back"]] == [
        "Officer sent 'Agree' back (not so); round 2 began: too low"
    ]
    assert [each.text for each in found.told["Decided"]] == ["Chief completed 'Judge'"]


def test_an_answer_that_is_asked_for_again_has_none_yet(play: Play) -> None:
    then = len(play.cast.log())
    send_back(play)

    found = since(play, then)

    assert [(each.name, each.after, each.after_by) for each in found.corrected] == [
        ("mark", None, None),
        ("note", None, None),
        ("pieces", None, None),
    ]


def test_what_was_answered_the_same_again_was_not_corrected(play: Play) -> None:
    then = len(play.cast.log())
    send_back(play)
    judge(play, "low", {"A1": "low", "A2": "high"}, "p-0001")

    assert not since(play, then).corrected


def test_what_is_personal_is_not_told_to_who_may_not_see_all(play: Play) -> None:
    then = len(play.cast.log())
    send_back(play)
    judge(play, "low", {"A1": "high", "A2": "high"}, "p-0002")

    everything, some = since(play, then), since(play, then, Sight.ANSWERS)

    assert {each.name for each in everything.corrected} == {
        "note", "pieces, A1, value", "pieces, A1, pupil", "pieces, A2, pupil",
    }  # fmt: skip
    assert corrected(some) == [("pieces, A1, value", "low", "high")]


def test_what_its_reader_may_not_see_is_neither_told_nor_compared(play: Play) -> None:
    then = len(play.cast.log())
    send_back(play)
    judge(play, "high", {"A1": "high"}, "p-0001")
    cycle = Cycle(play.state, (), play.cast.log(), play.world, Sight.OUTLINE)
    outline = replace(cycle, log=cycle.log[:1])

    found = difference(outline, then)

    assert (found.told, found.corrected, found.more) == ({}, (), 0)


def test_what_was_put_off_has_a_heading_of_its_own() -> None:
    play = Play(program(MARKS))
    then = len(play.cast.log())
    head, task = named(play.world.directory, "Chief"), play.task("judge").id
    play.do(DeferTask(id=play.id(), by=head, task=task, code="ill", until=date(2027, 4, 22)))

    found = since(play, then)

    assert [(heading, told[0].text) for heading, told in found.told.items()] == [
        ("Put off", "Chief put off 'Judge' until Thu 22 Apr 2027: Somebody is ill")
    ]
    assert set(since(play, 0).told) == {"Begun", "Put off"}
