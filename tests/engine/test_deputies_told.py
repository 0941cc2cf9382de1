"""Deputies are told of what is asked of those they stand in for."""

from datetime import UTC, date, datetime

from engine.commands import CommentOnTask, ReassignTask
from engine.events import TaskCommented, TaskOpened, TaskOverdue, TaskReassigned, TaskReminded
from tests.engine.standing_in import CHIEF, DATA, HEAD, HEAD_BEECH, LEAD, OFFICER, READ, cover, playing
from tests.worlds import Play


def told_besides(play: Play) -> list[dict[str, str]]:
    events = (event for log in play.log.values() for _, event in log)
    return [event.deputies for event in events if isinstance(event, TaskOpened | TaskReminded | TaskOverdue)]


def test_whoever_stands_in_is_told_when_it_is_asked_and_again_as_it_becomes_due() -> None:
    text = READ.replace("who: headteacher at place", "who: headteacher at place\n      due: on 2027-04-27")
    play = playing(text, covers=(cover(HEAD, LEAD, DATA, to=date(2027, 4, 27)),))
    play.pass_time(datetime(2027, 4, 30, 9, tzinfo=UTC))

    reminded_or_late = told_besides(play)[1:]
    assert told_besides(play)[0] == {LEAD: HEAD}
    assert reminded_or_late
    assert all(each == {LEAD: HEAD} for each in reminded_or_late)


def test_without_cover_in_force_nobody_is_told_besides() -> None:
    over = playing(covers=(cover(HEAD, LEAD, to=date(2027, 4, 19)),))

    assert told_besides(over) == [{}]


def test_a_deputy_with_an_interest_is_not_told() -> None:
    text = """
        values: {place: ash}
        steps:
        - task: read
          title: Read it
          who: ceo
          not_at: place
    """
    play = playing(text, covers=(cover(CHIEF, LEAD, OFFICER, together=True),))

    assert told_besides(play) == [{OFFICER: CHIEF}]


def test_the_deputies_of_whoever_gets_a_task_are_told_and_nobody_of_their_own_act() -> None:
    play = playing(covers=(cover(HEAD, LEAD), cover(HEAD_BEECH, DATA, number=2)))
    task = play.task("read")

    given = play.do(ReassignTask(id=play.id(), by=HEAD, task=task.id, to=HEAD_BEECH, reason="Ill"))
    back = play.do(ReassignTask(id=play.id(), by=DATA, task=task.id, to=HEAD, reason="Well"))

    assert [event.deputies for event in (*given, *back) if isinstance(event, TaskReassigned)] == [
        {DATA: HEAD_BEECH},
        {LEAD: HEAD},
    ]


def test_a_deputy_hears_what_is_said_about_the_task_but_not_their_own_words() -> None:
    play = playing(covers=(cover(HEAD, LEAD),))
    task = play.task("read")

    said = play.do(CommentOnTask(id=play.id(), by=OFFICER, task=task.id, text="By Friday?"))
    answered = play.do(CommentOnTask(id=play.id(), by=LEAD, task=task.id, text="Yes"))

    assert [event.deputies for event in (*said, *answered) if isinstance(event, TaskCommented)] == [
        {LEAD: HEAD},
        {},
    ]
