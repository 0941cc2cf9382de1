"""`call`: an activity of a plug-in does something. When it fails, the owner is asked how to go on."""

from engine import addresses
from engine.commands import EndCall
from engine.definition.compiling import Compiler, Known
from engine.definition.outward import CallStep
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, CallFailed, CallFinished, CallRequested
from engine.kinds import failing
from engine.run import Run
from engine.value_types import ANY

#: The activities by which termwise writes its own log. No definition may call them.
OWN_ACTIVITIES = frozenset({"record", "read_log", "read_register", "keep_register", "wake_instances"})


def compile_step(compiler: Compiler, node: Node, spec: CallStep, names: Known, path: Path) -> Known:
    """Its arguments are checked; afterwards what it gave is known, or why it failed."""
    if spec.activity in OWN_ACTIVITIES:
        compiler.problems.add(
            (*path, "activity"), f"{spec.activity!r} is termwise's own; it cannot be called"
        )
    elif compiler.around.activities is not None and spec.activity not in compiler.around.activities:
        installed = sorted(compiler.around.activities)
        compiler.problems.unknown((*path, "activity"), "activity", spec.activity, installed)
    for name, text in spec.args.items():
        compiler.texts.expect(node.expressions, f"with.{name}", text, names, (*path, "with", name))
    known = {**names, node.id: ANY}
    if spec.on_failure == "ask":
        failing.compile_question(compiler, node, known, path)
    return known


def begin(run: Run, node: Node, spec: CallStep, address: str) -> None:
    """Ask for it. Whoever carries out what is recorded calls the activity, and says how it ended."""
    _request(run, node, spec, address, 1)


def inner_finished(run: Run, node: Node, spec: CallStep, address: str, block: str) -> None:
    """The owner has decided: once more, or on without it."""
    if failing.again(run, node, block):
        _request(run, node, spec, address, addresses.number_of(block) + 1)
    else:
        run.finish_step(address)


def end(run: Run, command: EndCall) -> None:
    """The activity has given something, or has failed for good. Nothing happens the second time it is said."""
    call = run.state.calls.get(command.address)
    if call is None or call.attempt != command.attempt:
        return
    if command.why is None:
        run.emit(CallFinished(at=run.at, by=TERMWISE, address=call.address, result=command.result))
        run.finish_step(call.address)
        return
    run.emit(CallFailed(at=run.at, by=TERMWISE, address=call.address, attempt=call.attempt, why=command.why))
    failing.ask_or_go_on(run, call.address, call.attempt)


def _request(run: Run, node: Node, spec: CallStep, address: str, attempt: int) -> None:
    scope = run.scope(address)
    run.emit(
        CallRequested(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            activity=spec.activity,
            arguments={name: scope.evaluate(node.expressions[f"with.{name}"]) for name in spec.args},
            attempt=attempt,
            at_most=spec.retry.at_most,
            first_seconds=spec.retry.first_seconds,
            timeout_seconds=spec.timeout_seconds,
        )
    )
