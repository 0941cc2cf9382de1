"""Moving a running instance to another version: what may move, what may not and why, and that it goes on as if new."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from immutables import Map

from engine import library
from engine.calendar import Calendar
from engine.commands import MigrateInstance, command_id
from engine.definition.compiler import canonical_json, compile_definition
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.errors import NotAllowedError, RefusedError
from engine.events import InstanceMigrated
from engine.people import Directory
from engine.state import State
from engine.versions.moving import Move, plan
from engine.versions.standing import standing
from engine.world import ENGINE_VERSION, World
from tests.engine.commanded import LATEST
from tests.engine.generated import processes, programs
from tests.engine.played_out import advance
from tests.worlds import Play, calendar, directory, named, program

OLD = """
values: {count: 0}
steps:
- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}
- task: confirm
  title: Confirm it
  who: ceo
  outcomes: {complete: null, incomplete: null}
- {task: sign, title: Sign it, who: ceo}
"""
NO_INCOMPLETE = OLD.replace("{complete: null, incomplete: null}", "{complete: null}")
EACH_SCHOOL = """
steps:
- for_each: visits
  over: {school: '["ash", "beech"]'}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
- {task: report, title: Report, who: ceo}
"""


def kept(made: Program) -> Program:
    """The program, its documents where instances look for them."""
    library.put("definition", made.digest, canonical_json(made.definition))
    _keep(calendar(), "calendar")
    _keep(directory(), "directory")
    return made


def _keep(document: Calendar | Directory, kind: library.Kind) -> str:
    from engine.definition.compiler import digest  # noqa: PLC0415

    text = library.text(document)
    library.put(kind, digest(text), text)
    return digest(text)


def begun(text: str) -> Play:
    return Play(kept(program(text)))


def move(play: Play, new: Program, instance: str | None = None, by: str = "Officer", **more: str) -> None:
    """Move one instance, the cycle itself unless said."""
    name = instance or play.root
    play.cast.do(
        name,
        MigrateInstance(
            id=command_id(name, "migrate", new.digest, more),
            by=named(directory(), by),
            definition=new.digest,
            reason="Agreed by the heads",
            engine=ENGINE_VERSION,
            **more,
        ),
        play.at,
    )


def planned(play: Play, new: Program, instance: str | None = None) -> Move:
    world = World(new, calendar(), directory())
    return plan(play.states[instance or play.root], play.world, world)


def versioned(text: str, old: str = "", new: str = "", **header: Any) -> Program:  # noqa: ANN401 - YAML
    assert old in text
    given = "".join(f"{key}: {value}\n" for key, value in {"version": 2, **header}.items())
    return kept(program(given + text.replace(old, new)))


# ---- what happens


def test_what_is_open_stays_and_what_follows_is_new() -> None:
    play = begun(OLD)
    new = versioned(OLD, "title: Sign it, who: ceo", "title: Seal it, who: school-improvement-officer")

    move(play, new)

    assert [task.title for task in play.tasks()] == ["Write it"]
    play.complete("write", pages=2)
    play.complete("confirm", "complete")
    assert [task.title for task in play.tasks()] == ["Seal it"]
    play.complete("sign", by="Officer")
    assert (play.state.status, play.state.started.definition) == ("ended", new.digest)


def test_the_event_says_from_which_version_to_which_by_whom_and_why() -> None:
    play = begun(OLD)
    old, new = play.world.program, versioned(OLD, "Sign it", "Seal it")

    move(play, new)

    event = play.log[play.root][-1][1]
    assert isinstance(event, InstanceMigrated)
    assert (event.was, event.definition) == (old.digest, new.digest)
    assert (event.version_was, event.version, event.reason) == (1, 2, "Agreed by the heads")
    assert event.by == named(directory(), "Officer")


def test_moving_to_where_it_stands_does_nothing() -> None:
    play = begun(OLD)
    new = versioned(OLD, "Sign it", "Seal it")
    move(play, new)
    before = play.state

    move(play, new, by="Chief")

    assert play.state == before


def test_only_the_owner_and_those_who_may_start_it_move_it() -> None:
    play = begun(OLD)

    with pytest.raises(
        NotAllowedError, match="Chief may not move it: that is for school-improvement-officer"
    ):
        move(play, versioned(OLD, "Sign it", "Seal it"), by="Chief")


def test_a_new_value_and_a_new_input_begin_with_their_defaults() -> None:
    play = begun(OLD)
    header = "version: 2\ninputs: {limit: {type: integer, default: 3}}\n"
    body = OLD.replace("{count: 0}", "{count: 0, fresh: 7}")
    new = kept(program(header + body.replace("title: Sign it", 'title: "Sign {{ fresh }} of {{ limit }}"')))

    move(play, new)
    play.complete("write", pages=1)
    play.complete("confirm", "complete")

    assert play.task("sign").title == "Sign 7 of 3"
    assert play.state.started.inputs == {"limit": 3}


def test_stages_follow_and_those_with_tasks_stay() -> None:
    play = begun(
        "steps:\n- {task: a, title: A, who: ceo, stage: First}\n- {task: b, title: B, who: ceo, stage: Last}\n"
    )
    new = versioned(
        "steps:\n- {task: a, title: A, who: ceo, stage: Start}\n- {task: b, title: B, who: ceo, stage: Close}\n"
    )

    move(play, new)

    assert play.state.started.stages == ("Start", "Close", "First")


def test_an_escalation_that_is_gone_goes_to_the_owner() -> None:
    text = "steps:\n- {task: a, title: A, who: ceo, due: 2 school days after opened, escalate: {1: ceo}}\n"
    play = begun(text)
    move(play, versioned(text, ", escalate: {1: ceo}"))

    play.pass_time(LATEST)

    [told] = [event for _, event in play.log[play.root] if event.kind == "task-escalated"]
    assert told.to == (named(directory(), "Officer"),)


# ---- what cannot move


CANNOT = {
    "its outcome is gone": (NO_INCOMPLETE, "confirm is open: the outcome incomplete is gone"),
    "the step is gone": (
        "steps:\n- {task: write, title: W, who: ceo}\n- {task: sign, title: S, who: ceo}\n",
        "confirm is open: this task is gone",
    ),
    "it is another kind": (
        OLD.replace("- task: confirm", "- wait: confirm\n  until: 2 days after opened\n- task: other"),
        "confirm is open: it was a task and is now a wait",
    ),
    "it stands elsewhere": (
        OLD.replace("- task: confirm", "- parallel: p\n  branches:\n    one:\n    - task: confirm").replace(
            "\n  title: Confirm it\n  who: ceo\n  outcomes",
            "\n      title: Confirm it\n      who: ceo\n      outcomes",
        ),
        "confirm is open: it stood outside of other steps, and now stands in branch one of p",
    ),
    "what was done comes after": (
        OLD.replace("- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}\n", "")
        + "- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}\n",
        "write was done already, and now comes after confirm: it would be done twice",
    ),
    "an input has no default": (
        "inputs: {limit: {type: integer}}\n" + OLD,
        "the input limit: is missing; give it with --set limit=... (a integer)",
    ),
    "it is another process": (
        "process: other\n" + OLD,
        'the key of the process was "example", is now "other"',
    ),
}


@pytest.mark.parametrize("name", CANNOT)
def test_an_instance_cannot_move_where(name: str) -> None:
    text, reason = CANNOT[name]
    play = begun(OLD)
    play.complete("write", pages=2)
    new = versioned(text)
    before = play.state

    with pytest.raises(RefusedError) as refused:
        move(play, new)

    assert str(refused.value).splitlines() == [f"{play.root} cannot move:", reason]
    assert planned(play, new).reasons == (reason,)
    assert play.state == before


def test_the_same_change_elsewhere_is_no_hindrance() -> None:
    play = begun(OLD)

    move(play, versioned(NO_INCOMPLETE))
    play.complete("write", pages=2)

    with pytest.raises(RefusedError, match="there is no outcome 'incomplete'"):
        play.complete("confirm", "incomplete")


def test_whoever_moves_it_is_told_what_is_not_done_and_what_stays_as_it_was() -> None:
    play = begun(OLD)
    play.complete("write", pages=2)
    text = OLD.replace("- task: confirm", "- {task: read, title: Read it, who: ceo}\n- task: confirm")
    new = versioned(text.replace("Confirm it\n  who: ceo", "Confirm it\n  who: headteacher"))

    warnings = planned(play, new).warnings

    assert warnings == (
        "read now comes before confirm, where the work is already: it is not done here",
        'confirm is open and stays as it was opened, although who is asked was "ceo", is now "headteacher"',
    )


def test_a_branch_that_is_open_must_keep_its_number() -> None:
    left = "    left: [{task: a, title: A, who: ceo}]\n"
    text = f"steps:\n- parallel: both\n  branches:\n{left}    right: [{{task: b, title: B, who: ceo}}]\n"
    play = begun(text)
    new = versioned(text, left, f"    first: [{{task: c, title: C, who: ceo}}]\n{left}")

    reasons = planned(play, new).reasons

    assert [each.partition(":")[0] for each in reasons] == ["both|0/a is open", "both|1/b is open"]


def test_the_names_of_a_for_each_that_runs_must_stay() -> None:
    text = EACH_SCHOOL.replace("  run: as child instances\n", "")
    play = begun(text)
    new = versioned(text, "over: {school", "over: {place: '[1]', school")

    assert planned(play, new).reasons == ('visits is open: the list place is new: "[1]"',)


# ---- parts


def test_a_part_that_stayed_reports_to_a_cycle_that_moved() -> None:
    play = begun(EACH_SCHOOL)
    new = versioned(EACH_SCHOOL, "title: Report", "title: Sum up")
    move(play, new)

    for task in play.tasks("visit"):
        play.complete(task)

    assert [task.title for task in play.tasks()] == ["Sum up"]


def test_a_part_moves_by_itself_and_goes_on_in_the_new_way() -> None:
    play = begun(EACH_SCHOOL)
    new = versioned(
        EACH_SCHOOL,
        "who: headteacher at school}\n",
        "who: headteacher at school}\n  - {task: check, title: Check, who: headteacher at school}\n",
    )
    ash = f"{play.root}/visits/ash"

    move(play, new, instance=ash)
    for task in play.tasks("visit"):
        play.complete(task)

    assert [(task.step, task.school) for task in play.tasks()] == [("check", "ash")]
    play.complete("check")
    assert [task.step for task in play.tasks()] == ["report"]


def test_a_part_cannot_read_what_it_was_not_given() -> None:
    text = "steps:\n- {task: first, title: First, who: ceo}\n" + EACH_SCHOOL.replace("steps:\n", "", 1)
    play = begun(text)
    play.complete("first")
    new = versioned(text, "title: Visit", 'title: "Visit after {{ first.by }}"')

    assert planned(play, new, f"{play.root}/visits/ash").reasons == (
        "its steps now read first of the cycle it is part of, which it was not given",
    )


# ---- people and dates


def test_an_instance_moves_to_the_people_of_today() -> None:
    play = begun(OLD)
    people = directory().model_dump(mode="json", by_alias=True, exclude_unset=True)
    people["people"].append(
        {
            "id": "p-9999",
            "name": "Newcomer",
            "email": "new@trust.example",
            "posts": [{"role": "ceo", "from": "2020-09-01"}],
        }
    )
    new = Directory.model_validate(people)

    move(play, play.world.program, directory=_keep(new, "directory"))
    play.complete("write", pages=1)

    assert "p-9999" in play.task("confirm").candidates
    assert play.state.started.directory != play.state.started.calendar


def test_nobody_who_is_asked_may_be_missing_from_the_new_directory() -> None:
    play = begun(OLD)
    people = directory().model_dump(mode="json", by_alias=True, exclude_unset=True)
    chief = named(directory(), "Chief")
    people["people"] = [each for each in people["people"] if each["id"] != chief]
    for each in people["people"]:
        each["line_manager"] = None

    with pytest.raises(RefusedError, match=f"{chief} is asked at write, and is not in the new directory"):
        move(play, play.world.program, directory=_keep(Directory.model_validate(people), "directory"))


# ---- in general


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs(), data=st.data(), actions=st.integers(0, 8))
def test_what_moved_goes_on_as_if_it_had_begun_with_the_new_version(
    program: Program, data: st.DataObject, actions: int
) -> None:
    others = {key: kept(each) for key, each in processes().items()}
    moved = Play(kept(program), processes=others)
    act(moved, actions)
    assume(moved.state.status == "running")
    new = kept(compile_definition(edited(program, moved.state, data)))
    running = [
        name
        for name, state in moved.states.items()
        if state.status == "running" and state.started.process == program.definition.process
    ]
    assert not any(planned(moved, new, name).reasons for name in running)

    for name in running:
        move(moved, new, instance=name)
    moved.world = moved.cast.world = World(new, moved.world.calendar, moved.world.directory, others)
    act(moved, 2_000)
    fresh = Play(new, processes=others)
    act(fresh, 2_000)

    for name, state in moved.states.items():
        other = fresh.states[name]
        assert state.version == other.version + (name in running)
        if name in running or state.started.definition == new.digest:
            assert alike(state) == alike(other)


def act(play: Play, actions: int) -> None:
    """So many things happen, always the same ones."""
    for _ in range(actions):
        if play.state.status != "running":
            return
        advance(play)


def edited(program: Program, state: State, data: st.DataObject) -> Definition:
    """The definition with an edit that should be harmless where this instance stands."""
    plain: dict[str, Any] = program.definition.model_dump(mode="json", by_alias=True, exclude_unset=True)
    plain["version"] = 2
    names = [node.id for node in program.root.steps]
    [*before, place] = [-1, *(number for number, name in enumerate(names) if name in standing(state))]
    assume(before)
    where = data.draw(st.integers(place + 1, len(names)))
    extra = data.draw(
        st.sampled_from(
            (
                {"task": "extra", "title": "More in {{ place }}", "who": "ceo"},
                {"set": {"number": "number + 1"}},
                {"wait": "extra", "until": "1 school day after opened"},
            )
        )
    )
    edits = data.draw(st.sets(st.sampled_from(("words", "value", "step", "outcome", "later"))))
    if "words" in edits:
        plain["purpose"] = "Otherwise said."
        _every_task(plain["steps"], lambda task: task.update(guidance="Take care."))
    if "value" in edits:
        plain["values"]["fresh"] = 7
    if "outcome" in edits:
        plain["outcomes"] = {"higher": {"when": "number > 4", "title": "Higher"}, **plain["outcomes"]}
    if "later" in edits:
        untouched = [step for step in plain["steps"][place + 1 :] if "task" in step]
        for step in untouched:
            step.update(title="Do it otherwise", who="ceo or headteacher at place")
    if "step" in edits:
        plain["steps"].insert(where, extra)
    return Definition.model_validate(plain)


def _every_task(steps: Any, change: Any) -> None:  # noqa: ANN401 - YAML
    for each in steps if isinstance(steps, list) else [steps]:
        if isinstance(each, dict):
            if isinstance(each.get("task"), str):
                change(each)
            for inner in each.values():
                if isinstance(inner, dict | list):
                    _every_task(inner, change)


def alike(state: State) -> State:
    """Without what only tells that it moved."""
    return replace(state, version=0, commands=Map())
