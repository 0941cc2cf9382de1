"""Whether whoever was asked by role is still asked: roles end, and who holds one today is said by the directory."""

from datetime import date

from engine.definition.program import Node
from engine.errors import NotAllowedError, TermwiseError
from engine.run import Run
from engine.state import Task
from engine.who import people
from engine.world import ROLES_TODAY


def require_still_asked(run: Run, node: Node, task: Task, person: str) -> None:
    """Refuse whoever was asked for a role that they no longer hold. An older instance keeps to its old rules."""
    if run.state.started.engine < ROLES_TODAY:
        return
    why = no_longer(run, node, task, person, run.world.calendar.local_date(run.at))
    if why:
        raise NotAllowedError(why)


def no_longer(run: Run, node: Node, task: Task, person: str, today: date) -> str | None:
    """Why the role for which the person was asked is not theirs any more; none when it is.

    None too for whoever the definition names, or was given the task by hand: no role asked them.
    """
    by_role = all(who.role for who in node.whos["who"])
    if by_role and person in task.candidates and person not in holders(run, node, task, today):
        return f"{run.world.directory.person(person).name} is no longer {role_of(run, task)}"
    return None


def holders(run: Run, node: Node, task: Task, today: date) -> tuple[str, ...]:
    """Whom the definition asks for the task today."""
    try:
        return people(run.world.directory, node, "who", run.scope(task.address), today)
    except TermwiseError:
        return ()  # It names somebody or something that is not there any more.


def role_of(run: Run, task: Task) -> str:
    """What the task is asked of: the role, and where."""
    return f"{task.role} at {place_of(run, task)}" if task.school else task.role


def place_of(run: Run, task: Task) -> str:
    """Whose work it is: the school, or the trust."""
    directory = run.world.directory
    return directory.school(task.school).name if task.school else directory.trust.name
