"""`choose`: the first case that holds."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import ChooseStep
from engine.definition.names import Names, after_one_of
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, BranchChosen
from engine.run import Run


def compile_step(compiler: Compiler, node: Node, spec: ChooseStep, names: Known, path: Path) -> Known:
    """Afterwards is known what every way leaves with the same type; what only some leave may be null."""
    ways: list[Names] = []
    for position, case in enumerate(spec.cases):
        where: Path = (*path, "cases", position)
        if case.when is not None:
            when = compiler.texts.condition(case.when, names, (*where, "when"))
            if when:
                node.expressions[f"when.{position}"] = when
        elif position < len(spec.cases) - 1:
            compiler.problems.add(
                where, "only the last case may leave out `when`: those after it are never reached"
            )
        ways.append(compiler.inside(node, case.steps, names, (*where, "steps")))
    if spec.cases[-1].when is not None:
        ways.append(names)
    return after_one_of(ways)


def begin(run: Run, node: Node, spec: ChooseStep, address: str) -> None:
    """Record which case held, and begin its steps."""
    scope = run.scope(address)
    held = (
        number
        for number, case in enumerate(spec.cases)
        if case.when is None or scope.holds(node.expressions[f"when.{number}"])
    )
    chosen = next(held, None)
    because = "no case held"
    if chosen is not None:
        because = spec.cases[chosen].label or spec.cases[chosen].when or "otherwise"
    run.emit(
        BranchChosen(at=run.at, by=TERMWISE, address=address, step=node.id, branch=chosen, because=because)
    )
    if chosen is None:
        run.finish_step(address)
    else:
        run.begin_block(node.blocks[chosen], addresses.case(address, chosen))


def inner_finished(run: Run, node: Node, spec: ChooseStep, address: str, block: str) -> None:
    """Its case is all there was to do."""
    del node, spec, block
    run.finish_step(address)
