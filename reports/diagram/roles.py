"""Whose work a step is, as the lanes and colours of a diagram tell people apart: by role, not by school."""

from engine.definition.phrases import parse_who
from engine.definition.program import Node, Program
from reports.diagram.kinds import said
from reports.diagram.words import spoken

NAMED_PEOPLE = "people named by a value"


def role(node: Node) -> str | None:
    """The role or roles that are asked; none where nobody is."""
    who = said(node).who
    if who is None:
        return None
    found = dict.fromkeys(spoken(each.role) if each.role else NAMED_PEOPLE for each in parse_who(who))
    return " or ".join(found)


def roles(program: Program) -> list[str]:
    """All of them, in the order in which they come."""
    return list(dict.fromkeys(found for node in program.walk() if (found := role(node))))
