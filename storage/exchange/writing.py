"""Lines of a file of the log: CloudEvents 1.0, one JSON document a line, the stored text of each event untouched."""

import json
from base64 import b64encode
from datetime import UTC, datetime

from pydantic import JsonValue

from engine.cloud_events import SOURCE, envelope
from storage.exchange.stored import Manifest, StoredDocument, StoredEvent

#: Behind `uk.termwise.`: what kind of line it is.
MANIFEST, DOCUMENT, EVENT = "export", "document", "event."
SCHEMA = "urn:termwise:event:"
TEXT = "text/plain; charset=utf-8"
#: Of positions as text: so many digits that they sort as they count.
_DIGITS = 16


def manifest_line(manifest: Manifest, source: str = SOURCE) -> str:
    """The first line."""
    return _line(envelope("export", MANIFEST, "log", source=source), manifest.model_dump_json())


def document_line(document: StoredDocument, source: str = SOURCE) -> str:
    """A document, as the text that it is."""
    more: dict[str, JsonValue] = {
        "datacontenttype": TEXT,
        "time": _time(document.put_at),
        "digest": document.digest,
        **({"proof": b64encode(document.proof).decode()} if document.proof else {}),
    }
    around = envelope(f"document:{document.digest}", DOCUMENT, document.kind, more, source=source)
    return _line(around, json.dumps(document.body, ensure_ascii=False))


def event_line(event: StoredEvent, source: str = SOURCE) -> str:
    """An event. Its data are the stored text byte by byte, or that text in base64 where it has lines of its own."""
    more: dict[str, JsonValue] = {
        "dataschema": f"{SCHEMA}{event.kind}:{event.schema_v}",
        "time": _time(event.occurred_at),
        "recordedtime": _time(event.recorded_at),
        "sequence": f"{event.position:0{_DIGITS}}",
        "partitionkey": event.stream,
        "correlationid": event.root,
        "causationid": str(event.command),
        "actor": event.actor,
        "commandnth": event.nth,
        "commandof": event.of,
        **({"hash": event.hash.hex()} if event.hash else {}),
    }
    around = envelope(event.name, f"{EVENT}{event.kind}", event.stream, more, source=source)
    if "\n" in event.data or "\r" in event.data:
        return _line(around, json.dumps(b64encode(event.data.encode()).decode()), "data_base64")
    return _line(around, event.data)


def _line(around: dict[str, JsonValue], data: str, name: str = "data") -> str:
    text = json.dumps(around, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"{name}":{data}}}\n'


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
