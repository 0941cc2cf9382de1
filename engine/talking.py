"""What people say about a task, and where they say that something about it is kept."""

from engine.errors import InvalidInputError, NotAllowedError, RefusedError, TermwiseError
from engine.events import TaskAttached, TaskCommented
from engine.plain_values import file
from engine.run import Run
from engine.state import Task
from engine.talk_commands import AttachToTask, CommentOnTask
from engine.task_access import answers_for, decides_for, principals, unfinished_task

MAX_COMMENTS, MAX_COMMENT = 200, 2_000
MAX_ATTACHMENTS, MAX_LABEL, MAX_LINK = 50, 120, 1_000


def comment(run: Run, command: CommentOnTask) -> None:
    """Somebody it concerns says something; the others it concerns are told. The same twice in a row counts once."""
    task = unfinished_task(run, command.task)
    _require_concerned(run, task, command.by, "comment on")
    text = command.text.strip()
    if not 0 < len(text) <= MAX_COMMENT:
        found = f"has {len(text):,} characters" if text else "is empty"
        raise InvalidInputError([f"the comment {found}; write 1 to {MAX_COMMENT:,}"])
    last = task.comments[-1] if task.comments else None
    if last and (last.by, last.text) == (command.by, text):
        return
    if len(task.comments) >= MAX_COMMENTS:
        raise RefusedError(f"{task.title!r} has {MAX_COMMENTS} comments, which is the limit; go on elsewhere")
    run.emit(
        TaskCommented(at=run.at, by=command.by, task=task.id, text=text, to=_to_be_told(task, command.by))
    )


def attach(run: Run, command: AttachToTask) -> None:
    """Somebody it concerns says where something is kept. The same place under the same label counts once."""
    task = unfinished_task(run, command.task)
    _require_concerned(run, task, command.by, "attach anything to")
    label, link = " ".join(command.label.split()), _link(command.link)
    if not 0 < len(label) <= MAX_LABEL:
        raise InvalidInputError([f"say in 1 to {MAX_LABEL} characters what it is (--label)"])
    if any((each.label, each.link) == (label, link) for each in task.attachments):
        return
    if len(task.attachments) >= MAX_ATTACHMENTS:
        raise RefusedError(
            f"{task.title!r} has {MAX_ATTACHMENTS} attachments, which is the limit; attach a list of the others"
        )
    run.emit(TaskAttached(at=run.at, by=command.by, task=task.id, label=label, link=link))


def concerned(run: Run, task: Task, person: str) -> bool:
    """Whether the task is asked of the person, or could be; or they manage, decide or have spoken about it."""
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    named = (
        *task.asked,
        *task.candidates,
        task.delegated_by,
        task.deputy,
        *(each.by for each in task.comments),
    )
    managers = (directory.line_manager(each, today) for each in task.answerable)
    if person in named or person in managers or answers_for(run, task, person):
        return True
    return bool(principals(run, task, person) or decides_for(run, task, person))


def _require_concerned(run: Run, task: Task, person: str, what: str) -> None:
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    name = directory.person(person).name
    if not directory.at_work(person, today):
        raise NotAllowedError(f"{name} holds no post here today")
    if not concerned(run, task, person):
        raise NotAllowedError(
            f"{name} may not {what} {task.title!r}: that is for those it is asked of, their line managers, the "
            f"headteacher of the school and the {run.world.program.definition.owner}"
        )


def _to_be_told(task: Task, author: str) -> tuple[str, ...]:
    owner = (task.delegated_by,) if task.delegated_by else ()
    others = dict.fromkeys((*task.asked, *owner, *(each.by for each in task.comments)))
    return tuple(person for person in others if person != author)


def _link(given: str) -> str:
    try:
        link = file(given)
    except TermwiseError as error:
        raise InvalidInputError([f"the link {error}"]) from None
    scheme = link.partition(":")[0].lower() if ":" in link else ""
    if scheme in {"http", "javascript", "file", "ftp"}:
        raise InvalidInputError(
            [f"the link begins with {scheme}:; give one that begins with https://, or a document number"]
        )
    if len(link) > MAX_LINK:
        raise InvalidInputError([f"the link has {len(link):,} characters; at most {MAX_LINK:,}"])
    return link
