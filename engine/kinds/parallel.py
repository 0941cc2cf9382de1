"""`parallel`: several lines of work at once."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import ParallelStep
from engine.definition.names import after_all_of
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, ParallelOpened, StepFinished
from engine.run import Run


def compile_step(compiler: Compiler, node: Node, spec: ParallelStep, names: Known, path: Path) -> Known:
    """Afterwards is known what all branches leave."""
    ways = [
        compiler.inside(node, steps, names, (*path, "branches", name))
        for name, steps in spec.branches.items()
    ]
    return after_all_of(ways, names)


def begin(run: Run, node: Node, spec: ParallelStep, address: str) -> None:
    """Begin all branches."""
    del spec
    branches = len(node.blocks)
    run.emit(ParallelOpened(at=run.at, by=TERMWISE, address=address, step=node.id, branches=branches))
    for number, block in enumerate(node.blocks):
        run.begin_block(block, addresses.branch(address, number))


def inner_finished(run: Run, node: Node, spec: ParallelStep, address: str, block: str) -> None:
    """Go on when the last branch is finished."""
    del node, spec
    run.emit(StepFinished(at=run.at, by=TERMWISE, address=block))
    if run.state.composites[address].open == 0:
        run.finish_step(address)
