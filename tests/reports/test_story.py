"""The story of a cycle, from a play in memory."""

from engine.commands import CancelProcess, CompleteTask
from engine.records import Recorded
from reports.story import story
from tests.worlds import NOW, Play, named, program

TIDY = """
inputs: {schools: {type: list of school, default: all}}
steps:
- for_each: rooms
  over: {school: schools}
  steps:
  - task: look
    title: Look around
    who: headteacher at school
  - task: agree
    title: Agree
    who: school-improvement-officer
    outcomes:
      well: {label: It is so}
      not_so: {label: Look again, return_to: look}
"""


def recorded(play: Play) -> list[Recorded]:
    """The log of a play, as the store would have it."""
    return [
        Recorded(position=n, stream=play.root, version=n, command=command, recorded_at=NOW, event=event)
        for n, (command, event) in enumerate(play.log[play.root], start=1)
    ]


def told(play: Play, *, full: bool = False) -> list[str]:
    return [each.text for each in story(recorded(play), play.world.directory, full=full)]


def test_people_asked_the_same_at_once_are_told_in_one_sentence() -> None:
    play = Play(program(TIDY))

    assert told(play) == [
        "Officer started The example",
        "3 tasks opened; the first: 'Look around' at Ash, for Head ash",
    ]
    assert len(told(play, full=True)) == 5


def test_rework_is_told_with_its_reason_and_round() -> None:
    play = Play(program(TIDY), {"schools": ["ash"]})
    look = play.tasks("look")[0]
    play.do(CompleteTask(id=play.id(), by=named(play.world.directory, "Head ash"), task=look.id))
    agree = play.tasks("agree")[0]
    officer = named(play.world.directory, "Officer")
    play.do(CompleteTask(id=play.id(), by=officer, task=agree.id, outcome="not_so", reason="the cellar"))

    assert told(play)[2:] == [
        "Head ash completed 'Look around' at Ash",
        "Opened: 'Agree' at Ash, for Officer",
        "Officer sent 'Agree' at Ash back (not so); round 2 began: the cellar",
        "Opened: 'Look around' at Ash, for Head ash",
    ]


def test_an_end_that_somebody_chose_is_told_with_the_reason() -> None:
    play = Play(program(TIDY))
    play.do(CancelProcess(id=play.id(), by=named(play.world.directory, "Officer"), reason="snow"))

    withdrawn, cancelled = told(play)[2:]
    assert withdrawn.startswith("3 tasks were withdrawn; the first: 'Look around' at ")
    assert cancelled == "Officer cancelled it: snow"
