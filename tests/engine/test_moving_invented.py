"""What moved goes on as if it had begun with the new version, found out with invented programs and edits."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from immutables import Map

from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.state import State
from engine.versions.standing import standing
from engine.world import World
from tests.engine.generated import processes, programs
from tests.engine.moved import loaded, move, planned
from tests.engine.played_out import advance
from tests.worlds import Play


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs(), data=st.data(), actions=st.integers(0, 8))
def test_what_moved_goes_on_as_if_it_had_begun_with_the_new_version(
    program: Program, data: st.DataObject, actions: int
) -> None:
    others = {key: loaded(each) for key, each in processes().items()}
    moved = Play(loaded(program), processes=others)
    act(moved, actions)
    assume(moved.state.status == "running")
    new = loaded(compile_definition(edited(program, moved.state, data)))
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
