"""Whether a file of the log is whole, in order, and what its hashes were made of; every problem is one sentence."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from json import loads

from engine.events import EVENT_KINDS
from storage.exchange.lines import LineError
from storage.exchange.stored import Manifest, StoredDocument, StoredEvent
from storage.streams import StreamFacts

_FORMAT = 1
_SHOWN = 60


class Checker:
    """Takes line after line. Every method raises LineError for what must not be imported."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        """Every stream so far, with its version."""
        self.documents = 0
        self._manifest: Manifest | None = None
        self._last: StoredEvent | None = None

    @property
    def events(self) -> int:
        """How many so far."""
        return self._last.position if self._last else 0

    def begin(self, line: object) -> None:
        """The first line."""
        if not isinstance(line, Manifest):
            raise LineError(
                "a whole export begins with its manifest, and this is none; was its beginning cut off?"
            )
        if line.format != _FORMAT:
            raise LineError(
                f"its format is {line.format}, this termwise reads {_FORMAT}; use the newer version"
            )
        if not line.whole:
            raise LineError(
                "it is a part of a log; only the whole can be imported: export without any choice"
            )
        self._manifest = line

    def document(self, document: StoredDocument) -> None:
        """A document is named by its content, or proved otherwise."""
        if document.proof is None and sha256(document.body.encode()).hexdigest() != document.digest:
            raise LineError(
                f"the {document.kind} {document.digest[:12]} is not what it is named by: it was altered"
            )
        self.documents += 1

    def event(self, event: StoredEvent) -> bool:
        """The next event of the log; whether it is the first of its stream."""
        for problem in (*self._place(event), *_itself(event)):
            raise LineError(problem)
        new = event.stream not in self.versions
        self.versions[event.stream] = event.version
        self._last = event
        return new

    def end(self) -> None:
        """Nothing comes any more."""
        if self._manifest is None:
            raise LineError("the file is empty; export again")
        if self._last and self._last.nth != self._last.of:
            raise LineError(
                f"the command of {self._last.name} has {self._last.of} events, and the file ends before"
            )
        for what, said, found in (
            ("events", self._manifest.events, self.events),
            ("documents", self._manifest.documents, self.documents),
        ):
            if said != found:
                raise LineError(f"the file ends with {found} of {said} {what}: it was cut off; copy it again")

    def _place(self, event: StoredEvent) -> Iterator[str]:
        if event.position != self.events + 1:
            yield f"position {event.position} follows position {self.events}: events are missing, or in another order"
        before = self.versions.get(event.stream, 0)
        if event.version != before + 1:
            yield f"{_short(event.name)} follows version {before} of its stream: events are missing"
        last = self._last
        begins = last is None or last.nth == last.of
        goes_on = last is not None and (event.stream, event.command, event.of, event.nth - 1) == (
            last.stream, last.command, last.of, last.nth,
        )  # fmt: skip
        if not (event.nth == 1 <= event.of if begins else goes_on):
            yield f"{_short(event.name)} tears the events of a command apart"


def _itself(event: StoredEvent) -> Iterator[str]:
    if event.kind not in EVENT_KINDS:
        yield f"this termwise knows no event {event.kind!r}; use the version that wrote it, or a newer one"
    if event.hash != event.hashed():
        yield f"{_short(event.name)} is not what its hash was made of: it was altered, or a program wrote it anew"
    said = loads(event.data)
    if not isinstance(said, dict) or (said.get("kind"), said.get("by")) != (event.kind, event.actor):
        yield f"{_short(event.name)} says another kind or person inside than outside"
    elif datetime.fromisoformat(str(said.get("at"))) != event.occurred_at:
        yield f"{_short(event.name)} says another time inside than outside"


def facts_of(event: StoredEvent) -> StreamFacts:
    """What the first event of a stream says about it."""
    said = loads(event.data) if event.kind == "instance-started" else {}
    return StreamFacts(
        root=said.get("root", event.stream), process=said.get("process", ""), title=said.get("title", ""),
        cycle=said.get("name", ""), definition=said.get("definition", ""),
    )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"...{name[-_SHOWN:]}"
