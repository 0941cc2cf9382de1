"""The story of the register: what was said of people, schools, calendars, cover, keys and places, and by whom."""

from itertools import groupby

from rich.padding import Padding
from rich.text import Text

from cli.looking_back import days, looking_back, tell_day
from cli.options import Then
from cli.output import show, write_json
from cli.register_book import read_book
from cli.setup import open_desk
from engine.dates import say_day
from engine.errors import NotAllowedError
from engine.register.authority import is_administrator
from engine.register.fact import REGISTER, RegisterFact
from engine.timezone import local_date
from reports.register_story import tell


async def tell_register(reader: str | None, then: Then, *, json: bool) -> None:
    """Write all of it, oldest first. In somebody's name only for an administrator: there are absences in it."""
    async with open_desk(reader) as desk:
        book = await read_book(desk)
        now = desk.now
        moment = (await looking_back(desk, then)).records.moment
    directory = book.register.directory
    if reader and not is_administrator(book.register, directory.by_name_or_id(reader).id, now):
        raise NotAllowedError(
            "the history of the register is for administrators of the trust; "
            "`termwise people history PERSON` tells of one person"
        )
    facts_then = [each for each in book.log if moment is None or moment.has(each)]
    told = [each.event for each in facts_then if isinstance(each.event, RegisterFact)]
    if json:
        # Sentences only: what an interest is, for one, is in the fact and in no sentence.
        said = [
            {"at": each.at, "by": each.by, "kind": getattr(each, "kind", ""), "text": tell(each, directory)}
            for each in told
        ]
        write_json(days(then) | {"instance": REGISTER, "history": said})
        return
    tell_day(then)
    for day, facts in groupby(told, lambda each: local_date(each.at)):
        show(Text(f"\n{say_day(day)}", "bold"))
        for fact in facts:
            text = tell(fact, directory)
            show(Padding(Text(f"{text[:1].upper()}{text[1:]}."), (0, 0, 0, 2)))
