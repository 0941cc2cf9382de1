"""What happens from outside: tasks that change hands, steps beside, members that come and go, the end."""

import pytest

from definitions.yaml_source import SourceError
from engine.commands import PassEvent
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import ClockStarted, ClockStopped, EventRaised
from reports.diagram.mermaid import flowchart
from reports.sentences import Sentences
from tests.engine.outside import CHILDREN, at, due, played, raised
from tests.worlds import named, program


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
