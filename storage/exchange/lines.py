"""Reads a line of a file of the log back to what it was made of, to the byte."""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from pydantic import JsonValue, ValidationError

from engine.cloud_events import TYPES
from storage.exchange.stored import Line, Manifest, StoredDocument, StoredEvent
from storage.exchange.writing import DOCUMENT, EVENT, MANIFEST, SCHEMA

_SPACE = re.compile(r"[ \t\r\n]*")


class LineError(ValueError):
    """What is wrong with a line, without its number."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a JSON object: its value, and the text that it was written as."""

    value: JsonValue
    raw: str


def read_line(line: bytes) -> Line:
    """What the line holds. Raises LineError."""
    try:
        members = members_of(line.decode())
    except UnicodeDecodeError as error:
        raise LineError(f"it is not UTF-8 from byte {error.start + 1} on") from error
    kind = _text(members, "type").removeprefix(TYPES)
    try:
        if kind == MANIFEST:
            return Manifest.model_validate_json(_member(members, "data").raw)
        if kind == DOCUMENT:
            return _document(members)
        if kind.startswith(EVENT):
            return _event(members, kind.removeprefix(EVENT))
    except (ValidationError, Base64Error, ValueError) as error:
        if isinstance(error, LineError):
            raise
        raise LineError(
            "it is no line of an export of termwise: one of its members has another form"
        ) from error
    raise LineError(f"its type {kind!r} is none that termwise exports")


def members_of(text: str) -> Mapping[str, Member]:
    """The members of the one JSON object in a text, with their texts. Raises LineError."""
    try:
        return _members(text)
    except (json.JSONDecodeError, RecursionError, IndexError) as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise LineError(
            f"it is not a JSON object{where}; was the file cut off, or changed by a program?"
        ) from error


def _members(text: str) -> Mapping[str, Member]:
    found: dict[str, Member] = {}
    at = _after(text, _skip(text, 0), "{")
    while True:
        name, at = _DECODER.raw_decode(text, _skip(text, at))
        at = _skip(text, _after(text, _skip(text, at), ":"))
        value, end = _DECODER.raw_decode(text, at)
        if not isinstance(name, str) or name in found:
            raise json.JSONDecodeError("a member twice, or without a name", text, at)
        found[name] = Member(value, text[at:end])
        at = _skip(text, end)
        if text[at] != ",":
            if _skip(text, _after(text, at, "}")) != len(text):
                raise json.JSONDecodeError("more behind the object", text, at)
            return found
        at += 1


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _after(text: str, at: int, sign: str) -> int:
    if text[at] != sign:
        raise json.JSONDecodeError(f"no {sign}", text, at)
    return at + 1


def _no_number(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no JSON", name, 0)


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _document(members: Mapping[str, Member]) -> StoredDocument:
    return StoredDocument(
        digest=_text(members, "digest"),
        kind=_text(members, "subject"),
        body=_text(members, "data"),
        put_at=_moment(members, "time"),
        proof=b64decode(_text(members, "proof"), validate=True) if "proof" in members else None,
    )


def _event(members: Mapping[str, Member], kind: str) -> StoredEvent:
    schema = _text(members, "dataschema")
    if not schema.startswith(f"{SCHEMA}{kind}:"):
        raise LineError(f"its dataschema {schema!r} is not one of {kind!r}")
    stream, version = _text(members, "id").rpartition("@")[::2]
    return StoredEvent(
        position=int(_text(members, "sequence")),
        stream=stream,
        version=int(version),
        kind=kind,
        schema_v=int(schema.rpartition(":")[2]),
        command=UUID(_text(members, "causationid")),
        nth=_number(members, "commandnth"),
        of=_number(members, "commandof"),
        occurred_at=_moment(members, "time"),
        actor=_text(members, "actor"),
        recorded_at=_moment(members, "recordedtime"),
        root=_text(members, "correlationid"),
        data=_data(members),
        hash=bytes.fromhex(_text(members, "hash")),
    )


def _data(members: Mapping[str, Member]) -> str:
    if "data_base64" in members:
        return b64decode(_text(members, "data_base64"), validate=True).decode()
    return _member(members, "data").raw


def _member(members: Mapping[str, Member], name: str) -> Member:
    if name not in members:
        raise LineError(f"it has no {name!r}")
    return members[name]


def _text(members: Mapping[str, Member], name: str) -> str:
    value = _member(members, name).value
    if not isinstance(value, str):
        raise LineError(f"its {name!r} is not a text")
    return value


def _number(members: Mapping[str, Member], name: str) -> int:
    value = _member(members, name).value
    if not isinstance(value, int) or isinstance(value, bool):
        raise LineError(f"its {name!r} is not a whole number")
    return value


def _moment(members: Mapping[str, Member], name: str) -> datetime:
    at = datetime.fromisoformat(_text(members, name))
    if at.tzinfo is None:
        raise LineError(f"its {name!r} has no zone")
    return at
