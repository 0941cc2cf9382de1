"""What happens from outside: clocks that stand still and go on, tasks that change hands, steps beside, the end."""

from datetime import UTC, datetime

import pytest

from definitions.yaml_source import SourceError
from engine.commands import CompleteTask, PassEvent, RaiseEvent
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import ClockStarted, ClockStopped, Event, EventRaised
from reports.diagram.mermaid import flowchart
from reports.sentences import Sentences
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


def ash(play: Play) -> set[str]:
    return {task.id for task in play.tasks() if task.school == "ash"}


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


def test_every_refusal_says_what_is_missing() -> None:
    play = played()

    with pytest.raises(RefusedError, match=r"say to which school it happened \(--set school=\.\.\.\)"):
        raised(play, "inspection-notified")
    with pytest.raises(UnknownNameError, match="there is no school 'asch'; did you mean 'ash'"):
        raised(play, "inspection-notified", school="asch")
    with pytest.raises(NotAllowedError, match="Head beech may not raise 'inspection-notified' here"):
        raised(play, "inspection-notified", by="Head beech", school="ash")
    with pytest.raises(
        RefusedError, match="nothing stands still there that inspection-ended would let go on"
    ):
        raised(play, "inspection-ended", school="ash")
    with pytest.raises(UnknownNameError, match="did you mean 'hall-closed'"):
        raised(play, "hall-close", school="ash")
    raised(play, "inspection-notified", by="Head ash", school="ash")
    with pytest.raises(
        RefusedError, match="the clock of Ash stands still for inspection-notified already, since"
    ):
        raised(play, "inspection-notified", by="Head ash", school="ash")


@CHILDREN
def test_the_tasks_of_a_person_who_moved_are_given_to_others(run: str) -> None:
    play = played(run)

    raised(play, "person-moved", person="Head ash")

    (task,) = [task for task in play.tasks("visit") if task.school == "ash"]
    assert task.assignee == named(play.world.directory, "Data ash")
    (other,) = [task for task in play.tasks("visit") if task.school == "beech"]
    assert other.assignee == named(play.world.directory, "Head beech")


def test_without_anybody_named_the_line_manager_gets_them_and_without_one_the_owner_is_told() -> None:
    play = played()
    raised(play, "absence-started", person="Head ash")
    assert named(play.world.directory, "Chief") in {task.assignee for task in play.tasks("visit")}

    happened = raised(play, "absence-started", person="Chief")

    told = [event for event in happened if event.kind == "task-escalated"]
    assert [each.to for each in told] == [(named(play.world.directory, "Officer"),)]


def test_steps_begin_beside_the_others_and_the_end_waits_for_them() -> None:
    play = played()
    raised(play, "complaint-received", school="ash", **{"from": "a parent"})
    raised(play, "complaint-received", school="ash", **{"from": "a neighbour"})
    assert [task.title for task in play.tasks("answer")] == [
        "Answer ash: it came, a neighbour",
        "Answer ash: it came, a parent",
    ]
    assert {task.address for task in play.tasks("answer")} == {
        "on-complaint-received[ash]/answer",
        "on-complaint-received[ash+2]/answer",
    }
    play.complete(play.tasks("answer")[0])
    for step in ("visit", "report", "census"):
        for task in play.tasks(step):
            play.complete(task)
    play.complete("close")
    assert play.state.status == "running"

    play.complete("answer")

    assert play.state.status == "ended"


@CHILDREN
def test_an_event_may_end_all(run: str) -> None:
    play = played(run)

    raised(play, "ministry-called", by="Chief")

    assert {state.status for state in play.states.values()} == {"cancelled"}
    assert play.log[play.root][-1][1].model_dump()["reason"] == "ministry-called: it came"


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


def test_being_told_twice_changes_nothing() -> None:
    play = played("as child instances")
    raised(play, "inspection-notified", by="Head ash", school="ash")
    child = next(name for name, state in play.states.items() if state.stops and name != play.root)
    told = next(command for command, event in play.log[child] if isinstance(event, EventRaised))

    again = PassEvent(
        id=told,
        by="termwise",
        event="inspection-notified",
        reason="x",
        values={"school": "ash"},
        raised_by="p-0001",
    )

    assert play.do(again, instance=child) == ()
    assert play.do(again.model_copy(update={"id": play.id()}), instance=child) == ()


def test_the_history_tells_all_of_it() -> None:
    play = played()
    raised(play, "inspection-notified", by="Head ash", school="ash")
    play.pass_time(at(22))
    raised(play, "inspection-ended", by="Head ash", school="ash")

    sentences = Sentences(play.world.directory)
    for _, event in play.log[play.root]:
        sentences.hear(event)
    events = [e for _, e in play.log[play.root] if isinstance(e, EventRaised | ClockStopped | ClockStarted)]
    assert [sentences.say(event) for event in events] == [
        "Head ash raised inspection-notified at Ash (stop the clock): it came",
        "the clock stands still at Ash, for 1 deadline now, until inspection-ended",
        "Head ash raised inspection-ended at Ash (start the clock): it came",
        "the clock goes on at Ash; 'Visit' at Ash is due Thu 29 Apr 2027",
    ]


def test_the_diagram_shows_what_may_come() -> None:
    assert '>"inspection-notified: the clock stops for that school"]' in flowchart(played().world.program)


@CHILDREN
def test_the_tasks_of_a_school_are_put_off_and_come_back(run: str) -> None:
    play = played(run)

    raised(play, "review-opened", school="ash")

    assert {task.school for task in play.tasks("visit")} == {"beech"}
    play.pass_time(at(22))
    raised(play, "review-closed", school="ash")
    assert (due(play, "ash"), due(play, "beech")) == ("2027-04-29", "2027-04-27")
    with pytest.raises(RefusedError, match="nothing stands still there that review-closed would let go on"):
        raised(play, "review-closed", school="ash")


def test_what_was_put_off_comes_back_by_itself_and_statutory_work_is_never_put_off() -> None:
    play = played()
    raised(play, "review-opened", school="ash")

    play.pass_time(at(28))

    assert due(play, "ash") == "2027-05-06"
    play.complete(next(task for task in play.tasks("visit") if task.school == "ash"))
    play.complete(next(task for task in play.tasks("report") if task.school == "ash"))
    raised(play, "review-opened", school="ash")
    assert "ash" in {task.school for task in play.tasks("census")}


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


@CHILDREN
def test_a_school_joins_and_leaves(run: str) -> None:
    play = played(run)

    raised(play, "school-joined", school="cedar")
    assert {task.school for task in play.tasks("visit")} == {"ash", "beech", "cedar"}
    raised(play, "inspection-notified", by="Head cedar", school="cedar")
    raised(play, "school-left", school="cedar")

    assert {task.school for task in play.tasks("visit")} == {"ash", "beech"}
    with pytest.raises(RefusedError, match="nothing of Cedar is open in 'visits'"):
        raised(play, "school-left", school="cedar")
    with pytest.raises(RefusedError, match="'ash' takes part in 'visits' already"):
        raised(play, "school-joined", school="ash")


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        ("{of: school, do: defer, until: back}", "say when the tasks come back at the latest: add `at_most`"),
        ("{do: join, for_each: look}", "a school joins: say `of: school`"),
        ("{of: school, do: leave, for_each: look}", "there is no for_each 'look'"),
        (
            "{of: school, do: stop the clock}",
            "say when the clock goes on: add `until` (an event), `at_most`, or both",
        ),
        ("{do: stop the clock, until: back}", "a clock is stopped for a school: say `of: school`"),
        ("{of: school, do: stop the clock, at_most: 3 scool days}", "did you mean 'school days'"),
        (
            "{of: school, do: stop the clock, until: back, only: [lok]}",
            "there is no step 'lok'; did you mean 'look'",
        ),
        ("{of: school, do: cancel, until: back}", "'until' says nothing about 'cancel'; leave it out"),
        ("{of: school, do: reassign}", "tasks are reassigned from a person: say `of: person`"),
        ("{do: ask}", "there is nothing to ask: add `steps`"),
        ("{do: cancel, by: headteacher at school}", "there is no name 'school'"),
        ("{do: ask, steps: [{task: look, title: L, who: ceo}]}", "two steps are called 'look'"),
    ],
)
def test_what_could_not_be_done_is_told_at_its_place(handler: str, message: str) -> None:
    with pytest.raises(SourceError) as wrong:
        program(f"on: {{away: {handler}}}\nsteps: [{{task: look, title: Look, who: ceo}}]")

    assert message in str(wrong.value)


def test_a_stopped_task_may_be_done() -> None:
    play = played()
    raised(play, "inspection-notified", by="Head ash", school="ash")
    (task,) = [task for task in play.tasks("visit") if task.school == "ash"]

    play.do(CompleteTask(id=play.id(), by=task.asked[0], task=task.id))

    assert play.state.tasks[task.id].status == "completed"
