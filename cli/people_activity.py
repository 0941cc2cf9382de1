"""What a person did, was asked for, and what is kept about them, in all cycles."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.options import UNSAID, ActingOptions
from cli.output import show, table, write_json
from cli.setup import open_desk
from cli.since import midnight
from cli.wording import Words
from engine.errors import NotAllowedError
from storage.activity import Deed, of_person

_PARTS = {"did": "", "asked": "was asked", "for": "was done for them", "about": "is about them"}


async def activity(
    person: Annotated[str, Parameter(help="An id, a name or an e-mail address.")],
    /,
    *,
    since: Annotated[date | None, Parameter(help="Only from this day on.")] = None,
    limit: Annotated[int, Parameter(help="At most so many, the latest.", validator=Number(gte=1))] = 50,
    options: ActingOptions = UNSAID,
) -> None:
    """What somebody did and was asked for in all cycles, the latest first: for them and whoever leads them.

    Example: termwise people activity "Lucy Fenwick" --since 2027-04-19
    """
    async with open_desk(options.as_) as desk:
        who = desk.trust.directory.by_name_or_id(person)
        if not desk.records.reader.reads_work_of(who.id):
            raise NotAllowedError(f"what {who.name} did is for them to see, and for whoever leads them")
        found = await of_person(desk.records.pool, desk.records.queries, who.id, midnight(desk, since), limit)
        words = Words.of(desk.trust)
    if options.json:
        write_json({"person": who.id, "activity": found})
    elif not found:
        show(f"Nothing is known of {who.name}.")
    else:
        made = table("When", "What*", "Cycle*")
        for each in found:
            made.add_row(f"{words.local(each.at):%d %b %Y, %H:%M}", _what(each), each.cycle)
        show(made)


def _what(each: Deed) -> str:
    said = ": ".join(part for part in (each.kind.replace("-", " "), each.title) if part)
    part = _PARTS[each.part]
    return f"{said} ({part})" if part else said
