"""`task`: somebody is asked, answers by a date, and is reminded."""

from pydantic import JsonValue

from engine import addresses, opening, quorum
from engine.definition import conflict_rules
from engine.definition.compiling import Compiler, Known
from engine.definition.forms import Forms
from engine.definition.model import TaskStep
from engine.definition.names import JOINT_NAMES, SKIPPED, Names, result_of
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.definition.replies import NO_REPLY, replied_to
from engine.events import TERMWISE, ValuesSet
from engine.run import Run
from engine.task_states import earlier
from engine.who import four_eyes


def compile_step(compiler: Compiler, node: Node, spec: TaskStep, names: Known, path: Path) -> Known:
    """Its texts are checked, and what its outcomes lead back to; afterwards its answer is known."""
    texts = compiler.texts
    if node.stage not in compiler.stages:
        compiler.stages.append(node.stage)
    compiler.template(node, "title", spec.title, names, path)
    texts.who(node, "who", spec.who, names, (*path, "who"))
    for days, phrase in (spec.escalate or {}).items():
        texts.who(node, f"escalate.{days}", phrase, names, (*path, "escalate", str(days)))
    if spec.due:
        node.due = texts.rule(spec.due, names, (*path, "due"))
    elif spec.escalate:
        compiler.problems.add_name((*path, "escalate"), "escalation needs a deadline: add `due`")
    for label, text in spec.show.items():
        texts.expect(node.expressions, f"show.{label}", text, names, (*path, "show", label))
    conflict_rules.compile_about(texts, node, spec, names, path)
    _four_eyes(compiler, node, spec, names, path)
    Forms(texts, compiler.definition.scales, node.expressions).task(spec, names, path)
    _outcomes(compiler, node, spec, names, path)
    _quorum(compiler, spec, path)
    _without_an_answer(compiler, spec, path)
    return {**names, node.id: result_of(spec)}


def _four_eyes(compiler: Compiler, node: Node, spec: TaskStep, names: Names, path: Path) -> None:
    # Only a task whose answer can be read from here: who did it would not be known of any other.
    earlier = [name for name, step in compiler.steps.items() if step.kind == "task" and name in names]
    known = [name for name in earlier if name != node.id]
    for place, name in enumerate(four_eyes(spec)):
        where: Path = (*path, "not_done_by") if name == spec.not_done_by else (*path, "not_done_by", place)
        if name not in known:
            compiler.problems.unknown(where, "earlier task in reach", name, known)


def _outcomes(compiler: Compiler, node: Node, spec: TaskStep, names: Names, path: Path) -> None:
    earlier = {step.id: step for step in node.block.steps[: node.index] if step.kind != "set"}
    for name, outcome in spec.outcomes.items():
        if outcome and outcome.return_to:
            where = (*path, "outcomes", name, "return_to")
            target = earlier.get(outcome.return_to)
            if target is None:
                compiler.problems.unknown(where, "earlier step of the same block", outcome.return_to, earlier)
            else:
                compiler.same_types(target.names, names, where)
        elif outcome and outcome.at_limit == "go on":
            compiler.problems.add_name(
                (*path, "outcomes", name, "at_limit"),
                "only work that is sent back has a limit: add `return_to`",
            )
    if spec.outcomes and all(o and o.return_to and o.at_limit == "refuse" for o in spec.outcomes.values()):
        compiler.problems.add_name(
            (*path, "outcomes"), "every outcome sends the work back; one must let it go on"
        )


def _quorum(compiler: Compiler, spec: TaskStep, path: Path) -> None:
    for name in spec.form if quorum.asks_each(spec) else ():
        if name in JOINT_NAMES:
            compiler.problems.add_name(
                (*path, "form", name),
                f"{name!r} is kept for what several answer together; choose another name",
            )
    if spec.carries is None:
        return
    if not quorum.asks_each(spec):
        compiler.problems.add_name((*path, "carries"), "an outcome carries only with a quorum: add `quorum`")
    if spec.carries not in spec.outcomes:
        compiler.problems.unknown((*path, "carries"), "outcome", spec.carries, spec.outcomes)


def _without_an_answer(compiler: Compiler, spec: TaskStep, path: Path) -> None:
    problems = compiler.problems
    if spec.skip and SKIPPED in spec.outcomes:
        message = f"{SKIPPED!r} is the outcome of a task that was skipped; choose another name"
        problems.add_name((*path, "outcomes", SKIPPED), message)
    if spec.unanswered is None:
        return
    where: Path = (*path, "unanswered")
    going_on = [name for name, outcome in spec.outcomes.items() if not (outcome and outcome.return_to)]
    if spec.unanswered not in going_on:
        problems.unknown(where, "outcome of this task that goes on", spec.unanswered, going_on)
    if not spec.due:
        problems.add_name(where, "nothing passes without a deadline: add `due`")
    if spec.escalate:
        problems.add_name(
            (*path, "escalate"), "with `unanswered` the task ends at its deadline, so nobody is told after it"
        )


def begin(run: Run, node: Node, spec: TaskStep, address: str) -> None:
    """Ask; the owner is told at once when there is nobody to ask."""
    about = replied_to(node)
    if about and not _was_answered(run, about, address):
        _go_past_reply(run, node, address)
        return
    why = run.sent_back.get(address)
    asked = opening.open_task(run.world, run.scope(address), node, address, run.at, why)
    if quorum.asks_each(spec):
        quorum.open_seats(run, node, address, asked)
        return
    run.emit(asked)
    if not asked.candidates:
        run.emit(opening.nobody_is_asked(run.world, asked))


def _was_answered(run: Run, about: Node, address: str) -> bool:
    """Whether there is anything to reply to: nobody said anything in a task that was skipped, or ran out of time."""
    result = run.scope(address).value(about.id)
    if not isinstance(result, dict) or (
        isinstance(about.spec, TaskStep) and about.spec.skip and result.get("outcome") == SKIPPED
    ):
        return False
    answers = result.get("answers")
    every = [result, *(answers if isinstance(answers, list) else ())]
    return any(isinstance(each, dict) and each.get("by") for each in every)


def _go_past_reply(run: Run, node: Node, address: str) -> None:
    nothing: JsonValue = {
        "outcome": NO_REPLY,
        "by": None,
        "done": run.at.isoformat(),
        "reason": None,
        "code": None,
        "round": addresses.again_of(address),
        "earlier": earlier(run.state, node.id, address),
    }
    scope = addresses.scope_of(address)
    run.emit(
        ValuesSet(
            at=run.at, by=TERMWISE, address=address, step=node.id, scope=scope, values={node.id: nothing}
        )
    )
    run.finish_step(address)
