"""Who is asked, and who may ask: phrases of the definition against the roles in force on a day."""

from datetime import date, datetime

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
    return directory.holders(
        who.role or "", on, school=read(who.at), year_group=read(who.of), subject=read(who.subject)
    )


def without_conflicts(
    directory: Directory, node: Node, scope: Scope, asked: tuple[str, ...], on: date
) -> tuple[str, ...]:
    """Those of the people who may do this task: not who did the earlier one, none of the excluded school."""
    return tuple(person for person in asked if conflict(directory, node, scope, person, on) is None)


def conflict(directory: Directory, node: Node, scope: Scope, person: str, on: date) -> str | None:
    """Why the person may not do this task whatever their role; none when they may."""
    if isinstance(node.spec, TaskStep):
        for earlier in four_eyes(node.spec):
            if person in _done_by(scope, earlier):
                return f"did {earlier.replace('_', ' ')!r}, and this needs a second pair of eyes"
    if "not_at" in node.expressions:
        school = scope.text(node.expressions["not_at"])
        if school in directory.schools_of(person, on):
            return f"works at {directory.school(school).name}, whose own work this is"
    return None


def four_eyes(spec: TaskStep) -> tuple[str, ...]:
    """The earlier tasks that must have been done by somebody else."""
    given = spec.not_done_by
    return (given,) if isinstance(given, str) else given or ()


def _done_by(scope: Scope, step: str) -> frozenset[str]:
    """Whoever did the step: one person, or all who answered where several were asked."""
    result = scope.value(step)
    if not isinstance(result, dict):
        return frozenset()
    answers = result.get("answers")
    all_of_them = [result, *(answers if isinstance(answers, list) else ())]
    return frozenset(str(each.get("by")) for each in all_of_them if isinstance(each, dict))


def require(world: World, roles: tuple[str, ...], person: str, at: datetime, what: str) -> None:
    """Refuse unless the person holds one of the roles on that day."""
    today = world.calendar.local_date(at)
    if not any(world.directory.holds(person, role, today) for role in roles):
        name = world.directory.person(person).name
        raise NotAllowedError(f"{name} may not {what}: that is for {' or '.join(roles)}")
