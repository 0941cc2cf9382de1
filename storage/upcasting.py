"""Old events in the shape of today: each kind has a schema version of its own, and a step from each to the next.

An event is written in the newest version of its kind and never written again. What was written in an older one is
led from version to version as plain data when it is read, then checked as if it had been written today.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pydantic import JsonValue
from pydantic_core import from_json, to_json

from engine.events import EVENT, EVENT_KINDS, Event
from storage.errors import TooNewEventError

Plain = dict[str, JsonValue]
Upcaster = Callable[[Plain], Plain]
"""A pure function from the fields of one version to those of the next. It may change and return what it is given."""
Upcasters = Mapping[tuple[str, int], Upcaster]

#: By kind and the version it takes: one line for each. A new field with a default needs none, and no new version.
UPCASTERS: Upcasters = MappingProxyType({})


def newest_versions(upcasters: Upcasters = UPCASTERS) -> Mapping[str, int]:
    """The version in which each kind is written: one more than its last upcaster takes."""
    newest = dict.fromkeys(EVENT_KINDS, 1)
    for kind, version in upcasters:
        newest[kind] = max(newest[kind], version + 1)
    return MappingProxyType(newest)


NEWEST = newest_versions()


def schema_of(kind: str) -> int:
    """The version in which events of that kind are written now."""
    return NEWEST[kind]


def event_of(kind: str, version: int, text: str, upcasters: Upcasters = UPCASTERS) -> Event:
    """The event of a stored text. Only one of an older version takes the way through plain data.

    Raises TooNewEventError for what a newer termwise has written, ValidationError for what has another shape,
    and whatever an upcaster raises at what was never of its version.
    """
    newest = newest_versions(upcasters) if upcasters is not UPCASTERS else NEWEST
    if version == newest.get(kind, 1):
        return EVENT.validate_json(text)
    return EVENT.validate_json(to_json(in_todays_shape(kind, version, from_json(text), upcasters)))


def in_todays_shape(kind: str, version: int, fields: Plain, upcasters: Upcasters = UPCASTERS) -> Plain:
    """The fields of an event as the newest version of its kind has them. Raises TooNewEventError."""
    newest = newest_versions(upcasters).get(kind, 1)
    if version > newest:
        raise TooNewEventError(kind, version, newest)
    for each in range(version, newest):
        fields = upcasters[kind, each](fields)
    return fields
