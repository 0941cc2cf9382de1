"""A trust of which somebody is away, and plays in which another stands in."""

from datetime import date

from engine.commands import ClaimTask
from engine.covering import Absence, Cover
from engine.events import TaskCompleted
from engine.state import Task
from tests.worlds import Play, named, program

READ = """
    values: {place: ash}
    steps:
    - task: read
      title: Read it
      who: headteacher at place
      skip: {gone: It is gone}
      defer: {later: It can wait}
    - task: answer
      title: Answer it
      who: ceo
      outcomes:
        fine: null
        poor: {return_to: read}
"""
PEOPLE = Play(program(READ)).world.directory
CHIEF, OFFICER = named(PEOPLE, "Chief"), named(PEOPLE, "Officer")
HEAD, LEAD, DATA = (named(PEOPLE, f"{role} ash") for role in ("Head", "Lead", "Data"))
HEAD_BEECH, HEAD_CEDAR = named(PEOPLE, "Head beech"), named(PEOPLE, "Head cedar")
MARKER, OTHER_MARKER = named(PEOPLE, "Teacher Y2A ash"), named(PEOPLE, "Teacher Y2B ash")
FROM = date(2027, 4, 19)


def cover(
    person: str | None, *deputies: str, number: int = 1, role: str | None = None, **more: object
) -> Cover:
    return Cover.model_validate(
        {
            "id": f"c-{number}",
            "person": person,
            "role": role,
            "deputies": deputies,
            "from": FROM,
            **more,
        }
    )


def away(person: str, number: int = 1, to: date | None = None) -> Absence:
    return Absence.model_validate({"id": f"a-{number}", "person": person, "from": FROM, "to": to})


def playing(text: str = READ, **known: object) -> Play:
    """A play in whose directory these covers, absences and interests are known from the beginning."""
    return Play(program(text), people=PEOPLE.model_copy(update=known))


def claim(play: Play, task: Task, by: str) -> None:
    play.do(ClaimTask(id=play.id(), by=by, task=task.id))


def done(
    play: Play, task: Task, by: str, outcome: str | None = None, reason: str | None = None
) -> TaskCompleted:
    events = play.complete(task, outcome, by=by, reason=reason)
    assert isinstance(events[0], TaskCompleted)
    return events[0]


MARK = """
    values: {place: ash}
    steps:
    - {task: mark, title: Mark, who: class-teacher of year at place}
"""


JUDGE = """
    values: {place: ash}
    steps:
    - task: judge
      title: Judge
      who: headteacher
      not_at: place
"""
