"""Clocks that stand still and go on, and the deadlines that move with them."""

from datetime import UTC, datetime

from engine.commands import CompleteTask
from engine.events import ClockStarted
from tests.engine.outside import CHILDREN, VISITS, ash, at, due, played, raised
from tests.worlds import Play, program


@CHILDREN
def test_the_clock_of_one_school_stands_still_and_its_deadlines_move(run: str) -> None:
    play = played(run)
    assert (due(play, "ash"), due(play, "beech")) == ("2027-04-27", "2027-04-27")

    play.pass_time(at(21))
    raised(play, "inspection-notified", by="Head ash", school="ash")
    happened = play.pass_time(at(29))
    assert {event.task for event in happened if event.kind == "task-overdue"} == {
        task.id for task in play.tasks("visit") if task.school == "beech"
    }

    raised(play, "inspection-ended", by="Head ash", school="ash")

    assert (due(play, "ash"), due(play, "beech")) == ("2027-05-06", "2027-04-27")
    (task,) = [task for task in play.tasks("visit") if task.school == "ash"]
    assert task.due
    assert task.due.why.endswith("; moved on 6 school days, for which the clock stood still")
    happened = play.pass_time(at(11, month=5))
    assert [(e.kind, e.at.day) for e in happened if getattr(e, "task", None) == task.id] == [
        ("task-reminded", 30),
        ("task-reminded", 6),
        ("task-overdue", 6),
        ("task-escalated", 10),
    ]


@CHILDREN
def test_what_opens_meanwhile_stands_still_from_the_beginning(run: str) -> None:
    play = played(run)
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.pass_time(at(22))
    (visit,) = [task for task in play.tasks("visit") if task.school == "ash"]
    play.complete(visit)

    assert not [e for e in play.pass_time(at(28)) if e.kind == "task-overdue" and e.task in ash(play)]
    raised(play, "inspection-ended", by="Head ash", school="ash")

    assert due(play, "ash", "report") == "2027-04-30"


def test_a_statutory_deadline_never_stops() -> None:
    play = played()
    for step in ("visit", "report"):
        play.complete(next(task for task in play.tasks(step) if task.school == "ash"))
    raised(play, "inspection-notified", by="Head ash", school="ash")

    happened = play.pass_time(datetime(2027, 5, 27, 9, tzinfo=UTC))

    assert "census" in {play.state.tasks[e.task].step for e in happened if e.kind == "task-overdue"}


def test_a_stop_ends_by_itself_and_holds_only_the_steps_that_are_meant() -> None:
    play = played()
    play.complete(next(task for task in play.tasks("visit") if task.school == "ash"))
    raised(play, "hall-closed", school="ash")
    raised(play, "hall-closed", school="beech")

    happened = play.pass_time(at(26))

    assert [e.school for e in happened if isinstance(e, ClockStarted)] == ["ash", "beech"]
    assert {play.state.tasks[e.task].school for e in happened if e.kind == "task-overdue"} == {"ash"}
    assert due(play, "beech") == "2027-04-30"
    assert not play.state.stops


def test_two_stops_at_once_move_a_deadline_by_the_days_on_which_either_held_it() -> None:
    play = played()
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.pass_time(at(21))
    raised(play, "hall-closed", school="ash")
    play.pass_time(at(22))
    raised(play, "inspection-ended", by="Head ash", school="ash")
    assert due(play, "ash") == "2027-04-27"

    play.pass_time(at(26, 18))

    assert due(play, "ash") == "2027-05-04"


def test_what_was_late_before_stays_late() -> None:
    play = played()
    play.pass_time(at(28))
    raised(play, "inspection-notified", by="Head ash", school="ash")
    assert not [
        e for e in play.pass_time(at(4, month=5)) if e.kind == "task-escalated" and e.task in ash(play)
    ]
    raised(play, "inspection-ended", by="Head ash", school="ash")

    assert due(play, "ash") == "2027-04-27"
    assert [e.at.day for e in play.pass_time(at(20, month=5)) if e.kind == "task-escalated"] == [5]


def test_a_deadline_that_fell_into_the_stop_leaves_a_day() -> None:
    play = played()
    play.pass_time(at(27, 15))
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.pass_time(at(27, 18))

    raised(play, "inspection-ended", by="Head ash", school="ash")

    assert due(play, "ash") == "2027-04-28"
    assert not [e for e in play.pass_time(at(28, 12)) if e.kind == "task-overdue" and e.task in ash(play)]


def test_a_wait_of_the_school_stands_still_too() -> None:
    text = """
        on: {away: {of: school, do: stop the clock, until: back}}
        values: {school: ash}
        steps:
        - {wait: pause, until: 2 school days after opened}
        - {task: close, title: Close, who: ceo}
    """
    play = Play(program(text))
    raised(play, "away", school="ash")
    play.pass_time(at(30))
    assert not play.tasks()

    raised(play, "back", school="ash")
    assert play.state.waits["pause"].until
    play.pass_time(at(7, month=5))

    assert play.task("close")


def test_a_child_that_begins_later_stands_still_as_well() -> None:
    text = VISITS.replace(
        "steps:\n    - for_each", "steps:\n    - {task: begin, title: Begin, who: ceo}\n    - for_each"
    )
    play = Play(program(text.replace("RUN", "run: as child instances")))
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.complete("begin")

    (task,) = [task for task in play.tasks("visit") if task.school == "ash"]

    assert task.stopped == ("on-inspection-notified[ash]",)
    assert not [e for e in play.pass_time(at(29)) if e.kind == "task-overdue" and e.task == task.id]


def test_what_was_stopped_and_then_put_off_counts_both() -> None:
    play = played()
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.pass_time(at(21))
    raised(play, "review-opened", school="ash")
    play.pass_time(at(22))
    raised(play, "review-closed", school="ash")
    play.pass_time(at(23))
    raised(play, "inspection-ended", by="Head ash", school="ash")

    assert due(play, "ash") == "2027-04-30"


def test_a_stopped_task_may_be_done() -> None:
    play = played()
    raised(play, "inspection-notified", by="Head ash", school="ash")
    (task,) = [task for task in play.tasks("visit") if task.school == "ash"]

    play.do(CompleteTask(id=play.id(), by=task.asked[0], task=task.id))

    assert play.state.tasks[task.id].status == "completed"
