"""Open work of people who have gone: whoever holds the role today is asked instead, else the owner is told.

Somebody has gone who has left, no longer holds what they were asked for, or may not do this any more. Whoever was
given a task by hand keeps it until they leave. One who has a task and has not gone keeps it, whoever came besides.
Where all who are asked are away, and nobody stands in for them, others are asked until they are back.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from engine import acting, opening, own_process, quorum
from engine.errors import TermwiseError
from engine.events import TERMWISE, TaskReplanned
from engine.run import Run
from engine.state import Task
from engine.still_asked import holders, no_longer, place_of, role_of
from engine.task_access import deputies, task_step
from engine.who import conflict


def replan(run: Run) -> None:
    """Ask others where those asked have gone, or where there was nobody. Safe to repeat: then nothing follows."""
    today = run.world.calendar.local_date(run.at)
    for each in run.state.unfinished:
        _replan(run, run.state.tasks[each], today)


def why_gone(run: Run, task: Task, person: str, today: date) -> str | None:
    """Why the person can no longer be asked to do the task; none when they can, perhaps when they are back."""
    directory, (node, _) = run.world.directory, task_step(run, task)
    name = directory.person(person).name
    if not directory.at_work(person, today):
        return f"{name} has left {place_of(run, task)}"
    if over := no_longer(run, node, task, person, today):
        return over
    try:
        why = conflict(directory, node, run.scope(task.address), person, today)
    except TermwiseError:
        return None  # A rule that cannot be asked rules nobody out: whoever answers is judged by it again.
    # Not in the words of the rule: they may be about somebody's family, and this is told to others.
    return f"{name} may not do this any more" if why else None


def _replan(run: Run, task: Task, today: date) -> None:
    back = tuple(each for each in task.instead_of if each in _able(run, task, today))
    if back:
        _ask(run, task, back, _said(run, back, "is back"))
        return
    gone = {person: why for person in task.asked if (why := why_gone(run, task, person, today))}
    away = [person for person in task.asked if person not in gone and _is_away(run, task, person, today)]
    # One of several who is away leaves it to the others.
    if gone or len(away) == len(task.asked):
        _ask_others(run, task, gone, away, today)


def _ask_others(run: Run, task: Task, gone: Mapping[str, str], away: Iterable[str], today: date) -> None:
    able = tuple(_able(run, task, today))
    if not able and not task.asked:
        return  # The owner was told when that began.
    why = "; ".join([*gone.values(), *([_said(run, away, "is away")] if away else [])])
    later = tuple(person for person in away if _wants_it_back(run, person, today))
    _ask(run, task, able, why or f"there is somebody again: {role_of(run, task)}", later)


def _ask(run: Run, task: Task, able: tuple[str, ...], why: str, later: tuple[str, ...] = ()) -> None:
    run.emit(
        TaskReplanned(
            at=run.at,
            by=TERMWISE,
            task=task.id,
            assignee=able[0] if len(able) == 1 else None,
            candidates=able,
            to=tuple(person for person in able if person not in task.asked),
            reason=why,
            instead_of=later,
        )
    )
    if not able:
        run.emit(opening.nobody_can(run.world, task.id, run.at))


def _able(run: Run, task: Task, today: date) -> Iterator[str]:
    """Whoever gave it away for a time, else today's holders; of them those who may do it and are not away."""
    owner = task.delegated_by
    if owner and not why_gone(run, task, owner, today):
        yield owner
        return
    for person in holders(run, task_step(run, task)[0], task, today):
        if (
            not quorum.has_another_seat(run.state, task.address, person)
            and not why_gone(run, task, person, today)
            and not _is_away(run, task, person, today)
        ):
            yield person


def _is_away(run: Run, task: Task, person: str, today: date) -> bool:
    """Whether the person is away, the task does not wait for that, and nobody stands in for them in this."""
    if own_process.stands_still(run, task):
        return False
    return not acting.here(run.world.directory, person, today) and not deputies(run, task, person, today)


def _wants_it_back(run: Run, person: str, today: date) -> bool:
    absence = run.world.directory.absent(person, today)
    return absence is not None and absence.hand_back


def _said(run: Run, them: Iterable[str], what: str) -> str:
    return "; ".join(f"{run.world.directory.person(each).name} {what}" for each in them)
