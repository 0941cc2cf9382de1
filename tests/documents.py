"""Documents, put where the engine looks for them."""

from engine import library
from engine.calendar import Calendar
from engine.people import Directory


def kept(document: Calendar | Directory) -> str:
    """The digest of a calendar or a directory that can be looked up from now on."""
    text = library.text(document)
    digest = library.digest(text)
    library.put("calendar" if isinstance(document, Calendar) else "directory", digest, text)
    return digest
