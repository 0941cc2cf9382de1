"""What an expression of a decision table may be, as far as the file says: a choice, a scale, a range of numbers."""

import re
from typing import cast

from engine.definition.cells import Domain, Kind
from engine.definition.compiling import Compiler
from engine.definition.model import ForEachStep, TaskStep, WaitStep
from engine.definition.names import SKIPPED, may_be_unanswered, of_field, of_given
from engine.definition.program import Node
from engine.definition.values import Bound, Column, Input, InputField, InputTable
from engine.errors import TermwiseError
from engine.readers import bound
from engine.value_types import Type
from engine.year_groups import YEAR_GROUPS

_PLAIN = re.compile(r"(\w+)(?:\.(\w+))?")
_KINDS = frozenset({"text", "integer", "number", "yes-no"})
_YEAR_GROUP = Domain("text", tuple(YEAR_GROUPS), tuple(YEAR_GROUPS), what="year group")


def domain_of(compiler: Compiler, node: Node, text: str, found: Type) -> Domain:
    """All that the expression may be. An input or an answer that is only named is known exactly."""
    plain = _PLAIN.fullmatch(text.strip())
    named = _named(compiler, node, plain[1], plain[2]) if plain else None
    if named:
        return named
    return (
        Domain(cast("Kind", found.kind), nullable=found.may_be_null)
        if found.kind in _KINDS
        else Domain("any")
    )


def _named(compiler: Compiler, node: Node, name: str, part: str | None) -> Domain | None:
    if part is None:
        given = compiler.definition.inputs.get(name)
        return _input(given) if given else _member(compiler, node, name)
    step = compiler.steps.get(name)
    if step is None:
        return None
    if isinstance(step.spec, TaskStep):
        return _answer(compiler, step.spec, part)
    return Domain("yes-no") if isinstance(step.spec, WaitStep) and part == "happened" else None


def _input(given: InputField) -> Domain | None:
    if isinstance(given, InputTable):
        return None
    if given.type == "year-group":
        return _YEAR_GROUP
    if given.type == "choice" and isinstance(given.of, tuple):
        return Domain("text", given.of, what="choice")
    return Domain(cast("Kind", given.type)) if given.type in _KINDS else None


def _member(compiler: Compiler, node: Node, name: str) -> Domain | None:
    """A name that a for-each around the step runs over."""
    owner = node.block.owner
    while owner:
        if isinstance(owner.spec, ForEachStep) and name in owner.spec.over:
            over = compiler.definition.inputs.get(owner.spec.over[name].strip())
            return _YEAR_GROUP if isinstance(over, Input) and over.type == "list of year-group" else None
        owner = owner.block.owner
    return None


def _answer(compiler: Compiler, task: TaskStep, part: str) -> Domain | None:
    if part == "outcome":
        skipped = (SKIPPED,) if task.skip else ()
        return Domain("text", (*(task.outcomes or ("done",)), *skipped), what="outcome")
    column = task.form.get(part)
    if not isinstance(column, Column):
        return None
    nullable = of_field(column).may_be_null or may_be_unanswered(task)
    if column.type in {"choice", "scale"}:
        scale = compiler.definition.scales.get(column.of, ()) if isinstance(column.of, str) else ()
        of = scale if isinstance(column.of, str) else column.of
        return Domain("text", (*of, *column.also), scale, nullable=nullable, what=column.type)
    kind = cast("Kind", of_given(column).kind)
    if kind in {"integer", "number"}:
        least, most = (_count(column, each) for each in (column.at_least, column.at_most))
        return Domain(kind, least=least, most=most, nullable=nullable)
    return Domain(kind if kind in _KINDS else "any", nullable=nullable)


def _count(column: Column, given: Bound | None) -> float | None:
    try:
        found = None if given is None else bound(column.type, given)
    except TermwiseError:  # It is told where the form is checked.
        return None
    return found if isinstance(found, int | float) else None
