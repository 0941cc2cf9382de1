"""What is personal in events, closed before it is stored and opened after it is read."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from pydantic_core import from_json, to_json

from engine.definition.openness import CLOSED, Openness
from engine.events import EVENT_KINDS, Event
from engine.personal import Place, instance_subject, places_of
from engine.records import Append
from storage.privacy.errors import AlteredError
from storage.privacy.fields import (
    MARK,
    SUBJECT,
    Json,
    Slot,
    close,
    closed_in,
    is_closed,
    number_in,
    open_,
    to_close,
)
from storage.privacy.keyring import Keyring
from storage.privacy.openness import KnownOpenness

_PLACES: dict[str, tuple[Place, ...]] = {kind: places_of(model) for kind, model in EVENT_KINDS.items()}
#: What stands instead of a text in which something was altered: no event, so whoever reads it says where it is.
ALTERED = '{"kind":"a sealed value of it was altered"}'


class PersonalSealing:
    """Events with nothing personal in them cost nothing. Raises what `Keyring` raises."""

    def __init__(self, keyring: Keyring, known: KnownOpenness) -> None:
        self._keyring = keyring
        self._known = known

    async def seal(self, append: Append, bodies: Sequence[str]) -> Sequence[str]:
        """The texts to store for these events."""
        self._known.hear(append)
        places = [_places(event) for event in append.events]
        if not any(places):
            return bodies
        told = any(place.kind != "text" for each in places for place in each)
        openness = await self._known.of(append.stream) if told else CLOSED
        subject = instance_subject(append.stream)
        return [
            await self._closed(body, where, subject, openness) if where else body
            for body, where in zip(bodies, places, strict=True)
        ]

    async def opened(self, texts: Sequence[str]) -> Sequence[str]:
        """The texts as they were before; what was erased says so."""
        parsed = {nth: from_json(text) for nth, text in enumerate(texts) if MARK in text}
        if not parsed:
            return texts
        slots = {nth: list(closed_in(text)) for nth, text in parsed.items()}
        await self._keyring.look_up(slot.subject for each in slots.values() for slot in each)
        opened = list(texts)
        for nth, text in parsed.items():
            opened[nth] = await self._opened(text, slots[nth])
        return opened

    async def _closed(self, body: str, places: Sequence[Place], subject: str, openness: Openness) -> str:
        text: Json = from_json(body)
        slots = to_close(text, places, subject, openness)
        if not slots:
            return body
        bound = _bound(text)
        await fill(self._keyring, slots, bound)
        return to_json(text).decode()

    async def _opened(self, text: Json, slots: Iterable[Slot]) -> str:
        try:
            await empty(self._keyring, slots, _bound(text))
        except AlteredError:
            return ALTERED
        return to_json(text).decode()


async def fill(keyring: Keyring, slots: Sequence[Slot], bound: str) -> None:
    """Close them, each with its subject's key, which is made where there is none."""
    await keyring.look_up((slot.subject for slot in slots), create=True)
    for slot in slots:
        key = await keyring.key(slot.subject, create=True)
        assert key is not None  # noqa: S101 - it was to be made
        close(slot, key, bound)
        if slot.also:
            other = await keyring.key(slot.also, create=True)
            assert other is not None  # noqa: S101 - it was to be made
            close(slot, other, bound)


async def empty(keyring: Keyring, slots: Iterable[Slot], bound: str) -> list[Slot]:
    """Open them; those that cannot be any more, which now say so. Raises AlteredError."""
    lost = []
    for slot in slots:
        key = await keyring.numbered(slot.subject, number_in(slot))
        open_(slot, key, bound)
        if key is not None and is_closed(closed := slot.value):
            key = await keyring.numbered(str(closed[SUBJECT]), number_in(slot))
            # The outer key has vouched for it: where it does not open, somebody wrote what only looks closed.
            with suppress(AlteredError):
                open_(slot, key, bound)
        if key is None:
            lost.append(slot)
    return lost


def _places(event: Event) -> Sequence[Place]:
    """Where something personal stands in this event."""
    return [place for place in _PLACES[event.kind] if getattr(event, place.path[0])]


def _bound(text: Json) -> str:
    """What says which event it is, of what stays in the open: a closed value opens in no other."""
    assert isinstance(text, dict)  # noqa: S101 - an event is an object
    return f"event\x00{text.get('kind')}\x00{text.get('at')}\x00{text.get('by')}"
