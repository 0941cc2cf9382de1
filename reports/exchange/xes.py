"""A log for process miners as XES, IEEE 1849-2016: a trace for each case, an event for each passage of a step.

Written piece by piece, so that a log may be larger than memory.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Literal

from reports.cycle import Cycle
from reports.exchange.life import Passage, life
from reports.exchange.people import Called

Case = Literal["cycle", "school"]
Attribute = str | int | bool | datetime
#: Of attributes that no extension of the standard has.
OWN = "termwise"
_NOWHERE = "whole trust"
#: What XML cannot hold, escaped or not.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EXTENSIONS = {"Concept": "concept", "Lifecycle": "lifecycle", "Organizational": "org", "Time": "time"}
_GLOBAL: Mapping[str, Mapping[str, Attribute]] = {
    "trace": {"concept:name": "unknown"},
    "event": {
        "concept:name": "unknown",
        "lifecycle:transition": "complete",
        "time:timestamp": datetime(1970, 1, 1, tzinfo=UTC),
    },
}
_CLASSIFIERS = {
    "Step": "concept:name",
    "Step and passage": "concept:name lifecycle:transition",
    "Role": "org:role",
}


def beginning(title: str) -> Iterator[str]:
    """What stands before the first trace."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix in _EXTENSIONS.items():
        yield f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    for scope, attributes in _GLOBAL.items():
        yield f'  <global scope="{scope}">\n'
        yield from _attributes(attributes, 4)
        yield "  </global>\n"
    for name, keys in _CLASSIFIERS.items():
        yield f'  <classifier name="{name}" keys="{keys}"/>\n'
    yield from _attributes({"concept:name": title, "lifecycle:model": "standard"}, 2)


def traces(cycle: Cycle, called: Called, case: Case = "cycle") -> Iterator[str]:
    """A cycle as one trace, or as one for each school; none where nothing of it is to be seen."""
    cases: dict[str | None, list[Passage]] = defaultdict(list)
    for passage in life(cycle):
        cases[(passage.step.school or "") if case == "school" else None].append(passage)
    for school, passages in sorted(cases.items(), key=lambda each: each[0] or ""):
        yield "  <trace>\n"
        yield from _attributes(_of_case(cycle, called, school), 4)
        for passage in passages:
            yield "    <event>\n"
            yield from _attributes(_of_event(passage, called), 6)
            yield "    </event>\n"
        yield "  </trace>\n"


def end() -> str:
    """What stands behind the last trace."""
    return "</log>\n"


def _of_case(cycle: Cycle, called: Called, school: str | None) -> dict[str, Attribute | None]:
    started = cycle.root.started
    place = None if school is None else called.school(school) or _NOWHERE
    return {
        "concept:name": started.instance if place is None else f"{started.instance} at {place}",
        f"{OWN}:process": started.process,
        f"{OWN}:cycle": started.instance,
        f"{OWN}:school": place,
        f"{OWN}:definition": started.definition,
        f"{OWN}:term": started.term,
        f"{OWN}:state": cycle.root.status,
        f"{OWN}:outcome": cycle.root.outcome,
    }


def _of_event(passage: Passage, called: Called) -> dict[str, Attribute | None]:
    step = passage.step
    return {
        "concept:name": step.name,
        "concept:instance": f"{step.stream}/{step.id}",
        "lifecycle:transition": passage.transition,
        "time:timestamp": passage.at,
        "org:resource": called.person(passage.person),
        "org:role": step.role,
        "org:group": called.school(step.school),
        f"{OWN}:kind": step.kind,
        f"{OWN}:stage": step.stage,
        f"{OWN}:year_group": step.year_group,
        f"{OWN}:round": step.round,
        f"{OWN}:due": step.due,
        f"{OWN}:outcome": passage.outcome,
        f"{OWN}:code": passage.code,
        f"{OWN}:late": passage.late,
        f"{OWN}:as_said": passage.said or None,
        f"{OWN}:position": passage.position,
    }


def _attributes(attributes: Mapping[str, Attribute | None], indent: int) -> Iterator[str]:
    for key, value in attributes.items():
        if value is not None:
            yield f'{" " * indent}<{_kind(value)} key="{key}" value="{_text(value)}"/>\n'


def _kind(value: Attribute) -> str:
    kinds: Iterable[tuple[type, str]] = ((bool, "boolean"), (int, "int"), (datetime, "date"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "string")


def _text(value: Attribute) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    text = escape(_UNWRITABLE.sub("\ufffd", str(value)))
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
