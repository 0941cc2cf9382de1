"""Where somebody has left traces: what erasing them takes away, and what stands in its way."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from engine.events import EVENT, EVENT_KINDS, InstanceStarted
from engine.personal import places_of
from engine.records import Recorded
from engine.register.fact import REGISTER, RegisterFact
from reports.masking import KnownAs
from storage.events import PostgresEventStore

_PAGE = 500
#: Shorter texts are nobody's: `yes`, `4`, `agreed`.
_SHORT = 8
#: Longer texts are compared as a whole only: they are no sentence made of another.
_LONG = 2000
#: The fields of each kind of event that hold the words of whoever did it: they go with that person's key.
_THEIRS: dict[str, frozenset[str]] = {
    kind: frozenset(place.path[0] for place in places_of(model) if place.both)
    for kind, model in EVENT_KINDS.items()
}


@dataclass(slots=True)
class Cycle:
    """What there is of the person in one cycle, with its parts."""

    acted: int = 0
    """How much they did."""
    named: int = 0
    """How often others name them."""
    about: bool = False
    """Whether it is about them."""
    copied: bool = False
    """Whether copies of what they wrote stand among the words of others."""


@dataclass(slots=True)
class Traces:
    """All of it, by cycle."""

    person: str
    names: tuple[str, ...]
    cycles: dict[str, Cycle] = field(default_factory=dict)
    facts: int = 0
    """How many facts of the register are about them."""

    @property
    def took_part(self) -> tuple[str, ...]:
        """Where they did something, or it is about them."""
        return tuple(sorted(key for key, each in self.cycles.items() if each.acted or each.about))

    @property
    def whole(self) -> tuple[str, ...]:
        """Where all words go."""
        return tuple(sorted(key for key, each in self.cycles.items() if each.about or each.copied))

    @property
    def named(self) -> tuple[str, ...]:
        """Where others name them, and what they say stays."""
        return tuple(sorted(key for key, each in self.cycles.items() if each.named and key not in self.whole))


async def traces(store: PostgresEventStore, person: str, also: Collection[str]) -> Traces:
    """Read the whole log for them. `also`: further names by which they are looked for."""
    register = await store.read(REGISTER)
    known = KnownAs(each.event for each in register if isinstance(each.event, RegisterFact)).of(person)
    found = Traces(person, tuple(sorted({*known, *also})))
    tracer = _Tracer(found)
    after = 0
    while events := await store.read_all(after, _PAGE):
        for each in events:
            tracer.hear(each)
        after = events[-1].position
    return found


class _Tracer:
    def __init__(self, found: Traces) -> None:
        self._found = found
        self._signs = tuple(each.casefold() for each in found.names)
        self._own: set[str] = set()
        self._roots: dict[str, str] = {}

    def hear(self, record: Recorded) -> None:
        event, person = record.event, self._found.person
        plain = EVENT.dump_python(event, mode="json", by_alias=True)
        if isinstance(event, RegisterFact):
            self._found.facts += self._is_about(plain)
            return
        if isinstance(event, InstanceStarted):
            self._roots[record.stream] = event.root
        cycle = self._found.cycles.setdefault(self._roots.get(record.stream, record.stream), Cycle())
        cycle.about |= isinstance(event, InstanceStarted) and event.person == person
        mine, theirs = event.by == person, _THEIRS[event.kind]
        cycle.acted += mine
        for name, value in plain.items():
            for text in _texts(value):
                if name in theirs and mine:
                    self._own.update([text] if len(text) >= _SHORT else ())
                else:
                    cycle.named += self._is_named(text)
                    cycle.copied |= name not in theirs and self._is_copy(text)

    def _is_named(self, text: str) -> bool:
        lower = text.casefold()
        return any(sign in lower for sign in self._signs)

    def _is_copy(self, text: str) -> bool:
        return text in self._own or (len(text) < _LONG and any(each in text for each in self._own))

    def _is_about(self, plain: Mapping[str, JsonValue]) -> bool:
        said = (text for name, value in plain.items() if name != "by" for text in _texts(value))
        return any(text == self._found.person or text in self._found.names for text in said)


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)
        case _:
            return
