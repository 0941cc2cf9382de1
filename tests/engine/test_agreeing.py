"""People who decide together: each is asked for themselves."""

from datetime import date

import pytest

from engine.commands import CancelProcess, CompleteTask, ReassignTask
from engine.errors import RefusedError
from engine.events import QuorumReached
from engine.quorum import Decision, decide
from tests.worlds import Play, named, program

AGREE = """
    steps:
    - task: draft
      title: Draft
      who: ceo
    - task: agree
      title: Agree
      who: headteacher
      {how}
      form: {{note: {{type: text, required: false}}}}
      outcomes: {{yes: null, no: null, redo: {{return_to: draft, at_most: 1}}}}
    - task: last
      title: "{{{{ agree.outcome }}}} of {{{{ agree.asked }}}}: {{{{ agree.answers.map(a, a.outcome) }}}}"
      who: ceo
"""


def agreement(how: str) -> Play:
    play = Play(program(AGREE.format(how=how)))
    play.complete("draft")
    return play


def answer(play: Play, *outcomes: str) -> None:
    heads = ("Head ash", "Head beech", "Head cedar")
    for head, outcome in zip(heads, outcomes, strict=False):
        [mine] = [t for t in play.tasks("agree") if t.assignee == named(play.world.directory, head)]
        play.complete(mine, outcome, by=head, reason="so" if outcome == "redo" else None)


def test_each_is_asked_for_themselves_and_all_must_agree() -> None:
    play = agreement("quorum: all")
    heads = sorted(play.world.directory.holders("headteacher", date(2027, 4, 20)))
    assert [task.address for task in play.tasks()] == [f"agree@{head}" for head in heads]

    answer(play, "yes", "yes", "yes")

    assert [task.title for task in play.tasks()] == ["yes of 3: yes, yes, yes"]


def test_one_refusal_decides_and_the_others_are_not_asked_any_more() -> None:
    play = agreement("quorum: all")

    answer(play, "yes", "no")

    assert [task.title for task in play.tasks()] == ["no of 3: yes, no"]
    assert [task.status for task in play.state.tasks.values()].count("withdrawn") == 1


@pytest.mark.parametrize(
    ("quorum", "given", "decided"),
    [
        ("all", ["yes"], None),
        ("all", ["yes", "no"], Decision("no", "3 of 3 can no longer choose 'yes'")),
        ("2", ["no"], None),
        ("2", ["no", "yes", "yes"], Decision("yes", "2 of 3 chose it, and 2 were needed")),
        ("2", ["no", "redo"], Decision("no", "2 of 3 can no longer choose 'yes'", tied=True)),
        ("60%", ["yes", "yes"], Decision("yes", "2 of 3 chose it, and 2 were needed")),
        ("all responded", ["yes", "no"], None),
        ("all responded", ["no", "yes", "no"], Decision("no", "all 3 have responded")),
        ("all responded", ["redo", "no", "yes"], Decision("yes", "all 3 have responded", tied=True)),
        ("all responded", ["skipped", "skipped", "yes"], Decision("skipped", "all 3 have responded")),
    ],
)
def test_what_answers_decide(quorum: str, given: list[str], decided: Decision | None) -> None:
    assert decide(quorum, ("yes", "no", "redo"), "yes", given, 3) == decided


def test_together_they_may_send_the_work_back_as_often_as_allowed() -> None:
    play = agreement("quorum: 2\n      carries: yes")

    answer(play, "redo", "redo")
    assert [task.address for task in play.tasks()] == ["draft~2"]
    play.complete("draft")

    assert {task.address.partition("@")[0] for task in play.tasks()} == {"agree~2"}
    with pytest.raises(RefusedError, match="has been sent back once, which is the limit"):
        answer(play, "redo")
    reached = [event for _, event in play.log[play.root] if isinstance(event, QuorumReached)]
    assert [event.returned_to for event in reached] == ["draft~2"]


def test_nobody_has_two_voices() -> None:
    play = agreement("quorum: all")
    [first, *_] = play.tasks("agree")
    officer, beech = (named(play.world.directory, name) for name in ("Officer", "Head beech"))

    with pytest.raises(RefusedError, match="Head beech is asked for an answer of their own"):
        play.do(ReassignTask(id=play.id(), by=officer, task=first.id, to=beech, reason="away"))
    play.do(ReassignTask(id=play.id(), by=officer, task=first.id, to=officer, reason="away"))
    play.do(CompleteTask(id=play.id(), by=officer, task=first.id, outcome="yes"))

    assert len(play.tasks("agree")) == 2


def test_where_nobody_can_be_asked_the_owner_may_give_it_to_one() -> None:
    play = Play(
        program("""
        steps:
        - {task: agree, title: Agree, who: astronaut, quorum: all}
        - {task: last, title: "{{ agree.answers.map(a, a.by) }}", who: ceo}
        """)
    )
    officer = named(play.world.directory, "Officer")
    play.do(ReassignTask(id=play.id(), by=officer, task=play.task("agree").id, to=officer, reason="nobody"))

    play.complete("agree")

    assert play.task("last").title == officer


def test_a_cancelled_cycle_asks_nobody() -> None:
    play = agreement("quorum: all")

    play.do(CancelProcess(id=play.id(), by=named(play.world.directory, "Officer"), reason="No"))

    assert play.tasks() == []
