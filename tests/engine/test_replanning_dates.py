"""Another calendar moves what is still to come, says from where to where and why, and never into the past."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.commands import DeferTask, RaiseEvent
from engine.date_events import DeadlineMoved
from engine.evolve import evolve
from engine.replanning_dates import moved_deadlines
from engine.state import State
from engine.world import World
from reports.sentences import Sentences
from storage.projections.task_effects import changes
from storage.projections.tellings import notices
from tests.worlds import Play, calendar, named, program

WORK = """
    on:
      inspection-notified: {of: school, do: stop the clock, until: inspection-ended}
    steps:
    - parallel: all
      branches:
        one:
        - for_each: visits
          over: {school: "['ash', 'beech']"}
          until: 25 school days after opened
          steps:
          - task: visit
            title: Visit
            who: headteacher at school
            due: 5 school days after opened
            remind: [3, 0]
            escalate: {2: ceo}
            defer: {ill: Somebody is ill}
        two:
        - {task: profile, title: Profile, who: ceo, due: 24 May 2027, status: statutory}
        three:
        - {task: census, title: Census, who: ceo, due: 3 school days before 24 May 2027, status: statutory}
        four:
        - {task: tell, title: Tell, who: ceo, due: the last day of summer 1, status: statutory}
        five:
        - {wait: autumn, until: 8 school days after opened}
        six:
        - {task: plan, title: Plan, who: ceo, due: the first day of next autumn term}
"""


def at(day: int, hour: int = 9, month: int = 4) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


def changed(**parts: object) -> Calendar:
    base = calendar().model_dump(mode="json")
    return Calendar.model_validate(base | {"version": 2} | parts)


def snow(*days: str, why: str = "snow closed the schools") -> Calendar:
    return changed(closures=dict.fromkeys(days, "Snow"), changed=why)


def moved(play: Play, new: Calendar, when: datetime) -> dict[str, DeadlineMoved]:
    facts = moved_deadlines(play.state, play.world, replace(play.world, calendar=new), when)
    return {f"{each.step} {named_school(play, each)}".strip(): each for each in facts}


def named_school(play: Play, fact: DeadlineMoved) -> str:
    return (play.state.tasks[fact.task].school or "") if fact.task else ""


def after(state: State, facts: dict[str, DeadlineMoved]) -> State:
    for each in facts.values():
        state = evolve(state, each)
    return state


def days(fact: DeadlineMoved) -> tuple[str, str]:
    assert fact.was
    assert fact.due
    return str(fact.was.on), str(fact.due.on)


def test_a_closure_moves_what_is_counted_over_it_and_says_why() -> None:
    play = Play(program(WORK))

    facts = moved(play, snow("2027-04-22"), at(21))

    assert {step: days(each) for step, each in facts.items()} == {
        "visit ash": ("2027-04-27", "2027-04-28"),
        "visit beech": ("2027-04-27", "2027-04-28"),
        "autumn": ("2027-04-30", "2027-05-04"),
        "visits": ("2027-05-26", "2027-05-27"),
    }
    visit = facts["visit ash"]
    assert visit.because == "snow closed the schools"
    assert visit.due
    assert visit.due.rule == "5 school days after opened"
    assert visit.due.why == "5 school days after Tue 20 Apr 2027 (opened), Ash calendar 2026-27 v2"
    assert [(each.kind, each.at.day) for each in visit.moments] == [
        ("reminder", 23),
        ("reminder", 28),
        ("due", 28),
        ("escalation", 30),
    ]


def test_the_state_the_inbox_the_story_and_a_letter_have_the_new_date() -> None:
    play = Play(program(WORK))
    facts = moved(play, snow("2027-04-22"), at(21))
    visit = facts["visit ash"]
    assert visit.task

    state = after(play.state, facts)

    assert state.tasks[visit.task].due == visit.due
    assert at(28, 16) in state.agenda
    assert state.waits["all|4/autumn"].until == facts["autumn"].due
    assert at(27, 16, month=5) in state.agenda
    assert at(26, 16, month=5) not in state.agenda
    assert at(27, 16) not in state.agenda
    change = changes([visit])[visit.task]
    assert change.due
    assert (change.due.on, change.due.why) == (date(2027, 4, 28), visit.due.why if visit.due else "")
    told = str(Sentences(play.world.directory).say(visit))
    assert told.endswith("moved from Tue 27 Apr 2027 to Wed 28 Apr 2027: snow closed the schools")
    (letter,) = notices(visit)
    assert (letter.kind, letter.to) == ("deadline-moved", (named(play.world.directory, "Head ash"),))
    assert notices(facts["autumn"]) == []


def test_only_the_school_whose_days_have_changed_is_touched() -> None:
    play = Play(program(WORK))
    new = changed(schools={"beech": {"inset": ["2027-04-22"]}})

    assert {step: days(each) for step, each in moved(play, new, at(21)).items()} == {
        "visit beech": ("2027-04-27", "2027-04-28")
    }


def test_a_statutory_date_moves_only_when_the_day_it_counts_from_has_moved() -> None:
    play = Play(program(WORK))

    closed = moved(play, snow("2027-05-24", "2027-05-20"), at(21))
    earlier = moved(play, snow("2027-05-28"), at(21))

    assert {step for step, each in closed.items() if each.another_day}.isdisjoint(
        {"profile", "census", "tell"}
    )
    assert days(earlier["tell"]) == ("2027-05-28", "2027-05-27")


def test_what_has_passed_never_moves() -> None:
    play = Play(program(WORK))
    play.pass_time(at(28))

    facts = moved(play, snow("2027-04-22"), at(28))

    assert sorted(facts) == ["autumn", "visits"]


def test_what_would_have_passed_already_gets_one_school_day_and_says_so() -> None:
    play = Play(program(WORK))
    fact = moved(play, changed(years=shortened("2027-04-30")), at(12, month=5))["tell"]

    assert days(fact) == ("2027-05-28", "2027-05-13")
    assert fact.due
    assert fact.due.why.endswith(
        "Fri 30 Apr 2027 had passed when the calendar changed, so there is a school day left for it"
    )


def shortened(last: str) -> list[dict[str, object]]:
    """Summer 1 ends early, and summer 2 begins at once."""
    (year,) = calendar().model_dump(mode="json")["years"]
    half_terms = {
        **year["half_terms"],
        "summer 1": ["2027-04-12", last],
        "summer 2": ["2027-05-04", "2027-07-09"],
    }
    return [{"name": "2026-27", "half_terms": half_terms}]


def test_a_date_comes_where_the_calendar_had_ended_too_early() -> None:
    play = Play(program(WORK))
    (plan,) = play.tasks("plan")
    assert plan.due is None
    years = [
        *calendar().model_dump(mode="json")["years"],
        {"name": "2027-28", "half_terms": {"autumn 1": ["2027-08-25", "2027-10-15"]}},
    ]

    fact = moved(play, changed(years=years), at(21))["plan"]

    assert fact.was is None
    assert fact.due
    assert fact.due.on == date(2027, 8, 25)
    assert evolve(play.state, fact).tasks[plan.id].due == fact.due


def test_a_calendar_that_lost_the_days_moves_nothing_there() -> None:
    play = Play(program(WORK))
    (year,) = calendar().model_dump(mode="json")["years"]
    gone = {"name": "2026-27", "half_terms": {"autumn 1": year["half_terms"]["autumn 1"]}}

    assert moved(play, changed(years=[gone]), at(21)) == {}


def test_what_was_put_off_keeps_what_it_was_moved_by() -> None:
    play = Play(program(WORK))
    (visit,) = [each for each in play.tasks("visit") if each.school == "ash"]
    head = named(play.world.directory, "Head ash")
    play.do(
        DeferTask(id=play.id(), by=head, task=visit.id, code="ill", comment=None, until=date(2027, 4, 23))
    )
    put_off = moved(play, snow("2027-04-23"), at(21))["visit ash"]
    play.pass_time(at(23, 12))
    (back,) = [each for each in play.tasks("visit") if each.school == "ash"]
    assert back.due
    assert back.due.on == date(2027, 4, 30)

    facts = moved(play, snow("2027-04-28"), at(26))

    assert put_off.back == at(26, 7)
    assert [each.kind for each in put_off.moments] == ["resume"]
    assert put_off.due
    assert put_off.due.on == date(2027, 4, 28)
    assert days(facts["visit ash"]) == ("2027-04-30", "2027-05-04")
    assert facts["visit ash"].due.why.endswith(  # type: ignore[union-attr]
        "v2; moved on 3 school days, for which it was deferred"
    )
    assert evolve(play.state, facts["visit ash"]).tasks[visit.id].due == facts["visit ash"].due


def test_a_clock_that_stands_still_stands_still_all_the_same() -> None:
    play = Play(program(WORK))
    officer = named(play.world.directory, "Officer")
    raised = RaiseEvent(
        id=play.id(), by=officer, event="inspection-notified", reason="it came", values={"school": "ash"}
    )
    play.do(raised)
    play.pass_time(at(29))

    facts = moved(play, snow("2027-04-22"), at(29))
    state = evolve(play.state, facts["visit ash"])
    task = facts["visit ash"].task

    assert days(facts["visit ash"]) == ("2027-04-27", "2027-04-28")
    assert task
    assert state.tasks[task].stopped == ("on-inspection-notified[ash]",)
    assert not [key for entries in state.agenda.values() for key, _ in entries if key == task]


def test_reminders_are_planned_anew_where_only_they_fall_on_closed_days() -> None:
    play = Play(
        program("steps:\n- {task: a, title: A, who: ceo, due: 24 May 2027, remind: [3], escalate: none}")
    )

    (fact,) = moved(play, snow("2027-05-20"), at(21)).values()

    assert fact.was == fact.due
    assert not fact.another_day
    assert notices(fact) == []
    assert [(each.kind, each.at.day) for each in fact.moments] == [("reminder", 18), ("due", 24)]
    assert "reminders" in str(Sentences(play.world.directory).say(fact))


def test_the_same_calendar_moves_nothing() -> None:
    play = Play(program(WORK))

    assert moved(play, calendar(), at(21)) == {}
    assert moved(play, changed(), at(21)) == {}


_DAYS = st.dates(date(2027, 4, 12), date(2027, 7, 8)).map(str)
_CALENDARS = st.builds(
    lambda inset, shut, last: changed(
        inset=inset, closures=dict.fromkeys(shut, "Burst pipe"), years=shortened(last)
    ),
    inset=st.lists(_DAYS, max_size=5),
    shut=st.lists(_DAYS, max_size=8, unique=True),
    last=st.sampled_from(["2027-04-23", "2027-04-27", "2027-04-30"]),
)


@given(new=_CALENDARS, wait=st.integers(0, 40 * 24))
def test_whatever_calendar_comes_nothing_moves_into_the_past_and_once_is_enough(
    new: Calendar, wait: int
) -> None:
    play = Play(program(WORK))
    now = play.at + timedelta(hours=wait)
    play.pass_time(now)

    facts = moved_deadlines(play.state, play.world, world(play, new), now)
    state = play.state
    for each in facts:
        state = evolve(state, each)

    assert all(each.due.at > now for each in facts if each.due)
    assert all(moment.at >= now for each in facts for moment in each.moments)
    assert all(each.was is None or each.was.at > now for each in facts)
    assert moved_deadlines(state, world(play, new), world(play, new), now) == ()
    unmoved = {each.task for each in facts}
    assert all(
        state.tasks[key].due == task.due for key, task in play.state.tasks.items() if key not in unmoved
    )


def world(play: Play, new: Calendar) -> World:
    return replace(play.world, calendar=new)


@pytest.mark.parametrize("day", ["2027-04-22", "2027-04-26"])
def test_a_closure_that_is_taken_back_takes_the_dates_back(day: str) -> None:
    play = Play(program(WORK))
    there = moved(play, snow(day), at(21))
    state = after(play.state, there)

    back = moved_deadlines(state, world(play, snow(day)), play.world, at(21))

    assert {each.address: each.due.on for each in back if each.due} == {
        each.address: each.was.on for each in there.values() if each.was
    }
