"""`run`: another process is started as a cycle of its own, and waited for or not."""

from typing import Literal

from engine import addresses
from engine.commands import EndRun
from engine.definition.compiling import Compiler, Known
from engine.definition.outward import RunStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.definition.running import circle
from engine.events import TERMWISE, RunFailed, RunFinished, RunRequested
from engine.kinds import failing
from engine.run import Run
from engine.starting import instance_id, resolve_inputs
from engine.value_types import ANY, TEXT, YES_NO, maybe, record


def compile_step(compiler: Compiler, node: Node, spec: RunStep, names: Known, path: Path) -> Known:
    """The process must be there and its inputs known; afterwards is known how it ended."""
    for name, text in spec.set.items():
        compiler.texts.expect(node.expressions, f"set.{name}", text, names, (*path, "set", name))
    if spec.school:
        compiler.texts.expect(node.expressions, "school", spec.school, names, (*path, "school"))
    _check_process(compiler, spec, path)
    result = record(outcome=TEXT, instance=TEXT, reports=ANY, failed=YES_NO, why=maybe(TEXT))
    known = {**names, node.id: result}
    if spec.on_failure == "ask":
        failing.compile_question(compiler, node, known, path)
    return known


def _check_process(compiler: Compiler, spec: RunStep, path: Path) -> None:
    around, problems = compiler.around, compiler.problems
    if around.processes is None:
        return
    own = compiler.definition.process
    if spec.process not in {own, *around.processes}:
        problems.unknown((*path, "process"), "process", spec.process, sorted(around.processes))
        return
    chain = (own, own) if spec.process == own else circle((own, spec.process), around)
    if chain:
        said = " runs ".join(chain)
        problems.add((*path, "process"), f"a process cannot run itself, however many lie between: {said}")
    definition = around.definition(spec.process)
    inputs = definition.inputs if definition else {}
    for name in spec.set if definition else ():
        if name not in inputs:
            problems.unknown((*path, "set", name), f"input of {spec.process}", name, inputs)
    for name, given in inputs.items():
        if given.default is None and name not in spec.set:
            problems.add(path, f"{spec.process} needs the input {name!r}: add it under `set`")


def begin(run: Run, node: Node, spec: RunStep, address: str) -> None:
    """Ask for it. Whoever carries out what is recorded starts it, and says how that went."""
    _request(run, node, spec, address, 1)


def inner_finished(run: Run, node: Node, spec: RunStep, address: str, block: str) -> None:
    """The owner has decided: once more, or on without it."""
    if failing.again(run, node, block):
        _request(run, node, spec, address, addresses.number_of(block) + 1)
    else:
        run.finish_step(address)


def end(run: Run, command: EndRun) -> None:
    """It has ended, has begun and is not waited for, or cannot begin. Nothing happens the second time it is said."""
    asked = run.state.runs.get(command.child)
    leaving = run.state.leaving.get(command.child) == command.address
    waited = asked is not None and asked.address == command.address and not asked.began
    if not (waited or leaving) or (asked and command.attempt not in {None, asked.attempt}):
        return
    if command.why is not None and asked:
        _fail(run, command.address, command.child, asked.attempt, command.why)
        return
    run.emit(
        RunFinished(
            at=run.at,
            by=TERMWISE,
            address=command.address,
            child=command.child,
            outcome=command.outcome,
            reports=command.reports,
        )
    )
    if waited:
        run.finish_step(command.address)


def _request(run: Run, node: Node, spec: RunStep, address: str, attempt: int) -> None:
    scope, world = run.scope(address), run.world.running(spec.process)
    given = {name: scope.evaluate(node.expressions[f"set.{name}"]) for name in spec.set}
    inputs = resolve_inputs(
        world, {name: value for name, value in given.items() if value is not None}, run.at
    )
    child = instance_id(world.program, inputs)
    if child in run.state.runs or child in run.state.leaving:
        _fail(run, address, child, attempt, f"this cycle runs {child} already, in another step")
        return
    usual: Literal["with parent", "never"] = "with parent" if spec.wait else "never"
    run.emit(
        RunRequested(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            process=spec.process,
            child=child,
            definition=world.program.digest,
            inputs=inputs,
            school=scope.text(node.expressions["school"]) if spec.school else None,
            wait=spec.wait,
            cancel=spec.cancel or usual,
            attempt=attempt,
        )
    )


def _fail(run: Run, address: str, child: str, attempt: int, why: str) -> None:
    step = addresses.name_of(address)
    run.emit(
        RunFailed(at=run.at, by=TERMWISE, address=address, step=step, child=child, attempt=attempt, why=why)
    )
    failing.ask_or_go_on(run, address, attempt)
