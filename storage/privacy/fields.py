"""Where the personal values of one text stand, as JSON: found by marks to close them, by their look to open them.

A value that is closed is an object: `~` the subject, `k` the number of its key, `b` the nonce, the text and its tag in
base64. `e` says how it reads without its key, where that is not `erased`.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from pydantic_core import from_json, to_json

from engine.definition.openness import CLOSED, Openness
from engine.personal import ERASED, Place
from storage.privacy.cipher import DataKey
from storage.privacy.errors import AlteredError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
SUBJECT, NUMBER, BODY, INSTEAD = "~", "k", "b", "e"
#: What every text has in it of which a part is closed.
MARK = f'"{SUBJECT}":'
_MANY = "*"
_NOTHING: tuple[Json, ...] = (None, "")


@dataclass(slots=True)
class Slot:
    """A value in its object or list, where it stands, and whose it is."""

    inside: dict[str, Json] | list[Json]
    at: str | int
    path: str
    subject: str
    erased: Json = ERASED
    also: str | None = None
    """Whose it is besides: what is closed for the one is closed again for the other."""

    @property
    def value(self) -> Json:
        """What stands there now."""
        return self.inside[self.at]  # type: ignore[index]  # A key for an object, a place for a list.

    def put(self, value: Json) -> None:
        """Let this stand there instead."""
        self.inside[self.at] = value  # type: ignore[index]


def to_close(text: Json, places: Sequence[Place], default: str, open_: Openness = CLOSED) -> list[Slot]:
    """Every value at these places that holds something and may not stay in the open."""
    slots: list[Slot] = []
    for place in places:
        found: list[Slot] = []
        for slot in _at(text, place, 0, "", default):
            if place.kind == "values":
                found += _values(slot.value, slot.path, slot.subject, open_)
            elif place.kind != "title" or not _static(text, open_):
                found.append(slot)
        for slot in found:
            slot.also = default if place.both and slot.subject != default else None
        slots += found
    return [slot for slot in slots if slot.value not in _NOTHING]


def close(slot: Slot, key: DataKey, bound: str) -> None:
    """Put what is closed in place of the value; it opens only there."""
    sealed = key.seal(to_json(slot.value), f"{bound}\x00{slot.path}")
    told: dict[str, Json] = {SUBJECT: key.subject, NUMBER: key.number, BODY: b64encode(sealed).decode()}
    if slot.erased != ERASED:
        told[INSTEAD] = slot.erased
    slot.put(told)


def closed_in(text: Json, path: str = "") -> Iterator[Slot]:
    """Every value that is closed."""
    if isinstance(text, dict):
        members: Iterable[tuple[str | int, Json]] = text.items()
    elif isinstance(text, list):
        members = enumerate(text)
    else:
        return
    for name, value in members:
        where = f"{path}.{name}"
        if is_closed(value):
            yield Slot(text, name, where, str(value[SUBJECT]), value.get(INSTEAD, ERASED))
        elif isinstance(value, dict | list):
            yield from closed_in(value, where)


def open_(slot: Slot, key: DataKey | None, bound: str) -> None:
    """Put the value back; without its key, what is told instead. Raises AlteredError."""
    if key is None:
        slot.put(slot.erased)
        return
    closed = slot.value
    assert isinstance(closed, dict)  # noqa: S101 - `closed_in` gives nothing else
    try:
        sealed = b64decode(str(closed.get(BODY)), validate=True)
    except NotBase64Error:
        raise AlteredError from None
    slot.put(from_json(key.open(sealed, f"{bound}\x00{slot.path}")))


def is_closed(value: Json) -> TypeGuard[dict[str, Json]]:
    """Whether it is to be opened. People may write what looks so: a subject that can be no subject is none."""
    subject = value.get(SUBJECT) if isinstance(value, dict) and NUMBER in value else None
    return isinstance(subject, str) and subject != "" and "\x00" not in subject


def unopened(text: str) -> str:
    """The text as it reads without any key: for whoever needs only what is in the open."""
    if MARK not in text:
        return text
    parsed: Json = from_json(text)
    for slot in list(closed_in(parsed)):
        slot.put(slot.erased)
    return to_json(parsed).decode()


def number_in(slot: Slot) -> int:
    """The number of the key that it was closed with; 0, which no key has, for what is no number."""
    value = slot.value
    number = value.get(NUMBER) if isinstance(value, dict) else None
    return number if isinstance(number, int) else 0


def _at(text: Json, place: Place, depth: int, path: str, default: str) -> Iterator[Slot]:
    """The values at one place; there are many where it leads through a list."""
    if depth == place.above and place.of and isinstance(text, dict):
        default = _person(text.get(place.of)) or default
    name = place.path[depth]
    members: Iterable[str | int]
    if name == _MANY:
        members = range(len(text)) if isinstance(text, list) else list(text) if isinstance(text, dict) else ()
    else:
        members = (name,) if isinstance(text, dict) and name in text else ()
    for each in members:
        where, value = f"{path}.{each}", text[each]  # type: ignore[index]
        if depth + 1 < len(place.path):
            yield from _at(value, place, depth + 1, where, default)
        else:
            assert isinstance(text, dict | list)  # noqa: S101 - it has members
            yield Slot(text, each, where, default, _erased(text, place, default))


def _person(named: Json) -> str | None:
    found = named.get("id") if isinstance(named, dict) else named
    # Of what nobody did, termwise is the author, and it is no person.
    return found if isinstance(found, str) and found.startswith("p-") else None


def _erased(beside: dict[str, Json] | list[Json], place: Place, subject: str) -> Json:
    told: Json = place.erased
    if place.by_field is not None and isinstance(beside, dict):
        told = place.by_field.get(str(beside.get("field")), told)
    return told.replace("{}", subject) if isinstance(told, str) else told


def _values(values: Json, path: str, subject: str, open_: Openness) -> Iterator[Slot]:
    """Of values by name, those that may not stay in the open; of tables, cell by cell."""
    if not isinstance(values, dict):
        return
    for name, value in values.items():
        where = f"{path}.{name}"
        if name in open_.tables and isinstance(value, list) and all(isinstance(row, dict) for row in value):
            for number, row in enumerate(value):
                yield from _values(row, f"{where}.{number}", subject, open_)
        elif name not in open_.values or isinstance(value, dict):
            yield Slot(values, name, where, subject)


def _static(text: Json, open_: Openness) -> bool:
    return isinstance(text, dict) and text.get("step") in open_.titles
