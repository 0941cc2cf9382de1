"""`for_each`: the same steps once for every member, all at the same time."""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import ForEachStep
from engine.definition.names import Names, assigned_in
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, ChildStarted, ForEachOpened, StepFinished
from engine.members import members
from engine.run import Run
from engine.value_types import TEXT, Type, list_of, maybe, record


def compile_step(compiler: Compiler, node: Node, spec: ForEachStep, names: Known, path: Path) -> Known:
    """What its steps leave stays in its members; afterwards its name is the list of them."""
    texts, inner = compiler.texts, dict(names)
    for name, text in spec.over.items():
        where: Path = (*path, "over", name)
        compiler.assign(name, where)
        found = texts.expect(node.expressions, f"over.{name}", text, names, where)
        if found.kind not in {"list", "any"}:
            compiler.problems.add(where, f"expected a list, but {text!r} gives {found}")
        # Only a declared list is sure to have no null in it.
        inner[name] = found.member if text.strip() in compiler.definition.inputs else maybe(found.member)
    for part, given in (("key", spec.key), ("school", spec.school)):
        if given:
            texts.expect(node.expressions, part, given, inner, (*path, part))
    after = compiler.inside(node, spec.steps, inner, (*path, "steps"))
    return {**names, node.id: list_of(_member(spec, names, after))}


def _member(spec: ForEachStep, names: Names, after: Names) -> Type:
    """What a member reads as: its names, what its steps set, and their results."""
    own = {*spec.over, *assigned_in(spec.steps)}
    fields = {name: kind for name, kind in after.items() if name in own or name not in names}
    ended = {"outcome": maybe(TEXT)} if spec.run == "as child instances" else {}
    return record(**{"school": maybe(TEXT), **ended, **fields})


def begin(run: Run, node: Node, spec: ForEachStep, address: str) -> None:
    """Count the members, and begin each: here, or as an instance of its own."""
    items = members(node, spec, run.scope(address))
    run.emit(ForEachOpened(at=run.at, by=TERMWISE, address=address, step=node.id, items=items))
    if not items:
        run.finish_step(address)
    for each in items:
        block = addresses.item(address, each.key)
        if spec.run == "as child instances":
            child = addresses.child(run.state.instance, block)
            run.emit(ChildStarted(at=run.at, by=TERMWISE, address=block, child=child, item=each))
        else:
            run.begin_block(node.blocks[0], block)


def inner_finished(run: Run, node: Node, spec: ForEachStep, address: str, block: str) -> None:
    """Go on when the last member is finished."""
    del node, spec
    run.emit(StepFinished(at=run.at, by=TERMWISE, address=block))
    if run.state.composites[address].open == 0:
        run.finish_step(address)
