"""The ladder of reminders and escalations: whose it is, whom it passes over, and that it never rings at night."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.yaml_source import SourceError
from engine import deadlines, quiet_hours
from engine.calendar import Calendar
from engine.commands import ReassignTask
from engine.deadlines import Deadline
from engine.default_ladder import ESCALATE, REMIND, Ladder
from engine.definition.compiler import canonical_json
from engine.errors import RefusedError
from engine.events import TaskEscalated
from engine.library import text
from engine.people import Directory
from engine.state import Task
from engine.world import ENGINE_VERSION, require_known
from reports.sentences import Sentences
from tests.worlds import Play, calendar, named, program

LONDON = ZoneInfo("Europe/London")
WORK = """
    values: {school: ash}
    steps:
    - {task: write, title: Write it, who: class-teacher at school, due: 5 school days after opened}
"""
SUMMER = datetime(2027, 6, 1, tzinfo=UTC)


def escalated(
    play: Play, until: datetime = SUMMER
) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    """By days late: the role, the names of those who were told, and who was passed over."""
    return [
        (each.days, each.role, tuple(play.world.directory.person(p).name for p in each.to), each.skipped)
        for each in play.pass_time(until)
        if isinstance(each, TaskEscalated) and each.days
    ]


def rungs(task: Task) -> dict[str, list[int]]:
    return {
        kind: [each.days for each in task.moments if each.kind == kind] for kind in ("reminder", "escalation")
    }


def test_a_task_that_says_nothing_goes_up_the_usual_ladder() -> None:
    play = Play(program(WORK))

    assert rungs(play.task("write")) == {"reminder": [3, 0], "escalation": list(ESCALATE)}
    assert escalated(play) == [
        (2, "line-manager", ("Head ash",), ()),
        (5, "headteacher at school", ("Head ash",), ()),
        (10, "school-improvement-officer", ("Officer",), ()),
        (15, "ceo", ("Chief",), ()),
    ]


def test_what_it_says_itself_comes_first_then_the_header() -> None:
    header = "ladder: {remind: [1], escalate: {3: ceo}}\n"
    own = "{task: write, title: Write, who: ceo, due: 5 school days after opened, remind: [2], escalate: {4: ceo}}"
    silent = "{task: write, title: Write, who: ceo, due: 5 school days after opened}"

    assert rungs(Play(program(f"{header}steps: [{own}]")).task("write")) == {
        "reminder": [2],
        "escalation": [4],
    }
    assert rungs(Play(program(f"{header}steps: [{silent}]")).task("write")) == {
        "reminder": [1],
        "escalation": [3],
    }


def test_a_trust_may_have_a_ladder_of_its_own() -> None:
    play = Play(
        program(
            "steps:\n- {task: first, title: First, who: ceo}\n- {task: write, title: W, who: ceo, due: on 2027-04-27}"
        )
    )
    people, plain = play.world.directory, text(play.world.directory)
    ladder = Ladder(remind=(1,), escalate={7: "line-manager"})
    own = people.model_copy(update={"trust": people.trust.model_copy(update={"ladder": ladder})})
    play.cast.world = replace(play.world, directory=Directory.model_validate_json(text(own)))
    play.complete("first")

    assert rungs(play.task("write")) == {"reminder": [1], "escalation": [7]}
    assert "ladder" not in plain


@pytest.mark.parametrize("said", ["none", "{}"])
def test_a_ladder_may_be_turned_off(said: str) -> None:
    task = f"{{task: write, title: W, who: ceo, due: 5 school days after opened, escalate: {said}}}"
    whole = f"ladder: {{escalate: {said}}}\nsteps: [{{task: write, title: W, who: ceo, due: on 2027-04-27}}]"

    assert rungs(Play(program(f"steps: [{task}]")).task("write"))["escalation"] == []
    assert rungs(Play(program(whole)).task("write"))["escalation"] == []


def test_what_ends_by_itself_and_what_has_no_deadline_goes_nowhere() -> None:
    ends = "{task: write, title: W, who: ceo, due: on 2027-04-27, outcomes: {yes: , no: }, unanswered: no}"
    assert rungs(Play(program(f"steps: [{ends}]")).task("write"))["escalation"] == []
    assert Play(program("steps: [{task: write, title: W, who: ceo}]")).task("write").moments == ()


@pytest.mark.parametrize(
    "rung", ["headteacher at pair.school", "the person someone", "ceo or astronaut", "Ceo", ""]
)
def test_a_header_names_roles_only(rung: str) -> None:
    with pytest.raises(SourceError):
        program(f"ladder: {{escalate: {{1: {rung!r}}}}}\nsteps: [{{task: a, title: A, who: ceo}}]")


def test_a_role_that_nobody_holds_is_passed_over_for_the_next() -> None:
    text = "ladder: {escalate: {1: astronaut, 2: governor at school, 4: ceo}}\n" + WORK.replace(
        "\n    ", "\n"
    )
    play = Play(program(text))

    assert escalated(play) == [
        (1, "ceo", ("Chief",), ("astronaut", "governor at school")),
        (2, "ceo", ("Chief",), ("governor at school",)),
        (4, "ceo", ("Chief",), ()),
    ]
    say = Sentences(play.world.directory)
    for each in play.cast.played:
        say.hear(each.event)
    told = [say.say(each.event) for each in play.cast.played if isinstance(each.event, TaskEscalated)]
    assert told[0] == (
        "'Write it' at Ash was brought to Chief (ceo), 1 school day late; "
        "there was no astronaut and no governor at school to tell"
    )


def test_where_nobody_is_left_the_owner_is_told() -> None:
    text = "ladder: {escalate: {1: astronaut}}\n" + WORK.replace("\n    ", "\n")
    assert escalated(Play(program(text))) == [(1, "school-improvement-officer", ("Officer",), ("astronaut",))]


def test_nobody_is_told_of_what_they_are_asked_to_do() -> None:
    play = Play(program(WORK))
    head, officer = (named(play.world.directory, name) for name in ("Head ash", "Officer"))
    play.do(ReassignTask(id=play.id(), by=officer, task=play.task("write").id, to=head, reason="She will"))

    assert escalated(play)[:2] == [
        (2, "line-manager", ("Chief",), ()),
        (5, "school-improvement-officer", ("Officer",), ("headteacher at school",)),
    ]


def test_what_began_under_the_first_engine_keeps_its_ways() -> None:
    text = WORK.replace("steps:", "steps:\n    - {task: first, title: First, who: ceo}")
    play = Play(program(text))
    state = play.state
    old = state.started.model_copy(update={"engine": 1})
    play.cast.states[play.root] = type(state)(**{**vars(state), "started": old})
    play.complete("first")

    assert rungs(play.task("write")) == {"reminder": [3, 0], "escalation": []}


def test_rules_of_a_newer_engine_are_refused_with_the_remedy() -> None:
    require_known(ENGINE_VERSION)
    with pytest.raises(RefusedError, match="install the newer termwise where the worker runs"):
        require_known(ENGINE_VERSION + 1)


def test_definitions_that_say_nothing_new_keep_their_digest() -> None:
    said = canonical_json(program(WORK).definition)

    assert "ladder" not in said
    assert "escalate" not in said
    assert "remind" not in said


# ---- never at night, never in the holidays

FIRST, LAST = date(2026, 9, 1), date(2027, 7, 2)
days = st.dates(FIRST, LAST)


def allowed(known: Calendar, at: datetime) -> bool:
    wall = at.astimezone(LONDON)
    return time(7) <= wall.time() < time(18) and known.is_school_day(None, wall.date())


@settings(max_examples=400, deadline=None)
@given(
    on=days,
    clock=st.times(),
    remind=st.lists(st.integers(0, 60), max_size=6),
    escalate=st.dictionaries(st.integers(1, 60), st.just("ceo"), max_size=6),
    opened=st.datetimes(datetime(2026, 8, 20), datetime(2027, 7, 2), timezones=st.just(UTC)),  # noqa: DTZ001 - UTC
)
def test_no_reminder_and_no_escalation_is_ever_at_night_or_in_the_holidays(
    on: date, clock: time, remind: list[int], escalate: dict[int, str], opened: datetime
) -> None:
    # Deadlines on any day at any time, as the law may set them, through both changes of the clocks.
    known = calendar()
    due = Deadline(at=known.at(on, clock), on=on, rule="", why="")
    ladder = deadlines.ladder(due, known, None, remind, escalate, opened=opened)

    outside = [each for each in ladder if each.kind != "due" and not allowed(known, each.at)]
    assert outside == []


@settings(max_examples=400, deadline=None)
@given(at=st.datetimes(datetime(2026, 9, 1), datetime(2027, 7, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - UTC
def test_a_reminder_that_is_wanted_goes_at_the_first_moment_it_may(at: datetime) -> None:
    known = calendar()
    goes = quiet_hours.next_moment(known, None, at)

    assert goes >= at
    assert allowed(known, goes)
    assert quiet_hours.may_go(known, None, at) == allowed(known, at) == (goes == at)
    # No school day's morning lies between.
    day = known.local_date(at)
    while day < known.local_date(goes):
        assert not (known.is_school_day(None, day) and known.at(day, time(8)) > at)
        day += timedelta(days=1)


def test_after_the_calendar_ends_the_working_week_counts() -> None:
    saturday = datetime(2031, 3, 1, 12, tzinfo=UTC)

    assert quiet_hours.next_moment(calendar(), None, saturday) == datetime(2031, 3, 3, 8, tzinfo=UTC)


def test_the_usual_reminders_are_ten_three_and_none() -> None:
    assert REMIND == (10, 3, 0)
