"""What commands that look back begin with: the records and the trust as they were, and how the day is told."""

from dataclasses import replace
from datetime import date

from rich.text import Text

from cli.options import Then, UsageError
from cli.output import show
from cli.register_book import Book, read_book
from cli.setup import Desk
from definitions.trust import TrustFolder
from engine import library
from engine.dates import say_day
from engine.register.deciding import replay
from engine.register.fact import REGISTER, RegisterFact
from engine.timezone import end_of_day, local_date
from storage.as_known import Moment
from storage.errors import UnknownRecordError
from storage.reads import Selection
from workers.pinned import keep

_END = 2**62


async def looking_back(desk: Desk, then: Then) -> Desk:
    """The desk as it was; the same where no day is said. Raises UsageError for a day to come.

    The reader is who they are today. Raises UnknownRecordError for a day before the first record.
    """
    if then.known_on is None and then.as_of is None:
        return desk
    for option, day in (("--known-on", then.known_on), ("--as-of", then.as_of)):
        if day is not None:
            check_past(desk, option, day)
    position = _END if then.known_on is None else await position_on(desk, then.known_on)
    moment = Moment(position=position, occurred_until=end_of_day(then.as_of) if then.as_of else None)
    trust = desk.trust if then.known_on is None else await _trust_on(desk, position)
    return replace(desk, records=desk.records.as_known(moment, then.known_on), trust=trust)


def check_past(desk: Desk, option: str, day: date) -> None:
    """Raises UsageError for a day that is still to come."""
    if day > local_date(desk.now):
        raise UsageError(f"{option} {day}: {say_day(day)} is still to come; name a day that has begun")


async def position_on(desk: Desk, day: date) -> int:
    """The last position that was recorded on that day or before. Raises UnknownRecordError where there is none."""
    position = await desk.records.reads.position_at(end_of_day(day))
    if not position:
        first = await desk.records.reads.read(Selection(), limit=1)
        since = (
            f"the records begin on {say_day(local_date(first[0].recorded_at))}"
            if first
            else "there are none yet"
        )
        raise UnknownRecordError(f"nothing was recorded by {say_day(day)}; {since}")
    return position


async def book_as_known(desk: Desk, known_on: date | None) -> Book:
    """The register with its log, as it is or was known. Raises as `looking_back` does."""
    if known_on is None:
        return await read_book(desk)
    check_past(desk, "--known-on", known_on)
    return await book_on(desk, await position_on(desk, known_on))


async def book_on(desk: Desk, position: int) -> Book:
    """The register with its log, as they were."""
    log = await desk.records.reads.read(Selection(streams=(REGISTER,), until=position))
    return Book(replay(each.event for each in log if isinstance(each.event, RegisterFact)), log)


async def _trust_on(desk: Desk, position: int) -> TrustFolder:
    """The people, schools and dates as they were; today's where the register had nothing yet."""
    register = (await book_on(desk, position)).register
    if register.trust is None or register.calendar is None:
        return desk.trust
    await keep(desk.records, "calendar", register.calendar)
    return TrustFolder(register.directory, library.calendar(register.calendar))


def tell_day(then: Then) -> None:
    """Say before the answer what day it is of; nothing where none was asked for."""
    if said := in_words(then):
        show(Text(f"{said[:1].upper()}{said[1:]}, at the end of the day", "dim"))


def in_words(then: Then) -> str:
    """`as known on Wed 26 May 2027`."""
    parts = [f"as of {say_day(then.as_of)}"] if then.as_of else []
    parts += [f"as known on {say_day(then.known_on)}"] if then.known_on else []
    return ", ".join(parts)


def days(then: Then) -> dict[str, date]:
    """The days for JSON, where they were said."""
    said = {"known_on": then.known_on, "as_of": then.as_of}
    return {name: day for name, day in said.items() if day is not None}
