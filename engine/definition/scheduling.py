"""Checks the schedules of a definition, and compiles their phrases and expressions."""

from collections.abc import Iterator
from typing import get_args

from engine.deadlines import DueRule
from engine.definition.model import Definition
from engine.definition.problems import Path, Problems
from engine.definition.program import Scheduled
from engine.definition.schedule import Schedule
from engine.definition.texts import Texts
from engine.expressions import Expression
from engine.terms import HalfTermName
from engine.value_types import TEXT

#: What a schedule's texts may read, by what it starts in each of.
READS = {"half-term": ("half_term", "term", "year"), "term": ("term", "year"), "year": ("year",)}
HALF_TERMS = get_args(HalfTermName)
TERMS = tuple(dict.fromkeys(name.split()[0] for name in HALF_TERMS))
_WITHIN = {"half-term": HALF_TERMS, "term": TERMS, "year": ()}


def compile_schedules(definition: Definition, problems: Problems, texts: Texts) -> tuple[Scheduled, ...]:
    """Every schedule; problems are added at their places."""
    return tuple(
        made
        for position, spec in enumerate(definition.schedule)
        for made in [_compiled(definition, spec, ("schedule", position), problems, texts)]
        if made
    )


def _compiled(
    definition: Definition, spec: Schedule, path: Path, problems: Problems, texts: Texts
) -> Scheduled | None:
    names = dict.fromkeys(READS[spec.each], TEXT)
    for position, name in enumerate(spec.within):
        if name not in _WITHIN[spec.each]:
            problems.unknown((*path, "in", position), spec.each.replace("-", " "), name, _WITHIN[spec.each])
    rule = texts.rule(spec.on, names, (*path, "on"), frozenset())
    for each in _rules(rule):
        if each.name and each.edge is None:
            message = f"{each.name} is no day; write `the first day of {each.name}`, or the last"
            problems.add((*path, "on"), message)
    inputs: dict[str, Expression] = {}
    for name, text in spec.inputs.items():
        if name not in definition.inputs:
            problems.unknown((*path, "set", name), "input", name, definition.inputs)
        texts.expect(inputs, name, text, names, (*path, "set", name))
    for name, given in definition.inputs.items():
        if given.default is None and name not in spec.inputs:
            problems.add_name(path, f"the input {name!r} has no default: add it under `set`")
    return Scheduled(spec, rule, inputs) if rule else None


def _rules(rule: DueRule | None) -> Iterator[DueRule]:
    while rule:
        yield rule
        rule = rule.alternative
