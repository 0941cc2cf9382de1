"""Instances that take on what the register says now."""

from collections.abc import Sequence
from datetime import timedelta

from engine.commands import RenewInstance
from engine.events import Event, TaskReplanned
from engine.people import Directory
from tests.documents import kept
from tests.people import joining
from tests.worlds import NOW, Play, calendar

YESTERDAY = NOW.date() - timedelta(days=1)
LOOK = """
steps:
- for_each: visits
  over: {school: '["ash"]'}
  steps:
  - task: look
    title: Look around
    who: headteacher at school
    due: 5 school days after start
    defer: {ill: The headteacher is ill}
"""
YEAR_SIX = """
values: {school: ash, year_group: Y6}
steps:
- {task: judge, title: Judge it, who: class-teacher of year_group at school}
"""
EACH = """
values: {school: ash, year_group: Y6}
steps:
- task: agree
  title: Agree with it
  who: class-teacher of year_group at school
  quorum: all responded
  outcomes: {yes_it_is: null, no_it_is_not: null}
"""
NOT_TWICE = """
steps:
- {task: write, title: Write it, who: ceo or school-improvement-officer}
- {task: check, title: Check it, who: ceo or school-improvement-officer, not_done_by: write}
"""


def come(people: Directory, name: str, role: str, school: str, **scope: str) -> Directory:
    """Somebody more holds this role from today on."""
    return joining(people, name, role, school, since=NOW.date(), **scope)


def renewal(play: Play, people: Directory) -> RenewInstance:
    """The command that takes on this directory, whose documents are loaded."""
    return RenewInstance(id=play.id(), by="termwise", calendar=kept(calendar()), directory=kept(people))


def renewed(play: Play, people: Directory) -> tuple[Event, ...]:
    return play.do(renewal(play, people))


def replanned(events: Sequence[Event]) -> list[TaskReplanned]:
    return [event for event in events if isinstance(event, TaskReplanned)]
