"""What people say about a task, where they say that something is kept, and reminders that they want."""

from datetime import UTC, datetime

import pytest

from engine.commands import (
    AttachToTask,
    Command,
    CommentOnTask,
    DeferTask,
    DelegateTask,
    NudgeTask,
    RaiseEvent,
)
from engine.errors import InvalidInputError, NotAllowedError, RefusedError
from engine.events import Event, NudgePlanned, TaskCommented, TaskNudged, TaskReminded
from engine.talking import MAX_ATTACHMENTS, MAX_COMMENTS
from tests.worlds import Play, date, named, program

WORK = """
    values: {school: ash}
    on: {hall-closed: {of: school, do: stop the clock, at_most: 3 school days}}
    steps:
    - task: write
      title: Write it
      who: assessment-lead at school
      due: 5 school days after opened
      remind: [2, 0]
      escalate: {1: ceo}
      defer: {ill: Somebody is ill}
"""


@pytest.fixture
def play() -> Play:
    return Play(program(WORK))


def sent(play: Play, model: type[Command], by: str, **says: object) -> tuple[Event, ...]:
    [task] = [task for state in play.states.values() for task in state.tasks.values() if task.step == "write"]
    return play.do(model(id=play.id(), by=named(play.world.directory, by), task=task.id, **says))


def people(play: Play, *names: str) -> tuple[str, ...]:
    return tuple(named(play.world.directory, name) for name in names)


def stop(play: Play) -> None:
    officer = people(play, "Officer")[0]
    happened = {"event": "hall-closed", "reason": "so", "values": {"school": "ash"}}
    play.do(RaiseEvent(id=play.id(), by=officer, **happened))


# ---- comments and attachments


def test_a_comment_is_told_to_the_others_it_concerns_never_to_its_author(play: Play) -> None:
    told = []
    for by in ("Lead ash", "Head ash", "Officer", "Lead ash"):
        (event,) = sent(play, CommentOnTask, by, text=f" {by} says\nso ")
        assert isinstance(event, TaskCommented)
        told.append(event.to)

    assert told == [
        (),
        people(play, "Lead ash"),
        people(play, "Lead ash", "Head ash"),
        people(play, "Head ash", "Officer"),
    ]
    assert [each.text for each in play.task("write").comments][1] == "Head ash says\nso"


def test_the_owner_of_a_delegated_task_hears_what_is_said(play: Play) -> None:
    sent(play, DelegateTask, "Lead ash", to=people(play, "Data ash")[0], reason="so")
    (event,) = sent(play, CommentOnTask, "Data ash", text="Where is it?")

    assert isinstance(event, TaskCommented)
    assert event.to == people(play, "Lead ash")


def test_only_those_it_concerns_may_speak(play: Play) -> None:
    for by in ("Lead beech", "Teacher Y2A ash", "Head beech"):
        with pytest.raises(NotAllowedError, match=f"{by} may not comment on 'Write it'"):
            sent(play, CommentOnTask, by, text="so")
        with pytest.raises(NotAllowedError, match="may not attach anything to"):
            sent(play, AttachToTask, by, label="It", link="https://files.example/1")


def test_the_same_twice_in_a_row_counts_once(play: Play) -> None:
    assert len(sent(play, CommentOnTask, "Lead ash", text="so")) == 1
    assert sent(play, CommentOnTask, "Lead ash", text="so ") == ()
    assert len(sent(play, CommentOnTask, "Head ash", text="so")) == 1
    assert len(sent(play, AttachToTask, "Lead ash", label="It", link="https://files.example/1")) == 1
    assert sent(play, AttachToTask, "Head ash", label=" It ", link="https://files.example/1") == ()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_a_comment_has_a_length(play: Play, text: str) -> None:
    with pytest.raises(InvalidInputError, match="write 1 to 2,000"):
        sent(play, CommentOnTask, "Lead ash", text=text)


@pytest.mark.parametrize(
    "link",
    [
        "http://files.example/1",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/plain;base64,eA==",
        "file:///etc/passwd",
        "",
        "one\ntwo",
        "https://files.example/" + "x" * 1000,
    ],
)
def test_a_link_says_where_and_is_nothing_else(play: Play, link: str) -> None:
    with pytest.raises(InvalidInputError):
        sent(play, AttachToTask, "Lead ash", label="It", link=link)


def test_a_document_number_is_a_reference_too(play: Play) -> None:
    sent(play, AttachToTask, "Lead ash", label="Sample\n 7", link="DOC-2027-0042")

    (kept,) = play.task("write").attachments
    assert (kept.label, kept.link, kept.by) == ("Sample 7", "DOC-2027-0042", *people(play, "Lead ash"))


def test_there_are_limits_to_how_much_is_said(play: Play) -> None:
    for number in range(MAX_COMMENTS):
        sent(play, CommentOnTask, "Lead ash", text=str(number))
    for number in range(MAX_ATTACHMENTS):
        sent(play, AttachToTask, "Lead ash", label=str(number), link="1")

    with pytest.raises(RefusedError, match="200 comments, which is the limit"):
        sent(play, CommentOnTask, "Lead ash", text="more")
    with pytest.raises(RefusedError, match="50 attachments, which is the limit"):
        sent(play, AttachToTask, "Lead ash", label="more", link="1")


def test_people_talk_about_what_is_put_off_and_not_about_what_is_done(play: Play) -> None:
    sent(play, DeferTask, "Lead ash", until=date(2027, 4, 26), code="ill")
    assert len(sent(play, CommentOnTask, "Head ash", text="Get well")) == 1
    play.pass_time(datetime(2027, 4, 26, 12, tzinfo=UTC))
    assert play.task("write").comments
    play.complete("write")

    with pytest.raises(RefusedError, match="has ended"):
        sent(play, CommentOnTask, "Head ash", text="Late")


def test_a_clock_that_stands_still_reminds_nobody_and_people_go_on_talking(play: Play) -> None:
    stop(play)
    quiet = play.pass_time(datetime(2027, 4, 22, 12, tzinfo=UTC))

    assert quiet == []
    with pytest.raises(RefusedError, match="nobody is reminded until it goes on"):
        sent(play, NudgeTask, "Officer")
    assert len(sent(play, CommentOnTask, "Lead ash", text="We wait")) == 1
    assert len(sent(play, AttachToTask, "Lead ash", label="It", link="1")) == 1


@pytest.mark.parametrize("extra", ["", "except: [custom]", "except: []"])
def test_the_law_never_stands_still(extra: str) -> None:
    handler = f"do: stop the clock, at_most: 3 school days{f', {extra}' if extra else ''}"
    text = WORK.replace("do: stop the clock, at_most: 3 school days", handler).replace(
        "remind: [2, 0]", "remind: [2, 0]\n      status: statutory"
    )
    play = Play(program(text))
    before = play.task("write")
    stop(play)
    events = play.pass_time(datetime(2027, 4, 28, 12, tzinfo=UTC))

    assert before.stopped == play.task("write").stopped == ()
    assert [each.kind for each in events if each.kind.startswith("task-")] == [
        "task-reminded",
        "task-reminded",
        "task-overdue",
        "task-escalated",
    ]
    assert play.task("write").due == before.due


# ---- nudges


def test_whoever_is_asked_is_reminded_at_once(play: Play) -> None:
    (event,) = sent(play, NudgeTask, "Officer")

    assert isinstance(event, TaskNudged)
    assert (event.to, event.wanted_by) == (people(play, "Lead ash"), *people(play, "Officer"))


def test_once_a_school_day(play: Play) -> None:
    sent(play, NudgeTask, "Officer")
    play.pass_time(datetime(2027, 4, 20, 15, tzinfo=UTC))
    with pytest.raises(
        RefusedError, match=r"went out on Tue 20 Apr 2027; .* the next may go on Wed 21 Apr 2027"
    ):
        sent(play, NudgeTask, "Head ash")
    play.pass_time(datetime(2027, 4, 21, 8, tzinfo=UTC))

    assert len(sent(play, NudgeTask, "Head ash")) == 1


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (datetime(2027, 4, 20, 17, 0, tzinfo=UTC), datetime(2027, 4, 21, 7, tzinfo=UTC)),  # 18:00 in summer
        (datetime(2027, 4, 21, 5, 59, tzinfo=UTC), datetime(2027, 4, 21, 7, tzinfo=UTC)),
        (datetime(2027, 4, 24, 12, 0, tzinfo=UTC), datetime(2027, 4, 26, 7, tzinfo=UTC)),  # A Saturday.
    ],
)
def test_at_night_and_on_days_without_school_it_waits(now: datetime, goes: datetime) -> None:
    play = Play(program(WORK))
    play.pass_time(now)
    (planned,) = sent(play, NudgeTask, "Officer")
    assert isinstance(planned, NudgePlanned)
    assert planned.until == goes
    with pytest.raises(RefusedError, match="goes out on"):
        sent(play, NudgeTask, "Head ash")
    events = play.pass_time(goes)

    nudges = [each for each in events if isinstance(each, TaskNudged)]
    assert [(each.to, each.wanted_by, each.by) for each in nudges] == [
        (people(play, "Lead ash"), *people(play, "Officer"), "termwise")
    ]
    assert play.pass_time(goes) == []


def test_reminders_that_have_come_do_not_come_again_after_a_nudge() -> None:
    play = Play(program(WORK))
    first = play.pass_time(datetime(2027, 4, 23, 20, tzinfo=UTC))
    sent(play, NudgeTask, "Officer")
    second = play.pass_time(datetime(2027, 4, 26, 12, tzinfo=UTC))

    assert [type(each) for each in (*first, *second)] == [TaskReminded, TaskNudged]


def test_only_who_decides_may_nudge_and_nobody_themselves(play: Play) -> None:
    with pytest.raises(NotAllowedError, match="may not nudge"):
        sent(play, NudgeTask, "Lead ash")
    sent(play, DelegateTask, "Lead ash", to=people(play, "Head ash")[0], reason="so")
    with pytest.raises(RefusedError, match="is with you; there is nobody else to remind"):
        sent(play, NudgeTask, "Head ash")
    assert len(sent(play, NudgeTask, "Lead ash")) == 1


def test_nobody_is_reminded_of_what_nobody_is_asked() -> None:
    play = Play(program(WORK.replace("assessment-lead at school", "astronaut")))
    with pytest.raises(RefusedError, match="nobody is asked to do"):
        sent(play, NudgeTask, "Officer")
