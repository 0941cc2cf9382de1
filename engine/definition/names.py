"""The names that expressions may read at each place, each with the type its value has there."""

from collections.abc import Mapping, Sequence

from engine.definition.model import Definition

Names = Mapping[str, str]
ANY = "any"
_WORDS = (
    "as bool break bytes const continue double dyn else false for function if import in int let list "
    "loop map namespace null null_type package return string true type uint var void while"
)
#: Words that mean something else in an expression, so that a value of that name could not be read.
RESERVED = frozenset(_WORDS.split())
#: What an answer always carries beside its form, so no question may take these names.
RESULT_NAMES = frozenset({"outcome", "by", "done", "reason", "round"})
#: What deadline phrases may count from besides values and steps.
SPECIAL_ANCHORS = frozenset({"start", "opened"})

_INPUT_TYPES = {"integer": "integer", "number": "number", "yes-no": "yes-no"}
_VALUE_TYPES: dict[type, str] = {list: "list", str: "text", bool: "yes-no", int: "integer", float: "number"}


def names_of_inputs(definition: Definition) -> dict[str, str]:
    """The inputs, by the type of their values."""
    return {
        name: "list" if given.type.startswith("list") else _INPUT_TYPES.get(given.type, "text")
        for name, given in definition.inputs.items()
    }


def names_in_header(definition: Definition) -> dict[str, str]:
    """What the key and the name of a cycle may read: the inputs and the values before any step."""
    values = {name: _VALUE_TYPES.get(type(value), ANY) for name, value in definition.values.items()}
    return names_of_inputs(definition) | values


def names_at_start(definition: Definition) -> dict[str, str]:
    """The names every step may read: the key, the inputs and the values."""
    return {"key": "text"} | names_in_header(definition)


def element_type(definition: Definition, text: str) -> str:
    """The type of the members of a list, as far as the file says."""
    given = definition.inputs.get(text.strip())
    return "text" if given and given.type.startswith("list of") else ANY


def after_one_of(ways: Sequence[Names]) -> dict[str, str]:
    """What is known after exactly one of these ways was gone, nobody knows which.

    A name that not every way leaves with the same type may be anything, or null.
    """
    known: dict[str, str] = {}
    for way in ways:
        known |= way
    return {name: kind if all(way.get(name) == kind for way in ways) else ANY for name, kind in known.items()}


def after_all_of(ways: Sequence[Names], before: Names) -> dict[str, str]:
    """What is known after all of these ways were gone, in no fixed order."""
    known: dict[str, str] = dict(before)
    for way in ways:
        for name, kind in way.items():
            same = name not in known or known[name] == kind
            known[name] = kind if same else ANY
    return known


def changed(before: Names, after: Names) -> list[str]:
    """The names whose type differs when the same steps are gone through again."""
    return sorted(name for name, kind in before.items() if after.get(name, kind) != kind and kind != ANY)
