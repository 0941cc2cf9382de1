"""All that is held about one person, in a pack that they can read: what is in it, and how events are sorted into it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from engine.events import EVENT, Event, InstanceStarted, TaskAttached, TaskCommented
from engine.model import Model
from engine.people import Directory
from engine.records import Recorded
from engine.register.fact import RegisterFact
from reports.masking import Mask
from reports.register_story import tell
from reports.sentences import Sentences

Section = Literal["register", "about", "answers", "words", "asked", "named", "did"]

#: What each section is called, and what is in it, in the order of the pack.
SECTIONS: dict[Section, tuple[str, str]] = {
    "register": (
        "What was entered about you",
        "Your entry in the directory and how it came about, with cover, absences, interests, keys and preferences.",
    ),
    "about": ("Processes about you", "Everything that was recorded in processes that are about you."),
    "answers": ("Your answers", "What you filled in, or somebody who covered for you."),
    "words": ("Your comments", "What you wrote to others, and what you attached."),
    "asked": ("What you were asked and told", "Tasks that came to you or went from you, and who was told."),
    "named": ("Where others name you", "Answers, comments and reasons of others in which you are named."),
    "did": ("What else you did", "Other things that are recorded as done by you."),
}
#: Fields in which people say something, as against those that say who is asked.
_SAID = (
    "values",
    "text",
    "reason",
    "reported",
    "data",
    "inputs",
    "label",
    "link",
    "subject",
    "body",
    "result",
)


class Line(Model):
    """One thing that is recorded."""

    section: Section
    at: datetime
    cycle: str
    """The id of the cycle or its part; `register` for the register."""
    kind: str
    text: str
    """A sentence."""
    answers: dict[str, JsonValue] = {}
    """What was filled in with it."""
    details: dict[str, JsonValue]
    """All that is stored of it."""


class Table(Model):
    """What is kept beside the log."""

    title: str
    why: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Pack(Model):
    """All that is held about one person, without the names of others."""

    trust: str
    person: str
    name: str
    made_at: datetime
    known_as: tuple[str, ...]
    """What was looked for: the names, addresses and the id."""
    entry: dict[str, JsonValue]
    """The entry in the directory as it is now."""
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    events: int
    """How many events of the log were looked through."""

    def of(self, section: Section) -> tuple[Line, ...]:
        """The lines of one section, oldest first."""
        return tuple(line for line in self.lines if line.section == section)

    @property
    def sections(self) -> tuple[tuple[str, str, tuple[Line, ...]], ...]:
        """Every section with its title, what it is, and its lines."""
        return tuple((title, why, self.of(name)) for name, (title, why) in SECTIONS.items())


class Sorter:
    """Hears the whole log in order, and makes lines of what is about the person."""

    def __init__(self, person: str, known_as: Collection[str], mask: Mask, directory: Directory) -> None:
        self._person = person
        self._signs = tuple(each.casefold() for each in (person, *known_as))
        self._mask = mask
        self._directory = mask.directory(directory)
        self._sentences = Sentences(self._directory)
        self._about: set[str] = set()

    def lines(self, events: Sequence[Recorded]) -> Iterator[Line]:
        """The lines of the next events."""
        for record in events:
            event = record.event
            self._sentences.hear(event)
            if isinstance(event, InstanceStarted) and (
                event.person == self._person or event.root in self._about
            ):
                self._about.add(record.stream)
            plain = EVENT.dump_python(event, mode="json", by_alias=True)
            section = self._section(record, plain)
            if section:
                yield self._line(record, section, plain)

    def _section(self, record: Recorded, plain: dict[str, JsonValue]) -> Section | None:
        event, person = record.event, self._person
        named = self._names(plain)
        if isinstance(event, RegisterFact):
            return "register" if named and self._concerns(plain) else "did" if event.by == person else None
        if record.stream in self._about:
            return "about"
        if person in {event.by, getattr(event, "for_", None)}:
            if isinstance(event, TaskCommented | TaskAttached):
                return "words"
            return "answers" if plain.get("values") else "did"
        if not named:
            return None
        said = any(self._names(plain.get(field)) for field in _SAID)
        return "named" if said else "asked"

    def _concerns(self, plain: dict[str, JsonValue]) -> bool:
        """Whether it is said of them, and not only by them."""
        return self._names({name: value for name, value in plain.items() if name != "by"})

    def _names(self, value: JsonValue) -> bool:
        match value:
            case str():
                lower = value.casefold()
                return any(sign in lower for sign in self._signs)
            case list():
                return any(self._names(each) for each in value)
            case dict():
                return any(self._names(key) or self._names(each) for key, each in value.items())
            case _:
                return False

    def _line(self, record: Recorded, section: Section, plain: dict[str, JsonValue]) -> Line:
        answers = plain.get("values")
        given = answers if isinstance(answers, dict) else {}
        if section == "named":  # Others' answers are theirs, but for what names the person.
            given = {name: value for name, value in given.items() if self._names(value)}
            plain = {**plain, **({"values": given} if answers is not None else {})}
        masked = self._mask.value(dict(given))
        details = self._mask.value(plain)
        return Line(
            section=section,
            at=record.event.at,
            cycle=record.stream,
            kind=record.event.kind,
            text=self._mask.text(self._said(record.event, record.stream)),
            answers=masked if isinstance(masked, dict) else {},
            details=details if isinstance(details, dict) else {},
        )

    def _said(self, event: Event, stream: str) -> str:
        if isinstance(event, RegisterFact):
            return tell(event, self._directory)
        said = self._sentences.say(event)
        return said or f"{event.kind.replace('-', ' ')} in {stream}"
