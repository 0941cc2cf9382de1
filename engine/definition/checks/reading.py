"""Values that are read before anything has set them, or come to them, and what is declared and never read."""

import re
from collections.abc import Iterator, Sequence

from engine.definition.checks.examined import Examined, expressions_of, texts_of
from engine.definition.model import EndStep, SetStep, TaskStep
from engine.definition.names import assigned_in
from engine.definition.problems import Path, Problem
from engine.definition.program import Block, Node
from engine.definition.values import Declared

_WORD = re.compile(r"\w+")
_ESCAPED = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
BEFORE, UNUSED = "read-before-written", "never-read"


def check(seen: Examined) -> Iterator[Problem]:
    """Values that begin as null and are read where nothing can have set them; inputs and values nobody reads."""
    empty = {name for name, value in seen.definition.values.items() if _is_empty(value)}
    yield from _Walk(empty).block(seen.root, frozenset(), frozenset())
    yield from _too_early(seen)
    yield from _unused(seen)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, Declared) and value.default is None)


class _Walk:
    """Goes through the steps in order, and knows what may have been set by then."""

    def __init__(self, empty: set[str]) -> None:
        self._empty = empty
        self._told: set[str] = set()

    def block(self, block: Block, known: frozenset[str], later: frozenset[str]) -> Iterator[Problem]:
        """`later`: what steps that come after these may have set already, in an earlier round."""
        assigned = [assigned_in(node.spec) for node in block.steps]
        for node, back in zip(block.steps, _set_by_rework(block, assigned), strict=True):
            again = later | back
            inside = known | again | (assigned[node.index] if node.kind != "set" else frozenset())
            # Whether a round was enough is asked after it.
            yield from self._reads(node, inside if node.kind == "repeat" else known | again)
            for inner in node.blocks:
                # Another branch, member or round may have been there before.
                yield from self.block(inner, known | again, inside if node.kind != "choose" else again)
            known |= assigned[node.index]

    def _reads(self, node: Node, known: frozenset[str]) -> Iterator[Problem]:
        # Values of one `set` may read those before them.
        before = set(known)
        for place, expression in expressions_of(node):
            yield from self._told_of(place, expression.names - before)
            if isinstance(node.spec, SetStep):
                before.add(str(place[len(node.path) + 1]).split(".")[0])
        for place, template in texts_of(node):
            yield from self._told_of(place, template.names - before)

    def _told_of(self, place: Path, names: frozenset[str]) -> Iterator[Problem]:
        for name in sorted((names & self._empty) - self._told):
            self._told.add(name)
            message = f"{name!r} is read here, but it is null until a later step sets it"
            yield Problem(place, message, rule=BEFORE, warning=True)


def _set_by_rework(block: Block, assigned: Sequence[frozenset[str]]) -> Iterator[frozenset[str]]:
    """For each step: what the steps from it on set, up to the last that may send the work back to it, or before it."""
    places = {node.id: node.index for node in block.steps}
    backs = [
        min((places.get(name, len(places)) for name in _goes_back_to(node)), default=len(places))
        for node in block.steps
    ]
    for number in range(len(block.steps)):
        last = max((other for other in range(number, len(backs)) if backs[other] <= number), default=None)
        yield frozenset[str]().union(*(assigned[number : last + 1] if last is not None else ()))


def _goes_back_to(node: Node) -> Iterator[str]:
    if isinstance(node.spec, TaskStep):
        yield from (each.return_to for each in node.spec.outcomes.values() if each and each.return_to)


def _too_early(seen: Examined) -> Iterator[Problem]:
    """What an outcome reports, where a step ends the cycle before it is known. Whoever asks for null has seen to it."""
    for node in seen.steps.values():
        if not isinstance(node.spec, EndStep):
            continue
        for part, expression in seen.reports.get(node.spec.end, {}).items():
            for name in sorted(expression.names - node.names.keys()):
                if "null" not in expression.text:
                    message = f"{node.spec.end!r} reports {part!r} from {name!r}, which may be null where it ends here"
                    yield Problem((*node.path, "end"), message, rule=BEFORE, warning=True)


def _unused(seen: Examined) -> Iterator[Problem]:
    definition = seen.definition
    text = definition.model_dump_json(exclude={"inputs", "values"}, by_alias=True)
    defaults = " ".join(str(given.default) for given in definition.inputs.values())
    # A new line is written `\n`, whose letter is no part of the word after it.
    words = frozenset(_WORD.findall(_ESCAPED.sub(" ", text))) | frozenset(_WORD.findall(defaults))
    # `schools` says where a cycle belongs, whether or not a step reads it.
    for kind, names in (("inputs", definition.inputs), ("values", definition.values)):
        for name in names:
            if name != "schools" and name not in words:
                message = f"{name!r} is never read; use it, or take it out"
                yield Problem((kind, name), message, at_key=True, rule=UNUSED, warning=True)
