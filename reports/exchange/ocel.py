"""A log for process miners as OCEL 2.0 in JSON: an event is about several objects, so no case must be chosen.

Written piece by piece: a log may be larger than memory.
"""

import json
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Self

from pydantic import JsonValue

from reports.cycle import Cycle
from reports.exchange import ocel_objects
from reports.exchange.life import Passage, life
from reports.exchange.ocel_objects import OBJECTS, declared, name_of, plain, related, task_of
from reports.exchange.people import Called

_IN_MEMORY = 16_000_000
_ATTRIBUTES: Mapping[str, str] = {
    "lifecycle": "string", "kind": "string", "outcome": "string", "code": "string", "late": "boolean",
    "as_said": "boolean", "position": "integer",
}  # fmt: skip


class OcelWriter:
    """The pieces of one document, in order: `beginning`, the `events` of each cycle, `end`."""

    def __init__(self) -> None:
        # Objects stand behind the events, and wait here for them: in memory, or in a file without a name.
        self._objects = SpooledTemporaryFile[str](_IN_MEMORY, "w+", encoding="utf-8")
        self._steps: set[str] = set()
        self._schools: dict[str, None] = {}
        self._people: dict[str, None] = {}
        self._first_event = self._first_object = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._objects.close()

    @staticmethod
    def beginning() -> str:
        """What stands before the first event."""
        types: list[JsonValue] = [{"name": name, "attributes": declared(of)} for name, of in OBJECTS.items()]
        return f'{{"objectTypes": {_json(types)},\n"events": ['

    def events(self, cycle: Cycle) -> Iterator[str]:
        """The events of one cycle and its parts. A cycle without any is left out."""
        passages = life(cycle)
        for passage in passages:
            yield f"{'' if self._first_event else ','}\n{_json(self._event(cycle, passage))}"
            self._first_event = False
        if passages:
            self._schools |= dict.fromkeys(cycle.root.started.schools)
            for each in ocel_objects.of_cycle(cycle, passages):
                self._keep(each)

    def end(self, called: Called) -> Iterator[str]:
        """The objects, and the names of all steps."""
        for each in ocel_objects.of_trust(self._schools, self._people, called):
            self._keep(each)
        yield '\n],\n"objects": ['
        self._objects.seek(0)
        yield from self._objects
        types: list[JsonValue] = [
            {"name": name, "attributes": declared(_ATTRIBUTES)} for name in sorted(self._steps)
        ]
        yield f'\n],\n"eventTypes": {_json(types)}}}\n'

    def _keep(self, one: ocel_objects.Object) -> None:
        self._objects.write(f"{'' if self._first_object else ','}\n{_json(one)}")
        self._first_object = False

    def _event(self, cycle: Cycle, passage: Passage) -> dict[str, JsonValue]:
        step = passage.step
        self._steps.add(step.name)
        about = [(name_of("cycle", cycle.root.instance), "in")]
        if step.kind == "task":
            about.append((task_of(step), "of"))
        if step.school:
            self._schools[step.school] = None
            about.append((name_of("school", step.school), "at"))
        if passage.person:
            self._people[passage.person] = None
            about.append((name_of("person", passage.person), "by"))
        return {
            "id": f"{passage.position}.{passage.nth}",
            "type": step.name,
            "time": plain(passage.at),
            "attributes": _said(passage),
            "relationships": related(about),
        }


def _said(passage: Passage) -> list[JsonValue]:
    values: dict[str, JsonValue] = {
        "lifecycle": passage.transition, "kind": passage.step.kind, "outcome": passage.outcome,
        "code": passage.code, "late": passage.late, "as_said": passage.said or None, "position": passage.position,
    }  # fmt: skip
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
