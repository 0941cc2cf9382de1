"""Which values of a definition may be stored in the open: those that it declares, that are not personal and no text.

A value has a name, and the same name is often used in several places. It is open only where every place that declares
it says so; what nobody declares is not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definition.model import TaskStep
from engine.definition.program import Program
from engine.definition.values import Declared, Given, Rows

Spec = Given | Rows | Declared
#: What people write in their own words, or what may lead to it.
_WORDS = frozenset({"text", "list of text", "link", "file"})


@dataclass(frozen=True, slots=True)
class Openness:
    """What of an instance says nothing of anybody."""

    values: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    """Names of tables; of their columns, some may be open."""
    titles: frozenset[str] = frozenset()
    """Steps whose tasks have a title that is the same in every cycle."""


CLOSED = Openness()
"""Where the definition is not known."""


def openness(program: Program) -> Openness:
    """What may stay open in the instances of this definition."""
    open_, closed, tables = set(), set(), set()
    for name, spec in _declared(program):
        if isinstance(spec, Rows) or (isinstance(spec, Declared) and spec.table):
            tables.add(name)
        elif spec.personal or spec.type is None or spec.type in _WORDS:
            closed.add(name)
        else:
            open_.add(name)
    titles = {
        step
        for step, node in program.steps.items()
        if isinstance(node.spec, TaskStep) and "{{" not in node.spec.title
    }
    return Openness(frozenset(open_ - closed - tables), frozenset(tables - closed), frozenset(titles))


def _declared(program: Program) -> Iterator[tuple[str, Spec]]:
    definition = program.definition
    yield from _with_columns(definition.inputs)
    yield from _with_columns({n: v for n, v in definition.values.items() if isinstance(v, Declared)})
    for event in definition.events.values():
        yield from _with_columns(event.values)
    for node in program.steps.values():
        if isinstance(node.spec, TaskStep):
            yield from _with_columns(node.spec.form)


def _with_columns(given: Mapping[str, Spec]) -> Iterator[tuple[str, Spec]]:
    for name, spec in given.items():
        yield name, spec
        columns: Iterable[tuple[str, Spec]] = (getattr(spec, "table", None) or {}).items()
        yield from columns
