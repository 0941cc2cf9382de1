"""Turns a definition into a program, or lists all that is wrong with it, each with the place in the file."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice

from engine.definition import declared, limits
from engine.definition.around import NOTHING_KNOWN, Around
from engine.definition.checks.all import CHECKS
from engine.definition.checks.examined import Examined
from engine.definition.compiling import Compiler
from engine.definition.forms import Forms
from engine.definition.model import Definition
from engine.definition.names import RESERVED, Names, names_in_header, names_of_inputs
from engine.definition.problems import MAX_TOLD, DefinitionError, EnoughError, Path, Problem, Problems
from engine.definition.program import Program
from engine.definition.scheduling import compile_schedules
from engine.definition.texts import Texts
from engine.definition.values import InputField, Rows
from engine.errors import InvalidInputError
from engine.expressions import Expression
from engine.kinds.registry import KINDS
from engine.plain_values import PLAIN, as_written
from engine.value_types import Type


def canonical_json(definition: Definition) -> str:
    """The definition's content as text, in the order of the file, which has a meaning."""
    plain = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """The content digest (SHA-256, hex) by which an instance pins a document."""
    return sha256(text.encode()).hexdigest()


def compile_definition(
    definition: Definition, *, stored: bool = False, around: Around = NOTHING_KNOWN
) -> Program:
    """The program of this definition. Raises DefinitionError with every problem found, but no warnings.

    A definition that cycles run on is `stored`: it passed the checks of its day, and stricter ones do not stop it.
    """
    problems = Problems()
    program, examined = _within_limits(definition, problems, around, stored=stored)
    if examined and not stored:
        problems.found += [each for each in _checked(examined) if not each.warning]
    if program is None or problems.found:
        raise DefinitionError(tuple(problems.found))
    return program


def examine(definition: Definition, around: Around = NOTHING_KNOWN) -> tuple[Problem, ...]:
    """Everything that is wrong with a definition, what could be better about it too. Never raises."""
    problems = Problems()
    _, examined = _within_limits(definition, problems, around)
    return (*problems.found, *islice(_checked(examined) if examined else (), MAX_TOLD))


def _checked(examined: Examined) -> Iterator[Problem]:
    return (problem for check in CHECKS for problem in check(examined))


def _within_limits(
    definition: Definition, problems: Problems, around: Around, *, stored: bool = False
) -> tuple[Program | None, Examined | None]:
    """As much as could be compiled: nothing when the definition is too large, or too much is wrong with it."""
    try:
        if not stored:
            limits.check(definition, problems)
        return (None, None) if problems.found else _compiled(definition, problems, around, stored=stored)
    except EnoughError:
        return None, None


def _compiled(
    definition: Definition, problems: Problems, around: Around, *, stored: bool = False
) -> tuple[Program | None, Examined]:
    """The program, if it is one, and as much of it as could be compiled."""
    texts = Texts(problems, stored=stored)
    given = _inputs(definition, problems, texts)
    _events(definition, texts)
    steps = Compiler(definition, KINDS, problems, texts, around)
    root, known = steps.root()
    handlers = steps.handlers()
    schedules = compile_schedules(definition, problems, texts)
    conditions = _outcomes(definition, known, problems, texts)
    reports = _reports(definition, known, texts)
    names = names_in_header(definition)
    key = texts.template(definition.key, names, ("key",))
    name = texts.template(definition.name, names, ("name",))
    term = texts.expression(definition.term, names, ("term",)) if definition.term else None
    examined = Examined(definition, root, steps.steps, handlers, key, name, around.directory, reports)
    if problems.found or key is None or name is None:
        return None, examined
    program = Program(
        definition=definition,
        digest=digest(canonical_json(definition)),
        root=root,
        steps=steps.steps,
        stages=tuple(steps.stages),
        key=key,
        name=name,
        term=term,
        conditions=conditions,
        names=known,
        reports=reports,
        schedules=schedules,
        given=given,
        handlers=handlers,
    )
    return program, examined


def _events(definition: Definition, texts: Texts) -> None:
    forms = Forms(texts, definition.scales, {})
    for event, spec in definition.events.items():
        for name, value in spec.values.items():
            forms.value(value, ("events", event, "values", name))


def _inputs(definition: Definition, problems: Problems, texts: Texts) -> dict[str, Expression]:
    known: dict[str, Type] = {}
    expressions: dict[str, Expression] = {}
    forms = Forms(texts, definition.scales, expressions)
    types = names_of_inputs(definition)
    for name, given in definition.inputs.items():
        path: Path = ("inputs", name)
        _free(name, path, problems)
        forms.given(name, given, known)
        # Inputs get their values in order, before the cycle starts.
        _default(given, known, (*path, "default"), texts)
        known[name] = types[name]
    declared.check(definition, problems)
    for name in definition.values:
        _free(name, ("values", name), problems)
        if name in definition.inputs:
            problems.add_name(("values", name), f"{name!r} is already an input; choose another name")
    return expressions


def _default(given: InputField, known: Names, path: Path, texts: Texts) -> None:
    if isinstance(given, Rows) or given.default is None:
        return
    if given.type == "date":
        rule = texts.rule(str(given.default), known, path, frozenset())
        if rule and rule.lacks_year:
            # Inputs are read without a clock, so that the same inputs always mean the same.
            texts.problems.add(path, f"{rule.text!r} does not say of which year; count from an input instead")
    elif given.type == "choice" and isinstance(given.of, tuple) and given.default not in given.of:
        texts.problems.unknown(path, "choice", str(given.default), given.of)
    elif given.type in PLAIN:
        try:
            PLAIN[given.type](as_written(given.default))
        except InvalidInputError as error:
            texts.problems.add(path, str(error))


def _free(name: str, path: Path, problems: Problems) -> None:
    if name == "key" or name in RESERVED:
        problems.add_name(path, f"{name!r} means something else in expressions; choose another name")


def _outcomes(
    definition: Definition, names: Names, problems: Problems, texts: Texts
) -> dict[str, Expression]:
    conditions: dict[str, Expression] = {}
    last = len(definition.outcomes) - 1
    for position, (name, outcome) in enumerate(definition.outcomes.items()):
        path: Path = ("outcomes", name)
        if outcome.when is not None:
            condition = texts.condition(outcome.when, names, (*path, "when"))
            if condition:
                conditions[name] = condition
        if outcome.when is None and position < last:
            problems.add(path, "only the last outcome may leave out `when`: those after it are never reached")
        if outcome.when is not None and position == last:
            problems.add(path, "the last outcome must leave out `when`, so that one always holds")
    return conditions


def _reports(definition: Definition, names: Names, texts: Texts) -> dict[str, dict[str, Expression]]:
    reports: dict[str, dict[str, Expression]] = {}
    for name, outcome in definition.outcomes.items():
        compiled = reports.setdefault(name, {})
        for part, text in outcome.reports.items():
            texts.expect(compiled, part, text, names, ("outcomes", name, "reports", part))
    return reports
