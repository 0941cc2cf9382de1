"""The story of the register in sentences, with those of every subject. A new module of sentences is a line here."""

from reports import (
    calendar_sentences,
    cover_sentences,
    key_sentences,
    place_sentences,
    preference_sentences,
    record_sentences,
    register_sentences,
)
from reports.register_sentences import say, tell

__all__ = ["SUBJECTS", "say", "tell"]

SUBJECTS = (
    register_sentences,
    calendar_sentences,
    cover_sentences,
    key_sentences,
    place_sentences,
    preference_sentences,
    record_sentences,
)
"""All modules with sentences: whoever imports `say` or `tell` from here has them all."""
