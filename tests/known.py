"""Whom a courier of the tests knows, and the time it thinks it is."""

from collections.abc import Mapping
from datetime import datetime

from engine.calendar import Calendar
from engine.people import Directory
from engine.wishes import Wishes
from tests import worlds
from workers.addressees import Addressees, Known


def known(
    people: Directory | None = None,
    wishes: Mapping[str, Wishes] | None = None,
    calendar: Calendar | None = None,
    version: int = 0,
) -> Known:
    """Everybody of the test trust, with nothing chosen unless said."""
    value = Addressees(people or worlds.directory(), calendar or worlds.calendar(), wishes or {}, version)

    async def addressees() -> Addressees:
        return value

    return addressees


def at_ten() -> datetime:
    """A school day, in the morning."""
    return worlds.NOW
