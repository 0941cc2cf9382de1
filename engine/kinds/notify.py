"""`notify`: people are told something."""

from engine import opening
from engine.definition.compiling import Compiler, Known
from engine.definition.model import NotifyStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.run import Run


def compile_step(compiler: Compiler, node: Node, spec: NotifyStep, names: Known, path: Path) -> Known:
    """Its texts are checked; nothing more is known afterwards."""
    compiler.texts.who(node, "to", spec.to, names, (*path, "to"))
    compiler.template(node, "subject", spec.subject, names, path)
    compiler.template(node, "body", spec.body, names, path)
    return names


def begin(run: Run, node: Node, spec: NotifyStep, address: str) -> None:
    """Ask for the message, and go on."""
    del spec
    run.emit(opening.notification(run.world, run.scope(address), node, address, run.at))
    run.finish_step(address)
