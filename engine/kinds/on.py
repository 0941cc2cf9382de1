"""`on`: what is done when something happens outside, to the cycle, a school or a person.

No step of the process: the definition says it in its header. What follows from the event stands in
`engine/handling.py`; here is what it is checked for, and how its own steps end.
"""

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.model import Handler
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.event_values import type_of
from engine.events import TERMWISE, StepFinished
from engine.run import Run
from engine.value_types import TEXT, maybe
from engine.who import LINE_MANAGER

STOP, DEFER, REASSIGN, CANCEL, ASK = "stop the clock", "defer", "reassign", "cancel", "ask"
JOIN, LEAVE = "join", "leave"
#: What ends `stop the clock` and `defer`.
START, BRING_BACK = "start the clock", "bring back"
#: What a member is told apart by.
SCHOOL = "school"
#: What each key is for, besides `of`, `by` and `do`.
_KEYS = {
    "until": (STOP, DEFER),
    "at_most": (STOP, DEFER),
    "exempt": (STOP, DEFER),
    "only": (STOP, DEFER, REASSIGN),
    "for_each": (JOIN, LEAVE),
    "to": (REASSIGN,),
    "steps": (ASK,),
}
_OF_A_SCHOOL = {
    STOP: "a clock is stopped for a school",
    DEFER: "tasks are put off for a school",
    JOIN: "a school joins",
    LEAVE: "a school leaves",
}


def compile_step(compiler: Compiler, node: Node, spec: Handler, names: Known, path: Path) -> Known:
    """It must say what its doing needs, and nothing else. Its steps read what was known at the start, and the event."""
    texts, problems = compiler.texts, compiler.problems
    given: Known = {} if spec.of == "cycle" else {spec.of: TEXT}
    inner = {**names, **given, "reason": TEXT, "values": type_of(compiler.definition, [_event(node)])}
    for key in sorted(spec.model_fields_set & _KEYS.keys()):
        if spec.do not in _KEYS[key]:
            said = "except" if key == "exempt" else key
            problems.add_name((*path, said), f"{said!r} says nothing about {spec.do!r}; leave it out")
    if spec.by:
        texts.who(node, "by", spec.by, inner, (*path, "by"))
    if spec.to and spec.to != LINE_MANAGER:
        # Of each task: whoever it is at its school.
        texts.who(node, "to", spec.to, {**inner, "school": TEXT}, (*path, "to"))
    for position, step in enumerate(spec.only):
        if step not in compiler.steps:
            problems.unknown((*path, "only", position), "step", step, compiler.steps)
    _needs(compiler, node, spec, inner, path)
    if spec.steps:
        compiler.inside(
            node, spec.steps, {name: maybe(kind) for name, kind in inner.items()} | given, (*path, "steps")
        )
    return names


def _needs(compiler: Compiler, node: Node, spec: Handler, names: Known, path: Path) -> None:
    problems = compiler.problems
    if spec.do in _OF_A_SCHOOL and spec.of != "school":
        problems.add(path, f"{_OF_A_SCHOOL[spec.do]}: say `of: school`")
    if spec.do == STOP and spec.until is None and spec.at_most is None:
        problems.add(path, "say when the clock goes on: add `until` (an event), `at_most`, or both")
    if spec.do == DEFER and spec.at_most is None:
        problems.add(path, "say when the tasks come back at the latest: add `at_most`")
    if spec.at_most:
        node.due = compiler.texts.rule(f"{spec.at_most} after opened", names, (*path, "at_most"))
    if spec.do in {JOIN, LEAVE}:
        loops = [name for name, step in compiler.steps.items() if step.kind == "for_each"]
        if spec.for_each not in loops:
            problems.unknown(
                (*path, "for_each") if spec.for_each else path, "for_each", spec.for_each or "", loops
            )
    if spec.do == REASSIGN and spec.of != "person":
        problems.add(path, "tasks are reassigned from a person: say `of: person`")
    if spec.do == ASK and not spec.steps:
        problems.add(path, "there is nothing to ask: add `steps`")


def begin(run: Run, node: Node, spec: Handler, address: str) -> None:
    """Begin its steps in the block at this address, beside all else."""
    del spec
    run.begin_block(node.blocks[0], address)


def inner_finished(run: Run, node: Node, spec: Handler, address: str, block: str) -> None:
    """Its steps are done. Where only they were left, the instance ends."""
    del node, spec, address
    run.emit(StepFinished(at=run.at, by=TERMWISE, address=block))
    if run.state.steps_finished and not run.state.beside:
        run.finish_instance()


def _event(node: Node) -> str:
    return node.id.removeprefix("on-")


def block_of(node: Node, key: str) -> str:
    """Where its steps run for this school, person or occasion."""
    return addresses.item(node.id, key)
