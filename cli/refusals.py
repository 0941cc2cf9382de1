"""What was refused, to whom and why; for administrators of the trust. Nobody can change it.

Forged, stale and foreign signatures are here too. Who a command says it is from is only proved by a good signature.

Example: termwise refusals --since 2027-04-19 --as "Hannah Lister"
"""

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.table import Table

from cli.options import UNSAID, ActingOptions
from cli.output import show, table, write_json
from cli.setup import acting_person, open_desk
from cli.wording import Words
from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.authority import ADMINISTRATORS
from storage.refusals import PostgresRefusals, RefusalRow

app = App(name="refusals")


@app.default
async def refusals(
    *,
    person: Annotated[str | None, Parameter(help="Only what is said to be from this person.")] = None,
    instance: Annotated[str | None, Parameter(help="Only in this cycle and its parts.")] = None,
    since: Annotated[date | None, Parameter(help="Only from this day on.")] = None,
    limit: Annotated[int, Parameter(help="At most so many, the latest.", validator=Number(gte=1))] = 100,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk() as desk:
        people = desk.trust.directory
        _require_administrator(people, acting_person(people, options.as_).id, desk.now.date())
        whose = people.by_name_or_id(person).id if person else None
        zone = ZoneInfo(desk.trust.calendar.time_zone)
        begin = datetime.combine(since, time(), zone) if since else None
        found = await PostgresRefusals(desk.records.pool).read(whose, instance, begin, limit)
        words = Words.of(desk.trust)
    if options.json:
        write_json({"refusals": [{**each.model_dump(mode="json"), "why": each.why} for each in found]})
    else:
        show(_told(found, words) if found else "Nothing was refused.")


def _told(found: list[RefusalRow], words: Words) -> Table:
    made = table("When", "From", "What*", "Why*")
    for each in found:
        at = words.local(each.until)
        who = (
            "termwise"
            if each.person == TERMWISE
            else words.person(each.person)
            if each.person
            else "somebody"
        )
        what = " ".join(part for part in (each.kind, each.about, each.instance) if part)
        times = f" ({each.times} times)" if each.times > 1 else ""
        made.add_row(f"{at:%d %b %Y, %H:%M}", who, what, f"{each.why}{times}")
    return made


def _require_administrator(directory: Directory, person: str, today: date) -> None:
    posts = directory.person(person).posts
    if not any(
        post.role in ADMINISTRATORS and post.school is None and post.in_force(today) for post in posts
    ):
        raise NotAllowedError("what was refused is for administrators of the trust")
