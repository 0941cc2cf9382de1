"""`record`: a fact of the business goes into the log, and stays there."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import RecordStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, FactRecorded
from engine.run import Run
from engine.value_types import record


def compile_step(compiler: Compiler, node: Node, spec: RecordStep, names: Known, path: Path) -> Known:
    """Its values are computed from what is known here; afterwards its name reads as them."""
    types = {
        name: compiler.texts.expect(node.expressions, f"values.{name}", text, names, (*path, "values", name))
        for name, text in spec.values.items()
    }
    return {**names, node.id: record(**types)}


def begin(run: Run, node: Node, spec: RecordStep, address: str) -> None:
    """Record it, and go on."""
    scope = run.scope(address)
    school = scope.value("school")
    run.emit(
        FactRecorded(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            type=spec.type,
            school=school if isinstance(school, str) else None,
            scope=addresses.scope_of(address),
            values={name: scope.evaluate(node.expressions[f"values.{name}"]) for name in spec.values},
        )
    )
    run.finish_step(address)
