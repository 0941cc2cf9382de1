"""What an expression of a decision table may be, as far as the file says: a choice, a scale, a range of numbers."""

import re
from typing import cast

from engine.definition.cells import Domain, Kind
from engine.definition.compiling import Compiler
from engine.definition.model import ForEachStep, TaskStep, WaitStep
from engine.definition.names import SKIPPED, may_be_unanswered
from engine.definition.program import Node
from engine.definition.values import Column, Input
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


def _input(given: Input) -> Domain | None:
    if given.type == "year-group":
        return _YEAR_GROUP
    if given.type == "choice":
        return Domain("text", given.of, what="choice")
    return Domain(cast("Kind", given.type)) if given.type in _KINDS else None


def _member(compiler: Compiler, node: Node, name: str) -> Domain | None:
    """A name that a for-each around the step runs over."""
    owner = node.block.owner
    while owner:
        if isinstance(owner.spec, ForEachStep) and name in owner.spec.over:
            over = compiler.definition.inputs.get(owner.spec.over[name].strip())
            return _YEAR_GROUP if over and over.type == "list of year-group" else None
        owner = owner.block.owner
    return None


def _answer(compiler: Compiler, task: TaskStep, part: str) -> Domain | None:
    if part == "outcome":
        skipped = (SKIPPED,) if task.skip else ()
        return Domain("text", (*(task.outcomes or ("done",)), *skipped), what="outcome")
    column = task.form.get(part)
    if not isinstance(column, Column):
        return None
    nullable = not column.required or may_be_unanswered(task)
    if column.type in {"choice", "scale"}:
        scale = compiler.definition.scales.get(column.of, ()) if isinstance(column.of, str) else ()
        of = scale if isinstance(column.of, str) else column.of
        return Domain("text", (*of, *column.also), scale, nullable=nullable, what=column.type)
    if column.type in _KINDS:
        kind = cast("Kind", column.type)
        return Domain(kind, least=column.at_least, most=column.at_most, nullable=nullable)
    return Domain("text", nullable=nullable)
