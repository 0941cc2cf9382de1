"""What the register said on an earlier day: a correction does not change what was known before it."""

from collections.abc import Iterable
from datetime import date

from engine.events import Event
from engine.register.deciding import replay
from engine.register.fact import RegisterFact
from engine.register.register import Register
from engine.timezone import local_date


def known_on(log: Iterable[Event | RegisterFact], on: date) -> Register:
    """The register as it was at the end of that day. `log` is all of its stream, in order."""
    return replay(event for event in log if local_date(event.at) <= on)
