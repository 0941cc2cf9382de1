"""What a file says, put together with what is known."""

from datetime import date

from engine.people import Directory
from engine.register.merging import Incoming, Merged, Merging
from tests import worlds

TODAY = date(2026, 11, 24)
TREES = worlds.directory()


def merged(incoming: Incoming, known: Directory = TREES, **more: object) -> Merged:
    return Merging(known, TODAY, **more).merge(incoming)  # type: ignore[arg-type]
