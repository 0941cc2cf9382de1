"""Compares what a scenario expects with what is so."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import JsonValue

from definitions.positions import Place
from definitions.scenarios.expectations import Expect, ProcessIs, TaskIs
from definitions.scenarios.happening import Differences, has_happened, said, was_told
from definitions.scenarios.selecting import Found, find_latest, member_of, read_selector, words, words_of
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import Difference, at_place
from definitions.scenarios.tested import Step, Tested
from engine import addresses
from engine.expressions import Expression
from engine.scope import Scope
from engine.state import Task

W = TypeVar("W")
_NOTHING = "nothing"


def differences(expect: Expect, stage: Stage) -> list[tuple[Place, Difference]]:
    """Everything that is not as expected, each with its place below the expectation. Raises StopError."""
    return [
        *_ends(expect, stage),
        *_counts(("open",), expect.open, _open_steps(stage), stage.tested),
        *_counts(("waiting",), expect.waiting, _waiting_steps(stage), stage.tested),
        *_each("tasks", expect.tasks, _task, stage),
        *_values(expect.values, stage),
        *_each("processes", expect.processes, _process, stage),
        *_each("events", expect.events, has_happened, stage),
        *_each("told", expect.told, was_told, stage),
    ]


def _each(
    key: str, wanted: Iterable[W], compare: Callable[[W, Stage], Differences], stage: Stage
) -> Differences:
    for position, each in enumerate(wanted):
        with at_place(key, position):
            found = list(compare(each, stage))
        yield from (((key, position, *place), difference) for place, difference in found)


def _ends(expect: Expect, stage: Stage) -> Differences:
    state = stage.state
    if expect.state and expect.state != state.status:
        yield ("state",), Difference("the cycle", expect.state, state.status)
    if expect.outcome and expect.outcome != state.outcome:
        found = state.outcome or f"none yet; it is {state.status}"
        yield ("outcome",), Difference("its outcome", expect.outcome, found)


# ---- how many there are


def _open_steps(stage: Stage) -> Counter[Step]:
    return Counter(stage.step(name, task.step) for name, task in stage.cast.open_tasks())


def _waiting_steps(stage: Stage) -> Counter[Step]:
    states = stage.cast.states.items()
    return Counter(stage.step(name, wait.step) for name, state in states for wait in state.waits.values())


def _counts(
    place: Place, wanted: Mapping[str, int] | None, found: Counter[Step], tested: Tested
) -> Differences:
    what = "open tasks" if place == ("open",) else "open waits"
    if wanted == {} and found:
        listed = ", ".join(f"{tested.label(step)} {count}" for step, count in sorted(found.items()))
        yield place, Difference(what, _NOTHING, listed)
    for text, count in (wanted or {}).items():
        there = sum(found[step] for step in tested.named(text))
        if there != count:
            yield (*place, text), Difference(f"{what} of {text}", str(count), str(there))


# ---- tasks


def _task(wanted: TaskIs, stage: Stage) -> Differences:
    selector = read_selector(wanted.task, stage.tested)
    found = find_latest(stage.cast, selector)
    if wanted.times is not None and wanted.times != len(found):
        yield ("times",), Difference(f"tasks of {wanted.task!r}", str(wanted.times), str(len(found)))
    if wanted.state == "none":
        if found:
            yield ("state",), Difference(wanted.task, "never asked", f"asked {len(found)} times")
        return
    if not found:
        yield ("task",), Difference(wanted.task, "a task", "it was never asked")
    elif len(found) > 1 and not selector.every and _about_one(wanted):
        yield ("task",), Difference(wanted.task, "one task", f"{len(found)}; write 'every {wanted.task}'")
    else:
        for each in found:
            yield from _one_task(wanted, each, stage)


def _about_one(wanted: TaskIs) -> bool:
    return bool(wanted.model_fields_set - {"task", "times"})


def _one_task(wanted: TaskIs, found: Found, stage: Stage) -> Differences:
    task, expected = found.task, wanted.model_dump(exclude_none=True, exclude={"task", "times"})
    for name, value in expected.items():
        actual = _of_task(task, name)
        if name == "asked":
            same = {stage.person(who) for who in value} == set(task.asked)
        elif name == "done_by":
            same = stage.person(value) == task.done_by
        else:
            same = value == actual
        if not same:
            what = f"{name.replace('_', ' ')} of {task.step}{member_of(stage.cast, found.instance, task)}"
            yield (name,), Difference(what, said(value, stage), said(actual, stage))


def _of_task(task: Task, name: str) -> object:
    match name:
        case "state":
            return task.status
        case "due":
            return task.due.on if task.due else None
        case _:
            return getattr(task, name)


# ---- processes that are run


def _process(wanted: ProcessIs, stage: Stage) -> Differences:
    cast, place = stage.cast, words(wanted.where or "")
    found = [
        state
        for name, state in cast.states.items()
        if state.started.run_at and state.started.process == wanted.process and place <= words_of(cast, name)
    ]
    if wanted.times is not None and wanted.times != len(found):
        what = f"cycles of {wanted.process} that were started"
        yield ("times",), Difference(what, str(wanted.times), str(len(found)))
    if wanted.times is None and not found:
        yield ("process",), Difference(wanted.process, "a cycle", "none was started")
    for state in found:
        if wanted.state and wanted.state != state.status:
            yield ("state",), Difference(state.instance, wanted.state, state.status)
        if wanted.outcome and wanted.outcome != state.outcome:
            there = state.outcome or f"none yet; it is {state.status}"
            yield ("outcome",), Difference(f"the outcome of {state.instance}", wanted.outcome, there)


# ---- values


def _values(wanted: Mapping[str, JsonValue], stage: Stage) -> Differences:
    scope = Scope(stage.state, addresses.ROOT, stage.calendar) if wanted else None
    for text, value in wanted.items():
        with at_place("values", text):
            found = scope.evaluate(Expression(text, stage.program.names)) if scope else None
        if found != value:
            yield ("values", text), Difference(text, said(value, stage), said(found, stage))
