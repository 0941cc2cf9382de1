"""Conflicts of interest, one rule each: why somebody may not judge this, whatever their role.

A task says what it is about, and which of these rules apply; see `About` in `engine/definition/human.py`. A refusal
is read by others than the person it is about, so of what somebody has declared it says only that they have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from engine.definition.conflict_rules import rules_of
from engine.definition.human import Conflict, TaskStep
from engine.definition.program import Node
from engine.interests import InterestType
from engine.people import Directory
from engine.scope import Scope

#: What a refusal says of every declared interest.
DECLARED = "has declared an interest"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a task judges, as its expressions say it now."""

    school: str | None = None
    person: str | None = None
    year_group: str | None = None
    class_name: str | None = None
    pairs: Sequence[JsonValue] = ()
    """Who judges whom this time: rows with `school` and `moderator`."""
    last: Sequence[JsonValue] = ()
    """The same of the last time."""


Rule = Callable[[Directory, str, Judged, date], str | None]


def conflict_of_interest(directory: Directory, node: Node, scope: Scope, person: str, on: date) -> str | None:
    """Why the person may not judge what this task is about; none when they may. Raises ExpressionError."""
    rules = rules_of(node.spec) if isinstance(node.spec, TaskStep) else ()
    if not rules:
        return None
    judged = what_is_judged(node, scope)
    return next((why for rule in rules if (why := RULES[rule](directory, person, judged, on))), None)


def what_is_judged(node: Node, scope: Scope) -> Judged:
    """The school, the person and the pairs that the task's expressions give now."""

    def value(part: str) -> JsonValue:
        expression = node.expressions.get(f"about.{part}")
        return scope.evaluate(expression) if expression else None

    def text(part: str) -> str | None:
        found = value(part)
        return found if isinstance(found, str) and found else None

    def rows(part: str) -> Sequence[JsonValue]:
        found = value(part)
        return found if isinstance(found, list) else ()

    # What says nothing would rule nobody out: `not_at` must name a school.
    required = node.expressions.get("not_at")
    return Judged(
        school=scope.text(required) if required else text("school"),
        person=text("person"),
        year_group=text("year_group"),
        class_name=text("class"),
        pairs=rows("pairs"),
        last=rows("last"),
    )


# ---- the rules


def _own_school(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
    if judged.school is None or judged.school not in directory.schools_of(person, on):
        return None
    return f"works at {directory.school(judged.school).name}, whose own work this is"


def _oneself(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
    del directory, on
    return "is the person this is about" if person == judged.person else None


def _declared(kind: InterestType) -> Rule:
    def rule(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
        theirs = (each for each in directory.interests_of(person, on) if each.type == kind)
        concerned = any(
            each.concerns(judged.school, judged.year_group, judged.class_name, judged.person)
            for each in theirs
        )
        # A relative is one both ways, whichever of them has said so.
        mutual = kind in {"relative", "close-friend"} and judged.person is not None
        said_by_other = mutual and any(
            each.type == kind and each.about == person
            for each in directory.interests_of(judged.person or "", on)
        )
        return DECLARED if concerned or said_by_other else None

    return rule


def _line_manager(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
    if judged.person is None or directory.line_manager(judged.person, on) != person:
        return None
    return "is the line manager of the person this is about"


def _reciprocal(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
    theirs = {pair.school for pair in _pairs(judged.pairs) if pair.moderator == judged.school}
    both = theirs.intersection(directory.schools_of(person, on)) if judged.school else ()
    if not both:
        return None
    return f"works at a school that {directory.school(judged.school or '').name} judges in return"


def _same_as_last(directory: Directory, person: str, judged: Judged, on: date) -> str | None:
    before = {pair.moderator for pair in _pairs(judged.last) if pair.school == judged.school}
    if judged.school is None or not before.intersection(directory.schools_of(person, on)):
        return None
    return f"works at the school that judged {directory.school(judged.school).name} last time"


RULES: Mapping[Conflict, Rule] = {
    "own-school": _own_school,
    "oneself": _oneself,
    "own-child": _declared("own-child"),
    "relative": _declared("relative"),
    "close-friend": _declared("close-friend"),
    "business-interest": _declared("business"),
    "other-interest": _declared("other"),
    "line-manager": _line_manager,
    "reciprocal": _reciprocal,
    "same-as-last": _same_as_last,
}


@dataclass(frozen=True, slots=True)
class _Pair:
    school: str
    moderator: str


def _pairs(rows: Sequence[JsonValue]) -> Iterator[_Pair]:
    for row in rows:
        if isinstance(row, dict):
            yield _Pair(str(row.get("school")), str(row.get("moderator")))
