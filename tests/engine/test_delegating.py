"""Work that another does for whoever it is asked of: it stays theirs, and comes back."""

from datetime import UTC, datetime

import pytest

from engine.commands import (
    ClaimTask,
    Command,
    CompleteTask,
    DelegateTask,
    HandBackTask,
    ReassignTask,
    RecuseFromTask,
    ReleaseTask,
)
from engine.errors import NotAllowedError, RefusedError
from engine.events import TaskCompleted, TaskDelegated, TaskEscalated, TaskHandedBack, TaskReminded
from reports.sentences import Sentences
from tests.worlds import Play, named, program

WORK = """
    values: {school: ash}
    steps:
    - task: write
      title: Write it
      who: assessment-lead at school
      due: 3 school days after opened
      remind: [1]
      escalate: {1: line-manager}
    - task: check
      title: Check it
      who: headteacher at school or assessment-lead at school or class-teacher at school
      not_done_by: write
"""
POOL = "values: {school: ash}\nsteps: [{task: look, title: Look, who: class-teacher at school}]"
VOTE = """
    values: {school: ash}
    steps: [{task: vote, title: Vote, who: headteacher at school or assessment-lead at school, quorum: all}]
"""


@pytest.fixture
def play() -> Play:
    return Play(program(WORK))


def sent(play: Play, model: type[Command], by: str, step: str = "write", **says: object) -> None:
    task = play.task(step)
    play.do(model(id=play.id(), by=named(play.world.directory, by), task=task.id, **says))


def delegated(play: Play, to: str = "Data ash", by: str = "Lead ash", step: str = "write") -> None:
    sent(play, DelegateTask, by, step, to=named(play.world.directory, to), reason="I am away")


def last(play: Play) -> object:
    return play.cast.played[-1].event


def test_the_delegate_does_it_for_the_owner(play: Play) -> None:
    delegated(play)
    task = play.task("write")
    play.complete("write")

    done = next(each.event for each in play.cast.played if isinstance(each.event, TaskCompleted))
    lead, data = (named(play.world.directory, name) for name in ("Lead ash", "Data ash"))
    assert (task.assignee, task.delegated_by, task.asked) == (data, lead, (data,))
    assert (done.by, done.for_) == (data, lead)


def test_what_was_delegated_is_its_owners_for_a_second_pair_of_eyes(play: Play) -> None:
    delegated(play)
    play.complete("write")

    # Neither who did it nor for whom it was done is asked to check it.
    lead, data = (named(play.world.directory, name) for name in ("Lead ash", "Data ash"))
    check = play.task("check")
    assert named(play.world.directory, "Head ash") in check.candidates
    assert {lead, data}.isdisjoint(check.candidates)
    with pytest.raises(NotAllowedError, match="a second pair of eyes"):
        play.do(ReassignTask(
            id=play.id(), by=named(play.world.directory, "Officer"), task=check.id, to=lead, reason="so"
        ))  # fmt: skip


def test_a_delegate_may_not_pass_it_on(play: Play) -> None:
    delegated(play)

    head = named(play.world.directory, "Head ash")
    with pytest.raises(
        NotAllowedError, match=r"you do 'Write it' for Lead ash, so it is not yours to delegate"
    ):
        delegated(play, "Head ash", "Data ash")
    with pytest.raises(NotAllowedError, match="not yours to reassign"):
        sent(play, ReassignTask, "Data ash", to=head, reason="so")
    with pytest.raises(RefusedError, match="hand it back"):
        sent(play, ReleaseTask, "Data ash")


def test_it_goes_back_to_its_owner_either_way(play: Play) -> None:
    for by in ("Data ash", "Lead ash"):
        delegated(play)
        sent(play, HandBackTask, by, reason=" ")
        back = last(play)
        assert isinstance(back, TaskHandedBack)
        assert back.reason is None
        assert play.task("write").asked == (named(play.world.directory, "Lead ash"),)
    with pytest.raises(RefusedError, match="is not delegated"):
        sent(play, HandBackTask, "Lead ash")


def test_only_the_two_may_give_it_back(play: Play) -> None:
    delegated(play)

    with pytest.raises(
        NotAllowedError, match="handed back by Data ash, who does it, or taken back by Lead ash"
    ):
        sent(play, HandBackTask, "Head ash")
    with pytest.raises(
        NotAllowedError, match="you have delegated 'Write it' to Data ash; take it back first"
    ):
        sent(play, CompleteTask, "Lead ash")


def test_reminders_go_to_the_delegate_and_escalations_along_the_owners_line() -> None:
    play = Play(program(WORK))
    delegated(play, "Lead beech")
    events = play.pass_time(datetime(2027, 4, 28, 12, tzinfo=UTC))

    people = play.world.directory
    reminded = next(each for each in events if isinstance(each, TaskReminded))
    escalated = next(each for each in events if isinstance(each, TaskEscalated))
    assert reminded.to == (named(people, "Lead beech"),)
    assert escalated.to == (named(people, "Head ash"),)


def test_what_is_with_nobody_or_with_another_cannot_be_delegated() -> None:
    play = Play(program(POOL))

    with pytest.raises(RefusedError, match="is with nobody yet; take it on first"):
        delegated(play, "Head ash", "Teacher Y2A ash", "look")
    sent(play, ClaimTask, "Teacher Y2A ash", "look")
    with pytest.raises(RefusedError, match="say who else"):
        delegated(play, "Teacher Y2A ash", "Teacher Y2A ash", "look")
    with pytest.raises(NotAllowedError, match="is not asked to do"):
        delegated(play, "Head ash", "Teacher Y2B ash", "look")
    with pytest.raises(RefusedError, match=r"give the reason"):
        sent(play, DelegateTask, "Teacher Y2A ash", "look", to="p-0001", reason=" ")


def test_nobody_votes_twice_by_delegation() -> None:
    play = Play(program(VOTE))
    people = play.world.directory
    lead = next(task for task in play.tasks() if task.assignee == named(people, "Lead ash"))
    order = {"id": play.id(), "by": named(people, "Lead ash"), "task": lead.id, "reason": "so"}

    with pytest.raises(RefusedError, match="may not give two"):
        play.do(DelegateTask(**order, to=named(people, "Head ash")))
    play.do(DelegateTask(**order, to=named(people, "Data ash")))
    head = next(task for task in play.tasks() if task.assignee == named(people, "Head ash"))
    with pytest.raises(RefusedError, match="may not give two"):
        play.do(DelegateTask(
            id=play.id(), by=head.assignee, task=head.id, to=named(people, "Lead ash"), reason="so"
        ))  # fmt: skip


def test_a_delegate_with_an_interest_gives_it_back_to_its_owner(play: Play) -> None:
    delegated(play)
    sent(play, RecuseFromTask, "Data ash")

    task = play.task("write")
    assert (task.assignee, task.delegated_by) == (named(play.world.directory, "Lead ash"), None)


def test_somebody_else_may_be_asked_instead(play: Play) -> None:
    delegated(play)
    sent(play, ReassignTask, "Head ash", to=named(play.world.directory, "Head ash"), reason="so")

    task = play.task("write")
    assert (task.assignee, task.delegated_by) == (named(play.world.directory, "Head ash"), None)


def test_it_is_told_in_sentences(play: Play) -> None:
    delegated(play)
    say = Sentences(play.world.directory)
    for each in play.cast.played:
        say.hear(each.event)
    event = last(play)

    assert isinstance(event, TaskDelegated)
    assert say.say(event) == "Lead ash asked Data ash to do 'Write it' at Ash for them: I am away"
