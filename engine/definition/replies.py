"""Right of reply: behind a task with `reply` stands a task of its own, which the file only hints at.

It is made when the definition is compiled. The definition itself stays what the file says.
"""

from engine.definition.model import Outcome, Reply, TaskStep
from engine.definition.program import Node
from engine.definition.values import FormField, Table

ACCURATE, INACCURATE, NO_REPLY = "accurate", "inaccurate", "no_reply"
_ENDING = "_reply"
_LONGEST_NAME = 63 - len(_ENDING)
_LONGEST_TEXT = 2_000


def name_of(task: str) -> str:
    """What the reply to a task is called: `visit_reply`."""
    return task + _ENDING


def is_too_long(task: str) -> bool:
    """Whether the name of the task leaves no room for that of its reply."""
    return len(task) > _LONGEST_NAME


def reply_step(task: TaskStep, reply: Reply) -> TaskStep:
    """The task that asks for the reply."""
    title = reply.title or f"Is this accurate? {task.title}"
    return TaskStep(
        task=name_of(task.task),
        title=title if len(title) <= _LONGEST_TEXT else task.title,
        who=reply.who,
        due=reply.due,
        minutes=reply.minutes,
        show=reply.show or _answers(task),
        outcomes={
            ACCURATE: Outcome(label="It is accurate"),
            INACCURATE: Outcome(
                label="It is not accurate", return_to=task.task, at_most=reply.at_most, at_limit="go on"
            ),
            NO_REPLY: Outcome(label="No reply"),
        },
        unanswered=NO_REPLY,
        stage=task.stage,
    )


def replied_to(node: Node) -> Node | None:
    """The task before it that this one is the reply to; none for every other step."""
    before = node.block.steps[node.index - 1] if node.index else None
    if before and isinstance(before.spec, TaskStep) and before.spec.reply and node.id == name_of(before.id):
        return before
    return None


def _answers(task: TaskStep) -> dict[str, str]:
    """What was answered, without what is marked as personal."""
    shown = {"Outcome": f"{task.task}.outcome"} if task.outcomes else {}
    for name, field in task.form.items():
        if not _is_personal(field):
            label = field.label or name.replace("_", " ")
            shown[name if label in shown else label] = f"{task.task}.{name}"
    return shown


def _is_personal(field: FormField) -> bool:
    if isinstance(field, Table):
        return any(column.personal for column in field.table.values())
    return field.personal
