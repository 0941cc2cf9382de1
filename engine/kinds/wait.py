"""`wait`: until a date, for events from outside, or for whichever comes first."""

from engine import opening
from engine.definition.compiling import Compiler, Known
from engine.definition.model import WaitStep
from engine.definition.names import Names
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.event_values import type_of, values_of
from engine.run import Run
from engine.value_types import TEXT, YES_NO, maybe, record


def compile_step(compiler: Compiler, node: Node, spec: WaitStep, names: Known, path: Path) -> Known:
    """There must be something to wait for; afterwards is known whether it came, and with which values."""
    if spec.until is None and not spec.awaited:
        compiler.problems.add(path, "a wait needs `until`, `event`, or both")
    if spec.event and not spec.by:
        compiler.problems.add(path, "say who may raise the event: add `by`")
    if spec.event and spec.events:
        compiler.problems.add(
            path, "one event stands at `event`, several stand at `events`: write it there too"
        )
    if spec.match and not spec.event:
        compiler.problems.add_name((*path, "match"), "there is no event to compare: add `event`")
    if spec.until:
        node.due = compiler.texts.rule(spec.until, names, (*path, "until"))
    for event in spec.awaited:
        _awaited(compiler, node, spec, event, names, path)
    values = type_of(compiler.definition, spec.awaited)
    result = record(
        happened=YES_NO, event=maybe(TEXT), values=values, reason=maybe(TEXT), by=maybe(TEXT), done=TEXT
    )
    return {**names, node.id: result}


def _awaited(  # noqa: PLR0913, PLR0917 - a step's place, and the event in it
    compiler: Compiler, node: Node, spec: WaitStep, event: str, names: Names, path: Path
) -> None:
    where: Path = (*path, "events", event) if spec.events else path
    awaited = spec.awaited[event]
    if awaited.by:
        compiler.texts.who(node, f"by.{event}", awaited.by, names, (*where, "by"))
    known = values_of(compiler.definition, event)
    for name, text in awaited.match.items():
        if known is not None and name not in known:
            compiler.problems.unknown((*where, "match", name), f"value of {event}", name, known)
        compiler.texts.expect(node.expressions, f"match.{event}.{name}", text, names, (*where, "match", name))


def begin(run: Run, node: Node, spec: WaitStep, address: str) -> None:
    """Begin to wait. Time or somebody ends it."""
    del spec
    run.emit(opening.open_wait(run.world, run.scope(address), node, address, run.at))
