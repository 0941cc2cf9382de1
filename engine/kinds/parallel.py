"""`parallel`: several lines of work at once."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import ParallelStep
from engine.definition.names import after_all_of, after_one_of
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, Joined, ParallelOpened, StepFinished
from engine.joins import needed
from engine.run import Run
from engine.withdrawing import withdraw


def compile_step(compiler: Compiler, node: Node, spec: ParallelStep, names: Known, path: Path) -> Known:
    """Afterwards is known what all branches leave; where not all must be finished, it may be null."""
    ways = [
        compiler.inside(node, steps, names, (*path, "branches", name))
        for name, steps in spec.branches.items()
    ]
    return after_all_of(ways, names) if spec.join == "all" else after_one_of([names, *ways])


def begin(run: Run, node: Node, spec: ParallelStep, address: str) -> None:
    """Begin all branches."""
    del spec
    branches = len(node.blocks)
    run.emit(ParallelOpened(at=run.at, by=TERMWISE, address=address, step=node.id, branches=branches))
    for number, block in enumerate(node.blocks):
        run.begin_block(block, addresses.branch(address, number))


def inner_finished(run: Run, node: Node, spec: ParallelStep, address: str, block: str) -> None:
    """Go on when the last branch is finished, or as many as must be."""
    run.emit(StepFinished(at=run.at, by=TERMWISE, address=block))
    composite, branches = run.state.composites[address], len(node.blocks)
    if composite.open == 0:
        run.finish_step(address)
    elif branches - composite.open >= needed(spec.join, branches):
        _go_on(run, node, spec, address)


def _go_on(run: Run, node: Node, spec: ParallelStep, address: str) -> None:
    closed = run.state.composites[address].closed
    blocks = {name: addresses.branch(address, number) for number, name in enumerate(spec.branches)}
    missing = {name: block for name, block in blocks.items() if block not in closed}
    withdraw(run, missing.values(), "the work went on without it")
    run.emit(
        Joined(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            missing=tuple(missing),
            because=f"{len(closed)} of {len(node.blocks)} branches are finished",
        )
    )
    run.finish_step(address)
