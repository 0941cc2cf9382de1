"""A late task goes up its ladder: who is told, and who is left out because nobody holds the role."""

from engine import addresses
from engine.deadlines import Moment
from engine.default_ladder import role_of
from engine.errors import TermwiseError
from engine.events import TERMWISE, TaskEscalated
from engine.run import Run
from engine.state import Task
from engine.who import LINE_MANAGER, people


def escalate(run: Run, task: Task, rung: Moment) -> None:
    """Tell whom the rung names. Where there is nobody, the next who is there; and the owner where nobody is."""
    skipped: list[str] = []
    for each in _from(task, rung):
        if to := _told(run, task, each):
            _emit(run, task, rung, each.to or "", to, skipped)
            return
        skipped.append(each.to or "")
    owner = run.world.program.definition.owner
    owners = run.world.directory.holders(owner, run.world.calendar.local_date(run.at))
    _emit(run, task, rung, owner, owners, skipped)


def _from(task: Task, rung: Moment) -> list[Moment]:
    """The rung and those above it."""
    above = [each for each in task.moments if each.kind == "escalation" and each.days > rung.days]
    return [rung, *sorted(above, key=lambda each: each.days)]


def _emit(  # noqa: PLR0913, PLR0917 - who hears of which rung, and who does not
    run: Run, task: Task, rung: Moment, role: str, to: tuple[str, ...], skipped: list[str]
) -> None:
    run.emit(
        TaskEscalated(
            at=run.at,
            by=TERMWISE,
            task=task.id,
            days=rung.days,
            role=role,
            to=to,
            statutory=task.due is not None and task.due.status == "statutory",
            skipped=tuple(skipped),
        )
    )


def _told(run: Run, task: Task, rung: Moment) -> tuple[str, ...]:
    directory, today = run.world.directory, run.world.calendar.local_date(run.at)
    node = run.world.program.steps[addresses.name_of(task.address)]
    if f"escalate.{rung.days}" in node.whos and rung.to != LINE_MANAGER:
        try:
            return people(directory, node, f"escalate.{rung.days}", run.scope(task.address), today)
        except TermwiseError:
            # Nobody, so that the next is told: refusing would stop the clock for the whole instance.
            return ()
    if rung.to == LINE_MANAGER:
        managers = (directory.line_manager(person, today) for person in task.answerable)
        return tuple(dict.fromkeys(manager for manager in managers if manager))
    usual = role_of(rung.to or "")
    if usual is None:
        return ()  # The version it has moved to does not say who that is.
    role, at_school = usual
    if at_school and task.school is None:
        return ()
    found = directory.holders(role, today, school=task.school if at_school else None)
    # Nobody needs to be told of what they are asked to do.
    return tuple(person for person in found if person not in {*task.asked, task.delegated_by})
