"""Who is asked, and who may ask: phrases of the definition against the roles in force on a day."""

from datetime import date, datetime

from engine import acting, recusals
from engine.conflicts import DECLARED, conflict_of_interest
from engine.definition.model import TaskStep
from engine.definition.phrases import Who
from engine.definition.program import Node
from engine.errors import NotAllowedError
from engine.people import Directory
from engine.scope import Scope
from engine.world import World

LINE_MANAGER = "line-manager"


def people(directory: Directory, node: Node, part: str, scope: Scope, on: date) -> tuple[str, ...]:
    """The people the phrase names on that day, in a fixed order; empty when nobody holds the role."""
    found: dict[str, None] = {}
    for who in node.whos[part]:
        for person in _alternative(directory, node, who, scope, on):
            found.setdefault(person)
    return tuple(found)


def _alternative(directory: Directory, node: Node, who: Who, scope: Scope, on: date) -> tuple[str, ...]:
    def read(text: str | None) -> str | None:
        return None if text is None else scope.text(node.expressions[f"name.{text}"])

    if who.person:
        person = read(who.person)
        return (directory.person(person).id,) if person else ()
    role, at = who.role or "", read(who.at)
    held = directory.holders(role, on, school=at, year_group=read(who.of), subject=read(who.subject))
    return held or acting.in_a_vacancy(directory, role, at, on)


def asked_as(node: Node, scope: Scope) -> tuple[acting.Asked, ...]:
    """The roles that the task is for, each with the school it is asked at."""
    return tuple(
        (who.role, scope.text(node.expressions[f"name.{who.at}"]) if who.at else None)
        for who in node.whos["who"]
        if who.role
    )


def without_conflicts(
    directory: Directory, node: Node, scope: Scope, asked: tuple[str, ...], on: date
) -> tuple[str, ...]:
    """Those of the people who may do this task: not who did the earlier one, nobody with a conflict of interest."""
    return tuple(person for person in asked if conflict(directory, node, scope, person, on) is None)


def conflict(directory: Directory, node: Node, scope: Scope, person: str, on: date) -> str | None:
    """Why the person may not do this task whatever their role; none when they may."""
    if isinstance(node.spec, TaskStep):
        for earlier in four_eyes(node.spec):
            if person in _done_by(scope, earlier):
                return f"did {earlier.replace('_', ' ')!r}, and this needs a second pair of eyes"
    if recusals.has_stepped_back(scope.state, scope.address, person):
        return DECLARED
    return conflict_of_interest(directory, node, scope, person, on)


def four_eyes(spec: TaskStep) -> tuple[str, ...]:
    """The earlier tasks that must have been done by somebody else."""
    given = spec.not_done_by
    return (given,) if isinstance(given, str) else given or ()


def _done_by(scope: Scope, step: str) -> frozenset[str]:
    """Whoever did the step, and for whom: one person, or all who answered where several were asked."""
    result = scope.value(step)
    if not isinstance(result, dict):
        return frozenset()
    answers = result.get("answers")
    all_of_them = [result, *(answers if isinstance(answers, list) else ())]
    answered = [each for each in all_of_them if isinstance(each, dict)]
    return frozenset(str(each[who]) for each in answered for who in ("by", "for") if each.get(who))


def require(world: World, roles: tuple[str, ...], person: str, at: datetime, what: str) -> None:
    """Refuse unless the person holds one of the roles on that day."""
    today = world.calendar.local_date(at)
    if not any(world.directory.holds(person, role, today) for role in roles):
        name = world.directory.person(person).name
        raise NotAllowedError(f"{name} may not {what}: that is for {' or '.join(roles)}")
