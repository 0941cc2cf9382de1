"""What a state says of itself, found out anew: from its log, its tasks and its types."""

from datetime import datetime

from pydantic import JsonValue

from engine.events import EVENT
from engine.evolve import answered, evolve
from engine.state import State, Tally
from engine.value_types import Type
from tests.worlds import Play


def waited_for(state: State) -> list[str]:
    """What an instance waits for, in words: each says whose turn it is, or which day."""
    tasks = [state.tasks[each] for each in state.unfinished]
    return [
        *(f"{task.title}: {who}" if (who := task.assignee or task.role) else "" for task in tasks),
        *(f"{wait.address} until {wait.until}" for wait in state.waits.values() if wait.until),
        *(f"{wait.address}: {each.event}" for wait in state.waits.values() for each in wait.awaited),
        *(f"{address}: {child}" for child, address in state.children.items()),
        *(f"{call.address}: {call.activity}" for call in state.calls.values()),
        *state.runs,
    ]


def folded(play: Play, name: str) -> State:
    """The state that the instance's log leads to, after a journey through JSON."""
    state: State | None = None
    for number, (command, event) in enumerate(play.log[name]):
        state = evolve(state, EVENT.validate_json(EVENT.dump_json(event)))
        following = play.log[name][number + 1 : number + 2]
        if not following or following[0][0] != command:
            state = answered(state, command)
    assert state is not None
    return state


def is_of(value: JsonValue, kind: Type) -> bool:
    """Whether the value is what its type says; a field that may be null may also be missing."""
    if value is None or kind.kind == "any":
        return kind.may_be_null or kind.kind == "any"
    if isinstance(value, list):
        return kind.kind == "list" and all(is_of(each, kind.member) for each in value)
    if isinstance(value, dict):
        fields = dict(kind.fields)
        # Of a question to the owner, which stands in no file, nothing can be read.
        # For whom a deputy did it, neither: the word means something else in expressions.
        given = {name for name in value if not name.endswith("_failed") and name != "for"}
        return (
            kind.kind == "record"
            and given <= fields.keys()
            and all(is_of(value.get(name), field) for name, field in fields.items())
        )
    plain: dict[str, tuple[type, ...]] = {
        "text": (str,), "yes-no": (bool,), "integer": (int,), "number": (int, float),
    }  # fmt: skip
    return type(value) in plain.get(kind.kind, ())


def recount(state: State) -> dict[tuple[str, str], Tally]:
    """The tallies, counted from the tasks."""
    cells: dict[tuple[str, str], list[int]] = {}
    for task in state.tasks.values():
        cell = cells.setdefault((task.stage, task.school or ""), [0] * 6)
        cell[0] += task.status == "open"
        cell[1] += task.status == "completed"
        cell[2] += task.status == "open" and task.overdue
        cell[3] += task.status == "deferred"
        cell[4] += task.status == "skipped"
        cell[5] += task.status == "lapsed"
    return {cell: Tally(*counts) for cell, counts in cells.items() if any(counts)}


def agenda(state: State) -> set[tuple[datetime, str, str, int]]:
    """What the agenda holds: when, whose, and which rung."""
    found = set()
    for at, entries in state.agenda.items():
        assert entries
        for key, place in entries:
            moment = state.tasks[key].moments[place] if key in state.tasks else None
            assert moment is None or moment.at == at
            found.add((at, key, moment.kind if moment else "wait", moment.days if moment else 0))
    return found


def due(state: State) -> set[tuple[datetime, str, str, int]]:
    """What the agenda should hold: the waits, the rungs of open tasks not yet reached, the days of deferred ones."""
    waits = {(w.until.at, w.address, "wait", 0) for w in state.waits.values() if w.until and not w.stopped}
    running = state.composites.items() if state.status == "running" else ()
    waits |= {(c.until.at, address, "wait", 0) for address, c in running if c.until and c.open}
    if state.status == "running":
        waits |= {(s.until.at, s.key, "wait", 0) for s in state.stops.values() if s.until}
    opened = [state.tasks[task] for task in state.open_tasks if not state.tasks[task].stopped]
    rungs = {(m.at, task.id, m.kind, m.days) for task in opened for m in task.moments}
    reached = {rung for rung in rungs if rung[0] <= state.now and rung not in agenda(state)}
    put_off = [state.tasks[task] for task in state.deferred_tasks]
    back = {(task.until, task.id, "resume", 0) for task in put_off if task.until}
    assert len(back) == len(put_off)
    return waits | back | (rungs - reached)
