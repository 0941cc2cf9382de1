"""The names that expressions may read at each place, each with the type its value has there."""

from collections.abc import Mapping, Sequence

from engine.definition.model import Definition, SetStep, TaskStep
from engine.definition.values import Column, Declared, FormField, Given, Rows, StartingValue
from engine.model import Model
from engine.value_types import (
    INTEGER,
    NUMBER,
    TEXT,
    YES_NO,
    Type,
    joined,
    list_of,
    loosened,
    maybe,
    of_value,
    record,
)

Names = Mapping[str, Type]
_WORDS = (
    "as bool break bytes const continue double dyn else false for function if import in int let list "
    "loop map namespace null null_type package return string true type uint var void while"
)
#: Words that mean something else in an expression, so that a value of that name could not be read.
RESERVED = frozenset(_WORDS.split())
#: What an answer always carries beside its form, so no question may take these names.
RESULT_NAMES = frozenset({"outcome", "by", "done", "reason", "round"})
#: What a task carries beside it when several answer it together.
JOINT_NAMES = frozenset({"asked", "tied", "answers"})
#: The outcome of a task that was skipped.
SKIPPED = "skipped"
#: What deadline phrases may count from besides values and steps.
SPECIAL_ANCHORS = frozenset({"start", "opened"})

_PLAIN = {"integer": INTEGER, "money": INTEGER, "number": NUMBER, "yes-no": YES_NO}


def declared(name: str) -> Type:
    """The type of a value that a file declares by this name: `integer`, `date`, `list of school`."""
    if name == "choices":
        return list_of(TEXT)
    if name.startswith("list of "):
        return list_of(declared(name.removeprefix("list of ")))
    # Days, people, schools and choices are texts.
    return _PLAIN.get(name, TEXT)


def of_field(field: FormField) -> Type:
    """What the answer to a question reads as; null where it need not be given."""
    found = of_given(field)
    computed = isinstance(field, Column) and field.value is not None
    return maybe(found) if computed or field.when is not None or not field.required else found


def of_given(given: Given | Rows) -> Type:
    """What a value reads as that was given."""
    return of_rows(given.table) if isinstance(given, Rows) else declared(given.type)


def of_rows(columns: Mapping[str, Column]) -> Type:
    """What rows with these columns read as."""
    return list_of(record(**{name: of_field(column) for name, column in columns.items()}))


def of_start(value: StartingValue) -> Type:
    """The type of a value of the header; of one with a declared type, that or null."""
    if isinstance(value, Declared):
        return maybe(of_rows(value.table) if value.table else declared(value.type or "text"))
    return of_value(value)


#: A round of a task before the last one.
EARLIER = record(round=INTEGER, outcome=TEXT, by=maybe(TEXT), done=TEXT, reason=maybe(TEXT))


def result_of(step: TaskStep) -> Type:
    """What a task reads as when it is done: its answers, and what is kept of every answer."""
    answers = {name: of_field(field) for name, field in step.form.items()}
    if may_be_unanswered(step):
        answers = {name: maybe(kind) for name, kind in answers.items()}
    by = maybe(TEXT) if step.unanswered else TEXT
    kept = {"outcome": TEXT, "by": by, "done": TEXT, "reason": maybe(TEXT), "round": INTEGER}
    # A question may have one of these names: it was allowed before they were kept.
    beside = {"code": maybe(TEXT), "earlier": list_of(EARLIER)}
    one = {**beside, **answers, **kept}
    if step.quorum == "any":
        return record(**one)
    together = {"asked": INTEGER, "tied": YES_NO, "answers": list_of(record(**one))}
    return record(**{**one, **together})


def may_be_unanswered(step: TaskStep) -> bool:
    """Whether the work may go on although nobody has filled in the form; then its answers are null."""
    # Where several decide together, one may want to send the work back, and the others go on.
    apart = step.quorum != "any"
    return bool(step.skip or step.unanswered) or any(
        outcome and outcome.return_to and (apart or outcome.at_limit == "go on")
        for outcome in step.outcomes.values()
    )


def names_of_inputs(definition: Definition) -> dict[str, Type]:
    """The inputs, by the type of their values."""
    return {name: of_given(given) for name, given in definition.inputs.items()}


def names_in_header(definition: Definition) -> dict[str, Type]:
    """What the key and the name of a cycle may read: the inputs and the values before any step."""
    return names_of_inputs(definition) | {name: of_start(value) for name, value in definition.values.items()}


def names_at_start(definition: Definition) -> dict[str, Type]:
    """The names every step may read: the key, the inputs and the values."""
    return {"key": TEXT} | names_in_header(definition)


def after_one_of(ways: Sequence[Names]) -> dict[str, Type]:
    """What is known after exactly one of these ways was gone, nobody knows which.

    A name that not every way leaves may be null.
    """
    known: dict[str, Type] = {}
    for way in ways:
        for name, kind in way.items():
            known[name] = joined(known[name], kind) if name in known else kind
    return {name: kind if all(name in way for way in ways) else maybe(kind) for name, kind in known.items()}


def after_all_of(ways: Sequence[Names], before: Names) -> dict[str, Type]:
    """What is known after all of these ways were gone, in no fixed order."""
    known: dict[str, Type] = dict(before)
    for way in ways:
        for name, kind in way.items():
            known[name] = joined(known[name], kind) if name in known else kind
    return known


def changed(before: Names, after: Names) -> list[str]:
    """The names whose type differs when the same steps are gone through again."""
    kinds = {name: (kind.declared, after.get(name, kind).declared) for name, kind in before.items()}
    return sorted(name for name, (first, again) in kinds.items() if first not in {again, "any"})


def assigned_in(part: object) -> frozenset[str]:
    """The names that these steps, or those inside them, set."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if isinstance(each, SetStep):
            found.update(each.set)
        if isinstance(each, Model):
            waiting += vars(each).values()
        elif isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, tuple):
            waiting += each
    return frozenset(found)


def set_again(names: Names, assigned: frozenset[str]) -> dict[str, Type]:
    """What is known at the beginning of steps that may be gone through again, and set these names."""
    return {name: loosened(kind) if name in assigned else kind for name, kind in names.items()}
