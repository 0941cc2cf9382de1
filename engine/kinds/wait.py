"""`wait`: until a date, for an event from outside, or for whichever comes first."""

from engine import opening
from engine.definition.compiling import Compiler, Known
from engine.definition.model import WaitStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.run import Run
from engine.value_types import TEXT, YES_NO, maybe, record


def compile_step(compiler: Compiler, node: Node, spec: WaitStep, names: Known, path: Path) -> Known:
    """There must be something to wait for; afterwards is known whether it came."""
    if spec.until is None and spec.event is None:
        compiler.problems.add(path, "a wait needs `until`, `event`, or both")
    if spec.event and not spec.by:
        compiler.problems.add(path, "say who may raise the event: add `by`")
    if spec.until:
        node.due = compiler.texts.rule(spec.until, names, (*path, "until"))
    if spec.by:
        compiler.texts.who(node, "by", spec.by, names, (*path, "by"))
    result = record(happened=YES_NO, reason=maybe(TEXT), by=maybe(TEXT), done=TEXT)
    return {**names, node.id: result}


def begin(run: Run, node: Node, spec: WaitStep, address: str) -> None:
    """Begin to wait. Time or somebody ends it."""
    del spec
    run.emit(opening.open_wait(run.world, run.scope(address), node, address, run.at))
