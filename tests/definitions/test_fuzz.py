"""Definitions in which anything may be changed: each loads, or is refused at a place of its file."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from definitions.loader import mark_of, program_from
from definitions.positions import Mark
from definitions.yaml_source import SourceError, parse
from engine.definition.compiler import canonical_json, examine
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.versions.differences import differences
from reports.diagram.bpmn import model
from reports.diagram.mermaid import flowchart
from reports.diagram.svg import picture
from tests.engine.generated import programs
from tests.worlds import moderation

MODERATION = moderation()
#: What a key or a value is replaced by: numbers too large, letters that are not seen, texts of another kind.
ODD: list[Any] = [
    None, True, 0, -1, 10**17, -(10**17), 1.5, 1e308, 5e-324, "", " ", "a", "x" * 10_000, "\u202e", "e\u0301\u0301",
    "\u200b", "\U0001f9d1\u200d\U0001f3eb", "\ufeff", "\u2028", "\x85", "\\", "'", "{{", "{{ }}", "{{ a }} }}", "= 1 +",
    "1e999", ".nan", "9" * 400, "any", "all", "0%", "101%", "1..", "5 days after opened", "on 2027-02-30", "ceo at",
    "the person x[99999]", "a.b.c", "size(", "[]", "\n\n1 + nothing", "null", [], {}, [[]], [{}], {"a": {}},
    {"type": "text"}, {"table": {}}, {"when": "true"}, {"steps": []}, ["a", 1, None],
]  # fmt: skip
_FUZZ = settings(
    max_examples=150,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def places(part: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Every part of a document: what it is in, and under which key."""
    keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield part, key
        yield from places(part[key])


def change(document: Any, draw: st.DrawFn) -> None:  # noqa: ANN401 - JSON
    """Change one thing."""
    found = list(places(document))
    if not found:
        return
    parent, key = draw(st.sampled_from(found))
    match draw(st.sampled_from(["replace", "nest", "move", "remove", "rename", "double"])):
        case "replace":
            parent[key] = draw(st.sampled_from(ODD))
        case "nest":
            parent[key] = draw(st.sampled_from([[parent[key]], {"steps": [parent[key]]}, {"a": parent[key]}]))
        case "move":
            other, there = draw(st.sampled_from(found))
            parent[key] = json.loads(json.dumps(other[there]))
        case "remove":
            del parent[key]
        case "rename" if isinstance(parent, dict):
            parent[draw(st.sampled_from([*map(str, ODD), "task", "steps", "run", "table"]))] = parent.pop(key)
        case _ if isinstance(parent, list):
            parent.append(parent[key])


@st.composite
def documents(draw: st.DrawFn) -> Any:  # noqa: ANN401 - JSON
    """A definition that was right once."""
    program: Program = draw(st.one_of(programs(), st.just(MODERATION)))
    document = json.loads(canonical_json(program.definition))
    for _ in range(draw(st.integers(1, 4))):
        change(document, draw)
    return document


@_FUZZ
@given(document=documents(), wide=st.booleans())
def test_whatever_is_changed_is_told_at_its_place(document: Any, wide: bool) -> None:  # noqa: ANN401, FBT001
    text = json.dumps(document, ensure_ascii=False, indent=2 if wide else None)
    try:
        source = parse(text, "x")
        program = program_from(source)
    except SourceError as refused:
        assert refused.problems  # noqa: PT017 - either may happen
        assert all(inside(text, mark) for mark, _ in refused.problems)  # noqa: PT017
        return
    assert all(inside(text, mark_of(source, each)) for each in examine(program.definition))
    differences(MODERATION.definition, program.definition)
    assert all(draw(program) for draw in (flowchart, picture, model))
    assert Definition.model_validate_json(canonical_json(program.definition)) == program.definition


def inside(text: str, mark: Mark) -> bool:
    """Whether the place is one of the file, or just behind it."""
    lines = [*text.splitlines(), ""]
    return 1 <= mark.line <= len(lines) and 1 <= mark.column <= len(lines[mark.line - 1]) + 1
