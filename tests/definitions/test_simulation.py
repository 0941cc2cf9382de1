"""Simulations: the same for the same seed, every kind of answer is invented, and what cannot go on is told."""

import json
from datetime import date

import pytest

from definitions.simulation.cycle import SimulatedCycle, simulate_cycle
from definitions.simulation.starting import Starts, starts_of
from definitions.simulation.temper import Temper
from engine.definition.program import Program
from engine.events import InstanceEnded, TaskCompleted, TaskReturned, WaitEnded
from engine.schedules import academic_year
from engine.world import World
from tests.worlds import calendar, directory, moderation, program

FORM = """
inputs: {schools: {type: list of school, default: all}}
scales: {mark: [low, middling, high]}
steps:
- for_each: rooms
  over: {school: schools}
  steps:
  - task: look
    title: Look around
    who: headteacher at school
    due: 5 school days after opened
    form:
      count: {type: integer, at_least: 3, at_most: 5}
      share: {type: number, at_least: 1}
      fine: {type: yes-no}
      on: {type: date}
      mood: {type: choice, of: [calm, hurried]}
      mark: {type: scale, of: mark, also: [A]}
      helper: {type: person}
      proof: {type: link}
      note: {type: text}
      rows: {unique: code, at_least: 30, table: {code: {type: text}, mark: {type: scale, of: mark}}}
  - task: agree
    title: Agree
    who: school-improvement-officer
    outcomes: {well: , again: {return_to: look, at_most: 2}}
- wait: appeal
  event: appeal-raised
  by: ceo
"""


def world(of: Program) -> World:
    return World(of, calendar(), directory())


def starts(of: Program, *days: date, **inputs: str) -> Starts:
    return starts_of(world(of), academic_year(calendar()), days, inputs)


def played(of: Program, temper: Temper | None = None, seed: str = "1") -> SimulatedCycle:
    (start, *_) = starts(of, date(2026, 11, 2)).starts
    return simulate_cycle(world(of), start, temper or Temper(), seed)


def told(cycle: SimulatedCycle) -> list[dict[str, object]]:
    return [json.loads(record.model_dump_json()) for record in cycle.log]


def test_every_kind_of_question_is_answered_and_the_cycle_ends() -> None:
    cycle = played(program(FORM))

    assert cycle.stuck == ()
    assert isinstance(cycle.log[-1].event, InstanceEnded)
    done = [record.event for record in cycle.log if isinstance(record.event, TaskCompleted)]
    assert len(done[0].values["rows"]) >= 30  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_cycle_and_another_another() -> None:
    assert told(played(program(FORM))) == told(played(program(FORM)))
    assert told(played(program(FORM))) != told(played(program(FORM), seed="2"))


def test_people_act_on_school_days_in_working_hours() -> None:
    known = calendar()
    acts = [r.event for r in played(program(FORM)).log if isinstance(r.event, TaskCompleted | TaskReturned)]

    assert acts
    assert all(known.is_school_day(None, known.local_date(each.at)) for each in acts)


def test_who_is_late_and_sends_back_does_so_as_often_as_the_temper_says() -> None:
    hasty = played(program(FORM), Temper(late=0, sends_back=0))
    slow = played(program(FORM), Temper(late=1, sends_back=1))

    assert [r.event.kind for r in hasty.log if r.event.kind in {"task-overdue", "task-returned"}] == []
    returned = [r for r in slow.log if isinstance(r.event, TaskReturned)]
    assert len(returned) == 2 * len(directory().schools)
    assert sum(r.event.kind == "task-overdue" for r in slow.log) == 3 * len(directory().schools)


def test_an_event_that_is_waited_for_without_a_date_always_comes() -> None:
    ended = [r.event for r in played(program(FORM), Temper(raises=0)).log if isinstance(r.event, WaitEnded)]

    assert [each.happened for each in ended] == [True]


def test_what_a_process_runs_is_played_with_its_own_forms_and_people() -> None:
    visit = program("""
        process: visit
        key: "{{ school }}"
        owner: ceo
        inputs: {school: {type: school}}
        scales: {mark: [low, high]}
        steps:
        - {task: look, title: Look, who: astronaut, form: {mark: {type: scale, of: mark}}}
        - {call: fetch, activity: figures}
        - {wait: answer, event: answered, by: astronaut}
    """)
    outer = program("""
        steps:
        - {run: visited, process: visit, set: {school: "'ash'"}}
        - {task: look, title: Read, who: school-improvement-officer}
    """)
    of = World(outer, calendar(), directory(), {"visit": visit})
    (start, *_) = starts(outer, date(2026, 11, 2)).starts

    cycle = simulate_cycle(of, start, Temper(sets_aside=0), "1")

    assert cycle.stuck == ()
    ended = [r.stream for r in cycle.log if isinstance(r.event, InstanceEnded)]
    assert ended == ["visit:ash", "example:only"]
    done = {r.stream: r.event for r in cycle.log if isinstance(r.event, TaskCompleted)}
    assert done["visit:ash"].by == "p-0001"
    assert done["visit:ash"].values["mark"] in {"low", "high"}


def test_tasks_are_set_aside_where_their_definition_lists_reasons() -> None:
    text = """
        steps:
        - {task: one, title: One, who: ceo, due: 5 school days after opened, defer: {ill: Somebody is ill}}
        - {task: two, title: Two, who: ceo, due: 5 school days after opened, skip: {closed: It was closed}}
    """
    kinds = [r.event.kind for r in played(program(text), Temper(sets_aside=1)).log]

    assert [kind for kind in kinds if kind in {"task-deferred", "task-resumed", "task-skipped"}][:2] == [
        "task-deferred",
        "task-resumed",
    ]
    assert "task-skipped" in kinds


def test_when_nobody_answers_time_still_passes() -> None:
    cycle = played(program(FORM), Temper(answers=False))

    kinds = {record.event.kind for record in cycle.log}
    assert "task-overdue" in kinds
    assert "task-completed" not in kinds


def test_a_task_that_nobody_can_do_is_taken_by_the_owner_or_stays() -> None:
    taken = played(program("steps: [{task: fly, title: Fly, who: astronaut}]"))
    left = played(
        program("""
            steps:
            - {task: fly, title: Fly, who: astronaut}
            - {task: land, title: Land, who: astronaut, not_done_by: fly}
        """)
    )

    assert isinstance(taken.log[-1].event, InstanceEnded)
    assert ["nobody is asked, and the owner cannot do it" in each.why for each in left.stuck] == [True]


def test_a_rule_that_no_answer_meets_is_told() -> None:
    cycle = played(program('steps:\n- task: one\n  title: One\n  who: ceo\n- set: {bad: "[0][one.round]"}\n'))

    assert len(cycle.stuck) == 1
    assert "no answer could be invented: the step 'set-1' cannot go on" in cycle.stuck[0].why


def test_moderation_is_played_by_its_schedule_to_its_end_or_the_calendars() -> None:
    planned = starts(moderation())
    cycle = simulate_cycle(world(moderation()), planned.starts[0], Temper(), "1")

    assert [start.period for start in planned.starts] == ["2026-27 summer 1"]
    assert planned.assumptions == ()
    assert cycle.stuck == ()
    assert {r.event.step for r in cycle.log if r.event.kind == "task-opened"} >= {
        "judge",
        "confirm",
        "sign_off",
    }  # type: ignore[union-attr]


def test_what_is_assumed_about_starts_is_said() -> None:
    once = starts(program("steps: [{task: one, title: One, who: ceo}]"))
    each = starts(
        program("inputs: {h: {type: half-term}, d: {type: date}}\nsteps: [{task: one, title: One, who: ceo}]")
    )
    asked = starts(moderation(), date(2027, 1, 5), submission="2027-02-01", unknown="x")

    assert once.assumptions == (
        "example has no schedule: it is assumed to start at the beginning of the year",
    )
    assert [start.inputs["h"] for start in each.starts] == [h.name for h in calendar().half_terms()]
    assert each.assumptions[1] == "example: values were invented for d"
    assert [(s.on, s.inputs) for s in asked.starts] == [
        (date(2027, 1, 5), {"half_term": "2026-27 spring 1", "submission": "2027-02-01"})
    ]


@pytest.mark.parametrize(
    "kind", ["text", "number", "yes-no", "school", "year-group", "person", "list of text"]
)
def test_inputs_of_every_type_are_invented(kind: str) -> None:
    of = program(f"inputs: {{x: {{type: {kind}}}}}\nsteps: [{{task: one, title: One, who: ceo}}]")

    assert played(of).stuck == ()
