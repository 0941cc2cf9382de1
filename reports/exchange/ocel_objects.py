"""What the events of a log are about, as OCEL 2.0 has it: cycles, tasks, schools and people, each an object."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from reports.cycle import Cycle
from reports.exchange.life import Passage, Step
from reports.exchange.people import Called

Value = str | int | bool | datetime
Change = tuple[str, Value | None, datetime]
Object = dict[str, JsonValue]
#: Each kind of object with its attributes and their types.
OBJECTS: Mapping[str, Mapping[str, str]] = {
    "cycle": {"process": "string", "name": "string", "term": "string", "outcome": "string", "state": "string"},
    "task": {
        "step": "string", "stage": "string", "role": "string", "year_group": "string", "round": "integer",
        "due": "time", "state": "string",
    },
    "school": {"name": "string"},
    "person": {"name": "string"},
}  # fmt: skip
#: The time that the standard gives a value which does not change.
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def name_of(kind: str, key: str) -> str:
    """An object's id: no two of any kind have the same."""
    return f"{kind}:{key}"


def task_of(step: Step) -> str:
    """The id of a task."""
    return name_of("task", f"{step.stream}/{step.id}")


def of_cycle(cycle: Cycle, passages: Sequence[Passage]) -> Iterator[Object]:
    """The cycle itself, and its tasks."""
    started = cycle.root.started
    fixed = {
        "process": started.process,
        "name": started.name,
        "term": started.term,
        "outcome": cycle.root.outcome,
    }
    states: list[Change] = [("state", "running", started.at)]
    if cycle.ended_at:
        states.append(("state", cycle.root.status, cycle.ended_at))
    schools = [(name_of("school", key), "covers") for key in started.schools]
    yield _object("cycle", started.instance, _fixed(fixed) + states, schools)
    tasks: dict[Step, list[Change]] = defaultdict(list)
    for each in passages:
        if each.step.kind == "task":
            tasks[each.step].append(("state", each.transition, each.at))
    for step, changes in tasks.items():
        about = {
            "step": step.name, "stage": step.stage, "role": step.role, "year_group": step.year_group,
            "round": step.round, "due": step.due,
        }  # fmt: skip
        related = [(name_of("cycle", started.instance), "part of")]
        related += [(name_of("school", step.school), "for")] if step.school else []
        yield _object("task", f"{step.stream}/{step.id}", _fixed(about) + changes, related)


def of_trust(schools: Iterable[str], people: Iterable[str], called: Called) -> Iterator[Object]:
    """The schools and the people that were named."""
    for key in schools:
        yield _object("school", key, _fixed({"name": called.school(key)}), ())
    for key in people:
        yield _object("person", key, _fixed({"name": called.person(key)}), ())


def plain(value: Value) -> JsonValue:
    """A value as the standard's JSON has it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds") if isinstance(value, datetime) else value


def related(pairs: Iterable[tuple[str, str]]) -> list[JsonValue]:
    """Relations to objects, each with what it means."""
    return [{"objectId": name, "qualifier": qualifier} for name, qualifier in pairs]


def declared(attributes: Mapping[str, str]) -> list[JsonValue]:
    """Attributes as a type declares them."""
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _fixed(values: Mapping[str, Value | None]) -> list[Change]:
    return [(name, value, _ALWAYS) for name, value in values.items()]


def _object(kind: str, key: str, values: Iterable[Change], to: Iterable[tuple[str, str]]) -> Object:
    return {
        "id": name_of(kind, key),
        "type": kind,
        "attributes": [
            {"name": name, "time": plain(at), "value": plain(value)}
            for name, value, at in values
            if value is not None
        ],
        "relationships": related(to),
    }
