"""Why a play stops: an entry that cannot be done, or something that is not as it must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from definitions.positions import Place
from engine.errors import TermwiseError


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected."""

    what: str
    expected: str
    found: str


class StopError(TermwiseError):
    """The play cannot go on from here. `place` is the part of the scenario file that says so."""

    def __init__(self, message: str, place: Place = (), differences: tuple[Difference, ...] = ()) -> None:
        self.message = message
        self.place = place
        self.differences = differences
        super().__init__(message)


@contextmanager
def at_place(*place: str | int) -> Iterator[None]:
    """Whatever goes wrong in here goes wrong at this part of the file."""
    try:
        yield
    except StopError as stop:
        raise StopError(stop.message, (*place, *stop.place), stop.differences) from stop
    except TermwiseError as error:
        raise StopError(str(error), place) from error
