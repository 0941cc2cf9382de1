"""Tasks that are not done now: skipped, put off, or closed by their deadline; each with its reason, never hidden."""

from datetime import UTC, date, datetime

import pytest

from definitions.yaml_source import SourceError
from engine.commands import CancelProcess, DeferTask, ResumeTask, SkipTask
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import TERMWISE, TaskDeferred, TaskLapsed, TaskOverdue, TaskResumed, TaskSkipped
from engine.setting_aside import MAX_DEFERRALS
from engine.state import Tally, Task
from tests.worlds import Play, named, program

AUDIT = """
    values: {school: ash}
    steps:
    - task: audit
      title: Audit the books
      who: assessment-lead at school
      due: 5 school days after opened
      remind: [2]
      escalate: {1: headteacher at school}
      skip: {no-books: There are no books}
      defer: {inspected: The school is being inspected, absent: Nobody is there}
      form: {seen: {type: integer}}
    - task: read
      title: "Read {{ audit.outcome }}, {{ audit.code }}, {{ audit.seen == null }}"
      who: ceo
"""
CONSULT = """
    steps:
    - task: consult
      title: Say what you think
      who: ceo
      due: 5 school days after opened
      outcomes: {agree: , disagree: , silence: {label: No answer}}
      unanswered: silence
      form: {words: {type: text}}
    - task: read
      title: "Read {{ consult.outcome }}, {{ consult.by == null }}, {{ consult.words == null }}"
      who: school-improvement-officer
"""
#: Six school days after the task was opened, and what the deadline is then: 3 May is a bank holiday.
WEEK_LATER = date(2027, 4, 28)


def at(day: int, month: int = 4, hour: int = 9) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


@pytest.fixture
def play() -> Play:
    return Play(program(AUDIT))


def skip(play: Play, by: str = "Lead ash", code: str = "no-books", comment: str | None = None) -> None:
    people, task = play.world.directory, play.task("audit").id
    play.do(SkipTask(id=play.id(), by=named(people, by), task=task, code=code, comment=comment))


def defer(play: Play, until: date, by: str = "Lead ash", code: str = "inspected") -> Task:
    task = play.task("audit")
    by = named(play.world.directory, by)
    play.do(DeferTask(id=play.id(), by=by, task=task.id, code=code, until=until, comment=" until Friday "))
    return play.state.tasks[task.id]


def resume(play: Play, task: Task, by: str = "Lead ash") -> None:
    play.do(ResumeTask(id=play.id(), by=named(play.world.directory, by), task=task.id))


def due_on(play: Play) -> date:
    due = play.task("audit").due
    assert due
    return due.on


# ---- skip


def test_a_skipped_task_lets_the_work_go_on_and_says_why(play: Play) -> None:
    skip(play, comment="they burnt")

    [event] = [event for _, event in play.log[play.root] if isinstance(event, TaskSkipped)]
    assert (event.code, event.reason) == ("no-books", "There are no books: they burnt")
    assert play.task("read").title == "Read skipped, no-books, yes"
    assert play.state.tallies["An example", "ash"] == Tally(open=1, skipped=1)
    with pytest.raises(RefusedError, match="'Audit the books' was already skipped by Lead ash on 20 Apr"):
        play.complete(play.state.tasks[event.task], by="Lead ash", seen=1)


def test_only_the_listed_reasons_count(play: Play) -> None:
    with pytest.raises(UnknownNameError, match="there is no reason 'no-book'; did you mean 'no-books'"):
        skip(play, code="no-book")
    unlisted = Play(program("steps: [{task: audit, title: Audit, who: ceo}]"))
    with pytest.raises(RefusedError, match="'Audit' must be done: the process lists no reasons to skip it"):
        skip(unlisted, by="Chief")
    with pytest.raises(
        RefusedError, match="'Audit' cannot be put off: the process lists no reasons to defer"
    ):
        defer(unlisted, WEEK_LATER, by="Chief")


@pytest.mark.parametrize("by", ["Lead ash", "Head ash", "Officer"])
def test_whoever_is_asked_the_head_and_the_owner_may_skip(play: Play, by: str) -> None:
    skip(play, by)

    assert play.task("read")


@pytest.mark.parametrize("by", ["Head beech", "Data ash", "Chief"])
def test_nobody_else_may_skip_or_put_off(play: Play, by: str) -> None:
    with pytest.raises(NotAllowedError, match=f"{by} may not skip 'Audit the books': that is for whoever is"):
        skip(play, by)
    with pytest.raises(NotAllowedError, match=f"{by} may not defer 'Audit the books'"):
        defer(play, WEEK_LATER, by)


# ---- defer


def test_a_deferred_task_is_neither_open_nor_done_and_nobody_is_reminded(play: Play) -> None:
    task = defer(play, WEEK_LATER)

    [event] = [event for _, event in play.log[play.root] if isinstance(event, TaskDeferred)]
    assert event.reason == "The school is being inspected: until Friday"
    assert (event.until, event.on) == (at(28, hour=7), WEEK_LATER)
    assert (task.status, play.tasks()) == ("deferred", [])
    assert play.state.tallies["An example", "ash"] == Tally(deferred=1)
    assert not play.state.asked
    assert play.pass_time(at(28, hour=6)) == []
    with pytest.raises(
        RefusedError, match="'Audit the books' is deferred until Wed 28 Apr 2027; bring it back"
    ):
        play.complete(task, by="Lead ash", seen=1)


def test_it_comes_back_on_its_day_with_the_deadline_counted_anew(play: Play) -> None:
    assert due_on(play) == date(2027, 4, 27)
    defer(play, WEEK_LATER)

    [event] = play.pass_time(at(28))

    assert isinstance(event, TaskResumed)
    assert (event.by, event.to) == (TERMWISE, (named(play.world.directory, "Lead ash"),))
    assert due_on(play) == date(2027, 5, 6)  # Six school days on.
    assert event.due
    assert event.due.why.endswith("; moved on 6 school days, for which it was deferred")
    assert play.state.tallies["An example", "ash"] == Tally(open=1)
    told = [(e.kind, e.at.date()) for e in play.pass_time(at(10, 5))]
    assert told == [
        ("task-reminded", date(2027, 5, 4)),
        ("task-overdue", date(2027, 5, 6)),
        ("task-escalated", date(2027, 5, 7)),
    ]
    play.complete("audit", seen=3)
    assert play.task("read").title == "Read done, , no"


def test_it_may_be_brought_back_before_its_day(play: Play) -> None:
    task = defer(play, WEEK_LATER)
    play.pass_time(at(22))

    resume(play, task, by="Head ash")

    assert due_on(play) == date(2027, 4, 29)  # Two school days on.
    with pytest.raises(RefusedError, match="'Audit the books' is open; only what was put off can come back"):
        resume(play, task)


def test_late_work_that_was_put_off_comes_back_late(play: Play) -> None:
    play.pass_time(at(28))
    assert play.state.tallies["An example", "ash"] == Tally(open=1, overdue=1)

    defer(play, date(2027, 4, 30))
    assert play.state.tallies["An example", "ash"] == Tally(deferred=1)
    events = play.pass_time(at(30, hour=7))

    assert [type(event) for event in events] == [TaskResumed, TaskOverdue]
    assert due_on(play) == date(2027, 4, 29)
    assert play.state.tallies["An example", "ash"] == Tally(open=1, overdue=1)


def test_a_statutory_deadline_does_not_move() -> None:
    play = Play(program(AUDIT.replace("remind", "status: statutory\n      remind")))

    with pytest.raises(RefusedError, match="is statutory and does not move; choose a day up to Tue 27 Apr"):
        defer(play, WEEK_LATER)
    defer(play, date(2027, 4, 27))
    play.pass_time(at(27))

    assert due_on(play) == date(2027, 4, 27)


def test_a_task_without_a_deadline_comes_back_without_one() -> None:
    text = AUDIT.replace("      due: 5 school days after opened\n", "").replace(
        "      escalate: {1: headteacher at school}\n", ""
    )
    play = Play(program(text))
    defer(play, WEEK_LATER)

    [event] = play.pass_time(at(28))

    assert isinstance(event, TaskResumed)
    assert (event.due, event.moments) == (None, ())


@pytest.mark.parametrize(
    ("until", "message"),
    [
        (date(2027, 4, 20), "is put off to a later day; choose one after Tue 20 Apr 2027"),
        (date(2027, 12, 1), "cannot say whether Wed 1 Dec 2027 is a school day"),
        (date(2027, 7, 8), "cannot say what is 51 school days after Tue 27 Apr 2027"),
    ],
)
def test_a_day_that_cannot_be_is_refused(play: Play, until: date, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        defer(play, until)


def test_a_task_is_not_put_off_for_ever(play: Play) -> None:
    for _ in range(MAX_DEFERRALS):
        resume(play, defer(play, WEEK_LATER))

    with pytest.raises(RefusedError, match="was put off 5 times, which is the limit"):
        defer(play, WEEK_LATER)


def test_what_was_put_off_may_be_skipped_and_is_withdrawn_with_its_cycle(play: Play) -> None:
    other = Play(program(AUDIT))
    for each in (play, other):
        defer(each, WEEK_LATER)
    task = play.state.tasks[next(iter(play.state.deferred_tasks))]

    officer = named(play.world.directory, "Officer")
    play.do(SkipTask(id=play.id(), by=officer, task=task.id, code="no-books"))
    other.do(CancelProcess(id=other.id(), by=officer, reason="Not this year"))

    assert play.task("read")
    assert (play.state.next_moment, other.state.next_moment) == (None, None)
    assert other.state.tasks[task.id].status == "withdrawn"


# ---- unanswered


def test_a_deadline_may_answer_and_it_is_nobodys_answer() -> None:
    play = Play(program(CONSULT))

    events = play.pass_time(at(28))

    [lapsed] = [event for event in events if isinstance(event, TaskLapsed)]
    assert (lapsed.by, lapsed.outcome, lapsed.values) == (TERMWISE, "silence", {"words": None})
    assert play.task("read").title == "Read silence, yes, yes"
    assert play.state.tallies["An example", ""] == Tally(open=1, lapsed=1)
    with pytest.raises(RefusedError, match="'Say what you think' was already closed by its deadline on 27"):
        play.complete(play.state.tasks[lapsed.task], by="Chief")


def test_who_answers_in_time_is_heard() -> None:
    play = Play(program(CONSULT))

    play.complete("consult", "agree", words="yes")

    assert play.task("read").title == "Read agree, no, no"
    assert play.pass_time(at(28)) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("skip: {so: So}, outcomes: {skipped: }", "'skipped' is the outcome of a task that was skipped"),
        ("unanswered: done, due: on 2027-05-05", "there is no outcome of this task that goes on 'done'"),
        ("unanswered: on, outcomes: {on: }", "nothing passes without a deadline: add `due`"),
        (
            "unanswered: on, outcomes: {on: }, due: on 2027-05-05, escalate: {1: ceo}",
            "with `unanswered` the task ends at its deadline, so nobody is told after it",
        ),
    ],
)
def test_what_cannot_be_meant_so_is_refused(keys: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        program(f"steps: [{{task: x, title: X, who: ceo, {keys}}}]")
