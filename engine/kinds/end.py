"""`end`: the whole instance ends here and now, with a named outcome."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import EndStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.run import Run
from engine.withdrawing import withdraw


def compile_step(compiler: Compiler, node: Node, spec: EndStep, names: Known, path: Path) -> Known:
    """The outcome must be one of the process."""
    del node
    if spec.end not in compiler.definition.outcomes:
        compiler.problems.unknown((*path, "end"), "outcome", spec.end, compiler.definition.outcomes)
    return names


def begin(run: Run, node: Node, spec: EndStep, address: str) -> None:
    """Withdraw whatever is open, and end."""
    del node, address
    title = run.world.program.definition.outcomes[spec.end].title
    withdraw(run, (addresses.ROOT,), "the cycle ended without it")
    run.end(spec.end, title)
