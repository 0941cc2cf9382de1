"""Documents by content digest: definitions, calendars and directories that instances have pinned.

A process-wide cache. What a digest stands for can never change, so reading it is as pure as reading a
constant; whoever receives a digest from outside (the payload codec) makes sure its document is here first.
"""

from collections.abc import Mapping
from typing import Literal

from engine.calendar import Calendar
from engine.definition.compiler import compile_definition, digest
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.errors import TermwiseError
from engine.people import Directory
from engine.world import World

Kind = Literal["definition", "calendar", "directory"]
Document = Program | Calendar | Directory


class MissingDocumentError(TermwiseError):
    """A digest whose document was never put here."""


class TamperedDocumentError(TermwiseError):
    """A text that is not what its digest says."""


_documents: dict[str, Document] = {}


def known(name: str) -> bool:
    """Whether the document is here."""
    return name in _documents


def put(kind: Kind, name: str, text: str) -> Document:
    """Read a document's text and keep it under its digest. Raises TamperedDocumentError when they differ.

    Of a directory in which people were erased the text can never be had again: whoever stored it has proved it.
    """
    if name not in _documents:
        same = digest(text) == name
        document = _read(kind, text) if same or kind == "directory" else None
        if document is None or not (same or (isinstance(document, Directory) and document.erased)):
            raise TamperedDocumentError(
                f"the {kind} {name[:12]} is not what its digest says; run `termwise records verify`"
            )
        _documents[name] = document
    return _documents[name]


def text(document: Calendar | Directory) -> str:
    """The document's content as text. What is left at its default is not in it, so a new field changes no digest."""
    return document.model_dump_json(exclude_defaults=True)


def world(
    definition: str, calendar: str, directory: str, processes: Mapping[str, str] | None = None
) -> World:
    """The world these digests stand for, with the processes it may run. Raises MissingDocumentError."""
    program, days, people = (_get(name) for name in (definition, calendar, directory))
    others = {key: _get(name) for key, name in (processes or {}).items()}
    programs = {key: each for key, each in others.items() if isinstance(each, Program)}
    if not (
        isinstance(program, Program) and isinstance(days, Calendar) and isinstance(people, Directory)
    ) or len(programs) < len(others):
        raise MissingDocumentError("a digest stands for a document of another kind")
    return World(program, days, people, programs)


def directory(name: str) -> Directory:
    """The directory of this digest. Raises MissingDocumentError."""
    found = _get(name)
    if not isinstance(found, Directory):
        raise MissingDocumentError(f"the document {name[:12]} is no directory")
    return found


def calendar(name: str) -> Calendar:
    """The calendar of this digest. Raises MissingDocumentError."""
    found = _get(name)
    if not isinstance(found, Calendar):
        raise MissingDocumentError(f"the document {name[:12]} is no calendar")
    return found


def _get(name: str) -> Document:
    if name not in _documents:
        raise MissingDocumentError(f"the document {name[:12]} is not loaded")
    return _documents[name]


def _read(kind: Kind, text: str) -> Document:
    match kind:
        case "definition":
            return compile_definition(Definition.model_validate_json(text), stored=True)
        case "calendar":
            return Calendar.model_validate_json(text)
        case "directory":
            return Directory.model_validate_json(text)
