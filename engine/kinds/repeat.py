"""`repeat`: steps again and again until a condition holds, at most so many rounds."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import RepeatStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, RoundStarted
from engine.run import Run, rules_of


def compile_step(compiler: Compiler, node: Node, spec: RepeatStep, names: Known, path: Path) -> Known:
    """The steps happen at least once, so all they leave is known afterwards."""
    again = compiler.again(names, spec.steps)
    after = compiler.inside(node, spec.steps, again, (*path, "steps"))
    until = compiler.texts.condition(spec.until, after, (*path, "until"))
    if until:
        node.expressions["until"] = until
    compiler.same_types(names, after, (*path, "repeat"))
    return after


def begin(run: Run, node: Node, spec: RepeatStep, address: str) -> None:
    """Begin the first round."""
    del spec
    _round(run, node, address, 1)


def inner_finished(run: Run, node: Node, spec: RepeatStep, address: str, block: str) -> None:
    """Begin another round, unless this was enough."""
    number = run.state.composites[address].round
    enough = number >= spec.at_most
    with rules_of(node, address):
        enough = enough or run.scope(addresses.step(block, node.id)).holds(node.expressions["until"])
    if enough:
        run.finish_step(address)
    else:
        _round(run, node, address, number + 1)


def _round(run: Run, node: Node, address: str, number: int) -> None:
    run.emit(RoundStarted(at=run.at, by=TERMWISE, address=address, step=node.id, round=number))
    run.begin_block(node.blocks[0], addresses.round_of(address, number))
