"""What is not done now is told with its reason and its day, and whose doing it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from engine.commands import DeferTask, SkipTask
from reports.story import story
from tests.worlds import Play, named, program

BOTH = """
    steps:
    - {task: visit, title: Visit, who: ceo, skip: {shut: It is shut}, defer: {ill: Somebody is ill}}
    - task: consult
      title: Say something
      who: ceo
      due: 2 school days after opened
      remind: []
      outcomes: {words: , silence: }
      unanswered: silence
"""


def told(play: Play) -> Iterator[str]:
    return (each.text for each in story(play.cast.log(), play.world.directory))


def test_what_was_put_off_skipped_and_not_answered_is_told_in_sentences() -> None:
    play = Play(program(BOTH))
    task, chief = play.task("visit").id, named(play.world.directory, "Chief")

    play.do(DeferTask(id=play.id(), by=chief, task=task, code="ill", until=date(2027, 4, 22)))
    play.pass_time(datetime(2027, 4, 22, 9, tzinfo=UTC))
    play.do(SkipTask(id=play.id(), by=chief, task=task, code="shut", comment="for good"))
    play.pass_time(datetime(2027, 4, 27, 9, tzinfo=UTC))

    assert list(told(play))[2:] == [
        "Chief put off 'Visit' until Thu 22 Apr 2027: Somebody is ill",
        "'Visit' came back to Chief",
        "Chief skipped 'Visit': It is shut: for good",
        "Opened: 'Say something', for Chief, due Mon 26 Apr 2027",
        "Nobody answered 'Say something' by its deadline: silence",
        "It ended: Done",
    ]
