"""Visits to schools that are told of what happens outside."""

from datetime import UTC, datetime

import pytest

from engine.commands import RaiseEvent
from engine.events import Event
from tests.worlds import Play, named, program

VISITS = """
    on:
      inspection-notified:
        of: school
        by: headteacher at school
        do: stop the clock
        until: inspection-ended
      hall-closed: {of: school, do: stop the clock, at_most: 3 school days, only: [visit]}
      person-moved: {of: person, do: reassign, to: data-manager at school or ceo}
      absence-started: {of: person, do: reassign}
      review-opened: {of: school, do: defer, at_most: 6 school days, until: review-closed, only: [visit, census]}
      school-joined: {of: school, do: join, for_each: visits}
      school-left: {of: school, do: leave, for_each: visits}
      ministry-called: {do: cancel, by: ceo}
      complaint-received:
        of: school
        do: ask
        steps:
        - {task: answer, title: "Answer {{ school }}: {{ reason }}, {{ values.from }}", who: headteacher at school}
    steps:
    - for_each: visits
      over: {school: "['ash', 'beech']"}
      RUN
      steps:
      - task: visit
        title: Visit
        who: headteacher at school
        due: 5 school days after opened
        remind: [3, 0]
        escalate: {2: ceo}
      - {task: report, title: Report, who: headteacher at school, due: 2 school days after opened}
      - {task: census, title: Census, who: headteacher at school, due: on 2027-05-26, status: statutory}
    - {task: close, title: Close, who: ceo}
"""


def played(run: str = "in this instance") -> Play:
    return Play(program(VISITS.replace("RUN", f"run: {run}")))


def raised(play: Play, event: str, by: str = "Officer", **values: str) -> tuple[Event, ...]:
    person = named(play.world.directory, by)
    command = RaiseEvent(id=play.id(), by=person, event=event, reason="it came", values={**values})
    return play.do(command)


def at(day: int, hour: int = 9, month: int = 4) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


def due(play: Play, school: str, step: str = "visit") -> str:
    (task,) = [task for task in play.tasks(step) if task.school == school]
    assert task.due
    return str(task.due.on)


CHILDREN = pytest.mark.parametrize("run", ["in this instance", "as child instances"])


def ash(play: Play) -> set[str]:
    return {task.id for task in play.tasks() if task.school == "ash"}
