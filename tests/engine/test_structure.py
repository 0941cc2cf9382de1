"""How work goes on: for each, repeat, choose, parallel, set, notify, wait, outcomes, children."""

from datetime import UTC, datetime

import pytest

from engine.commands import CancelProcess, RaiseEvent
from engine.errors import BrokenRuleError, NotAllowedError, RefusedError, UnknownNameError
from engine.events import NotificationRequested
from tests.worlds import TERMWISE, Play, named, program

TASK = "task: look, title: Look, who: ceo"


def addresses(play: Play) -> list[str]:
    return [task.address for task in play.tasks()]


def test_every_combination_is_a_member_with_a_readable_key() -> None:
    play = Play(
        program(f"""
        steps:
        - for_each: cohorts
          over: {{school: "['ash', 'beech']", year_group: "['Y2', 'Y6']"}}
          steps: [{{{TASK}}}]
        """)
    )

    assert addresses(play) == [f"cohorts[{s},{y}]/look" for s in ("ash", "beech") for y in ("Y2", "Y6")]
    assert {task.school for task in play.tasks()} == {"ash", "beech"}


def test_it_goes_on_when_the_last_member_is_finished_and_then_reads_as_a_list() -> None:
    play = Play(
        program(f"""
        steps:
        - for_each: packs
          over: {{item: "[{{'code': 'A/1', 'n': 1}}, {{'code': 'A 1', 'n': 2}}]"}}
          key: item.code
          steps: [{{{TASK}, form: {{amount: {{type: integer}}}}}}]
        - set: {{total: "packs.map(p, p.look.amount * p.item.n)"}}
        - task: read
          title: "Read {{{{ total }}}}"
          who: ceo
        """)
    )
    assert addresses(play) == ["packs[A 1]/look", "packs[A-1]/look"]

    play.complete(play.tasks()[0], amount=10)
    assert addresses(play) == ["packs[A-1]/look"]
    play.complete("look", amount=5)

    assert play.task("read").title == "Read 5, 20"


def test_members_with_equal_keys_are_told_apart() -> None:
    play = Play(
        program(f"steps: [{{for_each: x, over: {{i: \"['a', 'a', 'a+3', 'a']\"}}, steps: [{{{TASK}}}]}}]")
    )

    assert sorted(addresses(play)) == ["x[a+2]/look", "x[a+3]/look", "x[a+4]/look", "x[a]/look"]


def test_no_members_means_no_work() -> None:
    play = Play(program(f"steps: [{{for_each: x, over: {{i: '[]'}}, steps: [{{{TASK}}}]}}]"))

    assert play.state.status == "ended"


def test_too_many_members_are_refused_before_they_fill_the_memory() -> None:
    many = "[" + ",".join("1" * 800) + "]"
    with pytest.raises(BrokenRuleError, match="the step 'x' cannot go on: there would be 512000000 members"):
        Play(
            program(
                f"steps: [{{for_each: x, over: {{a: '{many}', b: '{many}', c: '{many}'}}, steps: [{{{TASK}}}]}}]"
            )
        )


def test_members_have_values_of_their_own_and_see_those_around_them() -> None:
    play = Play(
        program("""
        values: {outer: far}
        steps:
        - for_each: a
          over: {x: "['1', '2']"}
          steps:
          - set: {own: "x + outer"}
          - for_each: b
            over: {y: "['p', 'q']"}
            steps: [{task: look, title: "{{ own }}{{ y }}", who: ceo}]
        """)
    )

    assert sorted(task.title for task in play.tasks()) == ["1farp", "1farq", "2farp", "2farq"]
    assert addresses(play)[0] == "a[1]/b[p]/look"


CHILDREN = """
    values: {greeting: Hello, left: none}
    steps:
    - for_each: parts
      over: {school: "['ash', 'beech']"}
      run: as child instances
      steps:
      - task: work
        title: "{{ greeting }} {{ school }}"
        who: headteacher at school
        form: {amount: {type: integer}}
      - set: {left: "'something'"}
    - for_each: again
      over: {school: "['ash']"}
      run: as child instances
      steps: [{task: more, title: More, who: headteacher at school}]
    outcomes:
      much: {when: "parts.exists(p, p.work.amount > 5 && p.left == 'something')", title: Much}
      little: {title: Little}
"""


def test_children_read_our_values_and_report_theirs() -> None:
    play = Play(program(CHILDREN))
    assert sorted(play.states) == ["example:only", "example:only/parts/ash", "example:only/parts/beech"]
    assert [task.title for task in play.tasks("work")] == ["Hello ash", "Hello beech"]

    for amount, task in enumerate(play.tasks("work"), 5):
        play.complete(task, amount=amount)
    assert "example:only/again/ash" in play.states
    play.complete("more")

    assert play.state.outcome == "much"


def test_a_cancelled_cycle_cancels_its_children() -> None:
    play = Play(program(CHILDREN))

    play.do(CancelProcess(id=play.id(), by=named(play.world.directory, "Officer"), reason="Not this year"))

    assert {state.status for state in play.states.values()} == {"cancelled"}
    assert play.tasks() == []


def test_a_repeat_ends_when_its_condition_holds() -> None:
    play = Play(
        program(f"""
        steps:
        - repeat: talk
          until: look.outcome == 'agreed'
          at_most: 3
          steps: [{{{TASK}, outcomes: {{agreed: null, not_yet: null}}}}]
        """)
    )

    play.complete("look", "not_yet")
    assert addresses(play) == ["talk#2/look"]
    play.complete("look", "agreed")

    assert play.state.status == "ended"


def test_a_repeat_ends_after_its_last_round_whatever_the_condition() -> None:
    play = Play(program(f"steps: [{{repeat: talk, until: 'false', at_most: 2, steps: [{{{TASK}}}]}}]"))

    play.complete("look")
    play.complete("look")

    assert play.state.status == "ended"


@pytest.mark.parametrize(("number", "chosen"), [(1, "one"), (2, "two"), (3, "other")])
def test_the_first_case_that_holds_is_chosen(number: int, chosen: str) -> None:
    play = Play(
        program(f"""
        values: {{number: {number}}}
        steps:
        - choose: way
          cases:
          - {{when: number == 1, steps: [{{task: one, title: One, who: ceo}}]}}
          - {{when: number <= 2, steps: [{{task: two, title: Two, who: ceo}}]}}
          - {{steps: [{{task: other, title: Other, who: ceo}}]}}
        """)
    )

    assert [task.step for task in play.tasks()] == [chosen]


def test_a_value_that_only_one_way_sets_may_be_asked_for_null_after() -> None:
    play = Play(
        program("""
        values: {number: 1}
        steps:
        - choose: way
          cases: [{when: number == 2, steps: [{set: {extra: "5"}}]}]
        - task: look
          title: "{{ extra == null ? 'none' : 'some' }}"
          who: ceo
        """)
    )

    assert play.task("look").title == "none"


def test_branches_run_at_once_and_are_joined() -> None:
    play = Play(
        program("""
        steps:
        - parallel: both
          branches:
            left: [{task: a, title: A, who: ceo}]
            right: [{task: b, title: B, who: ceo}]
        - task: after
          title: "{{ a.by }}{{ b.by }}"
          who: ceo
        """)
    )
    assert addresses(play) == ["both|0/a", "both|1/b"]

    play.complete("b")
    play.complete("a")

    chief = named(play.world.directory, "Chief")
    assert play.task("after").title == chief * 2


def test_a_message_goes_to_whoever_holds_the_role() -> None:
    play = Play(program("steps: [{notify: news, to: headteacher, subject: 'Hi {{ key }}', body: There}]"))

    (message,) = (event for _, event in play.log[play.root] if isinstance(event, NotificationRequested))
    assert message.subject == "Hi example:only"
    assert message.to == tuple(
        named(play.world.directory, f"Head {school}") for school in ("ash", "beech", "cedar")
    )


WAIT = """
    steps:
    - wait: appeal
      event: appeal-raised
      by: headteacher
      until: 3 school days after opened
    - task: look
      title: "{{ appeal.happened }} {{ appeal.reason }}"
      who: ceo
"""


def raise_event(play: Play, by: str, event: str = "appeal-raised") -> None:
    play.do(RaiseEvent(id=play.id(), by=named(play.world.directory, by), event=event, reason="unfair"))


def test_a_wait_ends_with_the_event() -> None:
    play = Play(program(WAIT))
    with pytest.raises(NotAllowedError, match="Chief may not raise 'appeal-raised' here"):
        raise_event(play, "Chief")
    with pytest.raises(UnknownNameError, match="no awaited event 'appeal'; did you mean 'appeal-raised'"):
        raise_event(play, "Head ash", "appeal")

    raise_event(play, "Head ash")

    assert play.task("look").title == "yes unfair"
    assert play.state.next_moment is None


def test_a_wait_ends_with_the_date() -> None:
    play = Play(program(WAIT))

    play.pass_time(datetime(2027, 4, 23, 16, 0, tzinfo=UTC))

    assert play.task("look").title == "no "


def test_the_owner_may_raise_what_nobody_else_can() -> None:
    play = Play(program("steps: [{wait: landing, event: landed, by: astronaut}]"))

    with pytest.raises(RefusedError, match="Chief may not raise"):
        raise_event(play, "Chief", "landed")
    raise_event(play, "Officer", "landed")

    assert play.state.status == "ended"


def test_a_rule_that_fails_refuses_the_command_and_names_the_step() -> None:
    play = Play(
        program("""
        values: {pair: {}}
        steps:
        - task: first
          title: First
          who: ceo
        - for_each: packs
          over: {x: "['a']"}
          steps: [{task: judge, title: Judge, who: headteacher at pair.moderator}]
        """)
    )
    before = play.state

    with pytest.raises(
        BrokenRuleError, match=r"the step 'judge' \(packs\[a\]/judge\) cannot go on: .*pair.moderator"
    ):
        play.complete("first")

    assert play.state is before


def test_a_function_given_nonsense_refuses_too() -> None:
    with pytest.raises(
        BrokenRuleError, match="the step 'set-1' cannot go on: rows cannot work with what it is given"
    ):
        Play(
            program(
                "steps: [{set: {a: {function: rows, with: {members: \"['x']\", step: \"'s'\", table: \"'t'\"}}}}]"
            )
        )


def test_what_is_told_from_elsewhere_after_the_end_changes_nothing() -> None:
    play = Play(program(f"steps: [{{{TASK}}}]"))
    play.complete("look")
    late = CancelProcess(id=play.id(), by=TERMWISE, reason="the cycle it is part of was cancelled")

    assert play.do(late) == ()
    with pytest.raises(RefusedError, match="The example has ended"):
        play.do(late.model_copy(update={"by": named(play.world.directory, "Officer")}))
