"""Which conflicts of interest a task rules out, and whether it says all that they ask."""

from engine.definition.human import ABOUT_PERSON, ABOUT_SCHOOL, Conflict, TaskStep
from engine.definition.names import Names
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.definition.texts import Texts

_OF_A_SCHOOL = "the school that is judged: add `about: {school: ...}`"
_OF_A_PERSON = "the person who is judged: add `about: {person: ...}`"
_OF_EITHER = "what is judged: add `about` with a school or a person"
#: What a rule cannot do without, and what is said where it is not there.
_NEEDS: dict[Conflict, tuple[tuple[str, ...], str]] = {
    "own-school": (("school",), _OF_A_SCHOOL),
    "own-child": (("school",), _OF_A_SCHOOL),
    "oneself": (("person",), _OF_A_PERSON),
    "line-manager": (("person",), _OF_A_PERSON),
    "relative": (("school", "person"), _OF_EITHER),
    "close-friend": (("school", "person"), _OF_EITHER),
    "business-interest": (("school", "person"), _OF_EITHER),
    "other-interest": (("school", "person"), _OF_EITHER),
    "reciprocal": (("pairs",), "who judges whom: add a `school` and `pairs` to `about`"),
    "same-as-last": (("last",), "who judged whom last time: add a `school` and `last` to `about`"),
}
_BETWEEN_SCHOOLS = {"reciprocal", "same-as-last"}
_PARTS = {"class_name": "class"}


def rules_of(spec: TaskStep) -> tuple[Conflict, ...]:
    """The rules that apply to the task: those it lists, else those that go with what it is about."""
    if spec.conflicts is not None:
        return spec.conflicts
    said = _said(spec)
    found = (*(ABOUT_SCHOOL if "school" in said else ()), *(ABOUT_PERSON if "person" in said else ()))
    return tuple(dict.fromkeys(found))


def compile_about(texts: Texts, node: Node, spec: TaskStep, names: Names, path: Path) -> None:
    """Compile what it judges; each rule must find what it asks."""
    problems = texts.problems
    if spec.not_at:
        texts.expect(node.expressions, "not_at", spec.not_at, names, (*path, "not_at"))
    if spec.not_at and spec.about and spec.about.school:
        problems.add_name((*path, "not_at"), "the school stands in `about` already; leave `not_at` out")
    for part in sorted(spec.about.model_fields_set) if spec.about else ():
        text = getattr(spec.about, part)
        said = _PARTS.get(part, part)
        if text is not None:
            texts.expect(node.expressions, f"about.{said}", text, names, (*path, "about", said))
    given = _said(spec)
    for place, rule in enumerate(spec.conflicts or ()):
        needed, words = _NEEDS[rule]
        if given.isdisjoint(needed) or (rule in _BETWEEN_SCHOOLS and "school" not in given):
            problems.add((*path, "conflicts", place), f"{rule!r} needs to know {words}")


def _said(spec: TaskStep) -> set[str]:
    about = spec.about
    parts = {name for name in about.model_fields_set if getattr(about, name)} if about else set()
    return parts | ({"school"} if spec.not_at else set())
