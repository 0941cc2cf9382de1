"""Whose records a process makes: a word or a name that stands for something, said where it matters."""

from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.model import WHOSE, ForEachStep
from engine.definition.problems import Problem
from engine.errors import UnknownNameError

RULE = "records-about"


def check(seen: Examined) -> Iterator[Problem]:
    """What `about` names must hold a person; a personal process should say it."""
    definition = seen.definition
    about, inputs = definition.about, definition.inputs
    people = [name for name, given in inputs.items() if getattr(given, "type", None) == "person"]
    members = [name for node in seen.nodes() if isinstance(node.spec, ForEachStep) for name in node.spec.over]
    known = (*WHOSE, *people, *members)
    if about is not None and about not in known:
        said = UnknownNameError("word or name of a person", about, known)
        yield Problem(("about",), str(said), rule=RULE)
    if about is None and definition.confidentiality == "personal":
        said_so = (
            "a personal process says whose records it makes: `about: pupils`, `about: staff` or the person"
        )
        yield Problem(("confidentiality",), said_so, rule=RULE, warning=True)
