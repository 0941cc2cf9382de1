"""What a definition says of an absence happens when the register has it."""

from datetime import UTC, date, datetime

from engine import absence_events
from engine.covering import Absence
from engine.run import Run
from tests.worlds import NOW, Play, directory, named, program

PEOPLE = directory()
DATA, OTHER = named(PEOPLE, "Data ash"), named(PEOPLE, "Teacher Y2A ash")
FROM, LAST = date(2027, 4, 20), date(2027, 4, 22)
BACK = datetime(2027, 4, 23, 9, tzinfo=UTC)


def away(*people: str, until: date | None = None) -> tuple[Absence, ...]:
    return tuple(
        Absence(id=f"a-{n}", person=person, since=FROM, until=until) for n, person in enumerate(people)
    )


def learns(play: Play, absences: tuple[Absence, ...], at: datetime = NOW) -> list[str]:
    """The instance takes on what the register says now, as it does when it is renewed: what follows."""
    people = play.world.directory.model_copy(update={"absences": absences})
    play.at = at
    object.__setattr__(play.world, "directory", people)
    run = Run(play.world, play.state, at, "termwise")
    absence_events.tell(run)
    run.settle()
    play.states[play.root] = run.state
    return [event.kind for event in run.events]


APPRAISAL = """
    inputs: {person: {type: person}}
    on:
      absence-started: {of: person, by: ceo, do: ask, steps: [{task: decide, title: "Pause {{ reason }}", who: ceo}]}
      absence-ended: {of: person, by: ceo, do: ask, steps: [{task: resume, title: Go on, who: ceo}]}
    steps:
    - {task: talk, title: Talk, who: headteacher}
"""


def test_it_happens_once_for_whose_process_it_is() -> None:
    play = Play(program(APPRAISAL), {"person": DATA})

    assert learns(play, away(DATA)) == ["event-raised", "matter-opened", "task-opened"]
    assert play.task("decide").title == "Pause as the register says"
    assert learns(play, away(DATA)) == []
    assert learns(play, away(DATA, until=LAST), BACK) == ["event-raised", "matter-opened", "task-opened"]
    assert [task.step for task in play.tasks()] == ["resume", "decide", "talk"]
    assert learns(play, away(DATA, until=LAST), BACK) == []


def test_it_is_nothing_to_a_process_of_somebody_else() -> None:
    play = Play(program(APPRAISAL), {"person": DATA})

    assert learns(play, away(OTHER)) == []
