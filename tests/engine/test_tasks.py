"""What people do with tasks, and what is refused with which sentence."""

from datetime import UTC, datetime

import pytest

from definitions.yaml_source import SourceError
from engine.commands import CancelProcess, ClaimTask, CompleteTask, ReassignTask, ReleaseTask
from engine.errors import InvalidInputError, NotAllowedError, RefusedError, UnknownNameError
from engine.events import TaskReturned
from engine.state import Tally
from tests.worlds import Play, named, program

MARK = """
    values: {place: ash, year: Y2}
    steps:
    - task: mark
      title: Mark the work
      who: class-teacher of year at place
      due: 3 school days after opened
    - task: check
      title: Check the marks
      who: headteacher at place or assessment-lead at place
      not_done_by: mark
      outcomes:
        fine: null
        wrong: {return_to: mark, at_most: 2}
"""


@pytest.fixture
def play() -> Play:
    return Play(program(MARK))


def claim(play: Play, step: str, by: str) -> None:
    play.do(ClaimTask(id=play.id(), by=named(play.world.directory, by), task=play.task(step).id))


def reassign(play: Play, step: str, by: str, to: str, reason: str = "away") -> None:
    people = play.world.directory
    task = play.task(step).id
    play.do(ReassignTask(id=play.id(), by=named(people, by), task=task, to=named(people, to), reason=reason))


def test_a_task_for_several_people_waits_for_one_to_claim_it(play: Play) -> None:
    both = {named(play.world.directory, name) for name in ("Teacher Y2A ash", "Teacher Y2B ash")}
    assert play.task("mark").assignee is None
    assert set(play.task("mark").candidates) == both

    claim(play, "mark", "Teacher Y2A ash")

    assert play.task("mark").asked == (named(play.world.directory, "Teacher Y2A ash"),)
    with pytest.raises(RefusedError, match="'Mark the work' is already with Teacher Y2A ash"):
        claim(play, "mark", "Teacher Y2B ash")
    with pytest.raises(
        NotAllowedError, match=r"Teacher Y2B ash is not asked to do .* it is for Teacher Y2A ash"
    ):
        play.complete("mark", by="Teacher Y2B ash")


def test_a_released_task_can_be_claimed_by_the_other(play: Play) -> None:
    claim(play, "mark", "Teacher Y2A ash")

    play.do(ReleaseTask(id=play.id(), by=play.task("mark").asked[0], task=play.task("mark").id))
    claim(play, "mark", "Teacher Y2B ash")

    assert play.task("mark").asked == (named(play.world.directory, "Teacher Y2B ash"),)


def test_a_task_handed_to_a_stranger_can_be_given_back_to_its_one_candidate() -> None:
    play = Play(program("steps:\n- task: only\n  title: Only\n  who: ceo\n"))
    reassign(play, "only", by="Chief", to="Officer")

    play.do(ReleaseTask(id=play.id(), by=named(play.world.directory, "Officer"), task=play.task("only").id))

    assert play.task("only").asked == (named(play.world.directory, "Chief"),)
    claim(play, "only", "Chief")
    with pytest.raises(RefusedError, match="nobody else can take 'Only'; ask for it to be reassigned"):
        play.do(ReleaseTask(id=play.id(), by=play.task("only").asked[0], task=play.task("only").id))


def test_an_answer_moves_the_work_on_and_is_counted(play: Play) -> None:
    play.complete("mark")

    assert [task.step for task in play.tasks()] == ["check"]
    assert play.state.tallies["An example", ""] == Tally(open=1, done=1)


def test_answering_twice_is_refused_with_who_did_it_and_when(play: Play) -> None:
    task = play.task("mark")
    play.complete(task, by="Teacher Y2A ash")

    with pytest.raises(
        RefusedError, match="'Mark the work' was already completed by Teacher Y2A ash on 20 Apr 2027"
    ):
        play.complete(task, by="Teacher Y2A ash")


def test_an_outcome_must_be_one_of_those_named(play: Play) -> None:
    play.complete("mark")

    with pytest.raises(RefusedError, match="needs an outcome; choose one of fine, wrong"):
        play.complete("check")
    with pytest.raises(UnknownNameError, match="there is no outcome 'fin'; did you mean 'fine'"):
        play.complete("check", "fin")


def test_work_sent_back_is_done_again_and_both_rounds_are_kept(play: Play) -> None:
    play.complete("mark", by="Teacher Y2A ash")

    events = play.complete("check", "wrong", reason=" The sums are off ")

    assert isinstance(events[0], TaskReturned)
    assert (events[0].reason, events[0].to, events[0].round) == ("The sums are off", "mark~2", 2)
    assert [
        (task.address, task.status) for task in sorted(play.state.tasks.values(), key=lambda t: t.address)
    ] == [
        ("check", "returned"),
        ("mark", "completed"),
        ("mark~2", "open"),
    ]


def test_sending_back_needs_a_reason_and_no_answer(play: Play) -> None:
    play.complete("mark")

    with pytest.raises(RefusedError, match=r"to send work back, give the reason \(--reason\)"):
        play.complete("check", "wrong", reason="  ")
    with pytest.raises(RefusedError, match="sends the work back, so the form is not filled in"):
        play.complete("check", "wrong", reason="no", note="x")


def test_whoever_does_it_again_sees_why(play: Play) -> None:
    play.complete("mark")

    play.complete("check", "wrong", reason="Two are missing")

    assert play.task("mark").round == 2
    opened = [event for _, event in play.log[play.root] if event.kind == "task-opened"]
    assert opened[-1].shown["Sent back"] == "Two are missing"
    assert "Sent back" not in opened[0].shown


def test_work_is_not_sent_back_for_ever(play: Play) -> None:
    for _ in range(2):
        play.complete("mark")
        play.complete("check", "wrong", reason="again")
    play.complete("mark")

    with pytest.raises(
        RefusedError, match="has been sent back 2 times, which is the limit; choose another outcome"
    ):
        play.complete("check", "wrong", reason="again")

    play.complete("check", "fine")
    assert play.state.status == "ended"


def test_four_eyes_are_not_asked_and_not_allowed_to_check_their_own_work(play: Play) -> None:
    reassign(play, "mark", by="Officer", to="Lead ash")
    play.complete("mark", by="Lead ash")

    assert play.task("check").asked == (named(play.world.directory, "Head ash"),)
    with pytest.raises(NotAllowedError, match="Lead ash did 'mark', and this needs a second pair of eyes"):
        reassign(play, "check", by="Officer", to="Lead ash")


def test_nobody_works_on_their_own_school_where_that_is_ruled_out() -> None:
    play = Play(
        program("""
        values: {place: ash}
        steps:
        - task: judge
          title: Judge
          who: headteacher
          not_at: place
        """)
    )

    heads = [named(play.world.directory, name) for name in ("Head beech", "Head cedar")]
    assert list(play.task("judge").candidates) == heads
    with pytest.raises(NotAllowedError, match="Head ash works at Ash, whose own work this is"):
        reassign(play, "judge", by="Officer", to="Head ash")


def test_a_task_that_nobody_can_do_stays_visible_until_its_owner_gives_it_to_somebody() -> None:
    play = Play(program("steps:\n- task: fly\n  title: Fly\n  who: astronaut\n"))
    assert play.task("fly").asked == ()
    told = [event for _, event in play.log[play.root] if event.kind == "task-escalated"]
    assert [event.to for event in told] == [(named(play.world.directory, "Officer"),)]
    with pytest.raises(NotAllowedError, match="Chief is not asked to do 'Fly'; it is for nobody yet"):
        play.complete("fly", by="Chief")

    reassign(play, "fly", by="Officer", to="Chief")
    play.complete("fly")

    assert play.state.status == "ended"


def test_only_some_may_reassign_and_only_with_a_reason(play: Play) -> None:
    with pytest.raises(
        NotAllowedError, match=r"Data ash may not reassign .* or the school-improvement-officer"
    ):
        reassign(play, "mark", by="Data ash", to="Chief")
    with pytest.raises(RefusedError, match="to reassign, give the reason"):
        reassign(play, "mark", by="Officer", to="Chief", reason="")


def test_whoever_has_left_is_neither_given_work_nor_answers_for_it(play: Play) -> None:
    people = play.world.directory
    leaver = people.person(named(people, "Teacher Y2A ash"))
    left = [
        post.model_copy(update={"until": datetime(2027, 4, 21, tzinfo=UTC).date()}) for post in leaver.posts
    ]
    staff = [p if p is not leaver else p.model_copy(update={"posts": tuple(left)}) for p in people.people]
    object.__setattr__(play.world, "directory", people.model_copy(update={"people": tuple(staff)}))
    play.at = datetime(2027, 4, 22, 9, tzinfo=UTC)

    with pytest.raises(NotAllowedError, match="Teacher Y2A ash holds no post here today"):
        play.complete("mark", by="Teacher Y2A ash")
    with pytest.raises(NotAllowedError, match="Teacher Y2A ash holds no post here today"):
        reassign(play, "mark", by="Officer", to="Teacher Y2A ash")


def test_a_cancelled_cycle_withdraws_its_tasks_and_takes_no_more_commands(play: Play) -> None:
    task, officer = play.task("mark"), named(play.world.directory, "Officer")
    with pytest.raises(
        NotAllowedError, match="Chief may not cancel it: that is for school-improvement-officer"
    ):
        play.do(CancelProcess(id=play.id(), by=named(play.world.directory, "Chief"), reason="no"))

    play.do(CancelProcess(id=play.id(), by=officer, reason="Not this year"))

    assert play.state.status == "cancelled"
    assert play.state.tasks[task.id].status == "withdrawn"
    assert play.state.next_moment is None
    with pytest.raises(RefusedError, match="The example has been cancelled"):
        play.complete(task)


def test_a_character_no_database_keeps_is_refused_before_anything_happens(play: Play) -> None:
    with pytest.raises(InvalidInputError, match="a text holds a null character"):
        reassign(play, "mark", by="Officer", to="Chief", reason="a\x00b")
    reassign(play, "mark", by="Officer", to="Chief", reason="written about: \\u0000")


def test_a_late_answer_is_marked_late(play: Play) -> None:
    play.pass_time(datetime(2027, 4, 26, 9, tzinfo=UTC))
    assert play.state.tallies["An example", ""] == Tally(open=1, overdue=1)

    events = play.complete("mark")

    assert events[0].kind == "task-completed"
    assert events[0].late
    assert play.state.tallies["An example", ""] == Tally(open=1, done=1)


REWORK = """
    values: {place: ash}
    steps:
    - task: write
      title: Write it
      who: headteacher at place
      form: {pages: {type: integer}}
    - task: read
      title: Read it
      who: ceo
      form: {mark: {type: integer}}
      outcomes:
        good: null
        poor:
          return_to: write
          at_most: 1
          at_limit: go on
          reasons: {short: It is too short, wrong: It is wrong}
    - task: sign
      title: "Sign {{ size(read.earlier) }}, {{ read.earlier[0].reason }}, {{ read.code }}, {{ read.mark == null }}"
      who: ceo or headteacher at place or school-improvement-officer
      not_done_by: [write, read]
"""


def return_it(play: Play, code: str | None, reason: str | None = None) -> None:
    task = play.task("read")
    order = {"id": play.id(), "by": task.asked[0], "task": task.id, "outcome": "poor"}
    play.do(CompleteTask.model_validate({**order, "code": code, "reason": reason}))


def test_where_reasons_are_listed_one_of_their_codes_is_given() -> None:
    play = Play(program(REWORK))
    play.complete("write", pages=1)

    with pytest.raises(RefusedError, match=r"to send work back, choose a reason \(--code\): short, wrong"):
        return_it(play, None, "It is short")
    with pytest.raises(UnknownNameError, match="there is no reason 'shrot'; did you mean 'short'"):
        return_it(play, "shrot")
    return_it(play, "short", " two pages at least ")

    [returned] = [event for _, event in play.log[play.root] if isinstance(event, TaskReturned)]
    assert (returned.code, returned.reason) == ("short", "It is too short: two pages at least")
    with pytest.raises(RefusedError, match="'done' has no reasons to choose from; give yours in words"):
        play.do(
            CompleteTask(
                id=play.id(), by=play.task("write").asked[0], task=play.task("write").id, code="short"
            )
        )


def test_work_that_came_back_often_enough_goes_on_with_every_round_kept() -> None:
    play = Play(program(REWORK))
    play.complete("write", pages=1)
    return_it(play, "short")
    play.complete("write", pages=2)

    return_it(play, "wrong", "still")

    sign = play.task("sign")
    assert sign.title == "Sign 1, It is too short, wrong, yes"
    assert [play.world.directory.person(each).name for each in sign.asked] == ["Officer"]
    earlier = play.state.value("", "read")
    assert isinstance(earlier, dict)
    assert earlier["earlier"] == [
        {
            "round": 1,
            "outcome": "poor",
            "by": named(play.world.directory, "Chief"),
            "done": play.at.isoformat(),
            "reason": "It is too short",
        }
    ]
    assert earlier["reason"] == "It is wrong: still"


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("not_done_by: [a, b, c]", "there is no earlier task in reach 'c'"),
        ("not_done_by: x", "there is no earlier task in reach 'x'; known: a, b"),
        ("outcomes: {on: , back: {at_limit: go on}}", "only work that is sent back has a limit"),
        ("outcomes: {back: {return_to: a}}", "every outcome sends the work back; one must let it go on"),
    ],
)
def test_a_task_that_cannot_be_meant_so_is_refused(task: str, message: str) -> None:
    text = f"{{task: a, title: A, who: ceo}}, {{task: b, title: B, who: ceo}}, {{task: x, title: X, who: ceo, {task}}}"

    with pytest.raises(SourceError, match=message):
        program(f"steps: [{text}]")
