"""When what an instance asked of others fails: the owner is asked, in a task, whether to try again or go on without.

The task is a step like others, inside the step that failed. It stands in no file, so no digest changes by it.
"""

from engine import addresses
from engine.definition.compiling import Compiler
from engine.definition.model import Outcome, TaskStep
from engine.definition.names import Names
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.run import Run

AGAIN, GO_ON = "try_again", "go_on"


def question_of(step: str) -> str:
    """The name of the task that asks about a step that failed."""
    return f"{step}_failed"


def compile_question(compiler: Compiler, node: Node, names: Names, path: Path) -> None:
    """Put the owner's task inside the step. It shows why the step failed."""
    task = TaskStep(
        task=question_of(node.id),
        title=f"Decide how to go on: {node.id.replace('_', ' ')} did not succeed",
        who=compiler.definition.owner,
        due="2 school days after opened",
        show={"Why": f"{node.id}.why"},
        outcomes={AGAIN: Outcome(label="Try it again"), GO_ON: Outcome(label="Go on without it")},
    )
    compiler.inside(node, (task,), names, path)


def ask_or_go_on(run: Run, address: str, attempt: int) -> None:
    """Ask the owner, where the step has the question; else go on."""
    node = run.world.program.steps[addresses.name_of(address)]
    if node.blocks:
        run.begin_block(node.blocks[0], addresses.round_of(address, attempt))
    else:
        run.finish_step(address)


def again(run: Run, node: Node, block: str) -> bool:
    """Whether the owner wants it tried again."""
    answer = run.scope(addresses.step(block, node.id)).value(question_of(node.id))
    return isinstance(answer, dict) and answer.get("outcome") == AGAIN
