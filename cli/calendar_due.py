"""`termwise calendar due`: what a deadline phrase gives, and why."""

from datetime import date
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.calendar_change import SchoolOf
from cli.options import PLAIN, Options, Pairs, pairs
from cli.output import facts, show, write_json
from cli.setup import open_desk
from cli.wording import Words
from engine.deadlines import Roll, parse_rule, resolve, roll_of


async def due(  # noqa: PLR0913 - a phrase, and all that bends it
    phrase: Annotated[str, Parameter(help='Such as "5 school days before the last day of summer 1".')],
    /,
    *,
    school: SchoolOf = None,
    values: Pairs = (),
    opened: Annotated[
        date | None, Parameter(help="The day from which it is asked; today unless said.")
    ] = None,
    roll: Annotated[
        Literal["previous school day", "next school day", "fixed"] | None,
        Parameter(help="Where it goes from a day without school."),
    ] = None,
    status: Annotated[
        Literal["statutory", "local", "custom"], Parameter(help="What kind of deadline it is.")
    ] = "custom",
    options: Options = PLAIN,
) -> None:
    """Resolve a deadline phrase as a task would, and say why it is that day.

    Example: termwise calendar due "5 school days before session" --set session=2027-05-26 --school glenfield
    """
    rule = parse_rule(phrase)
    async with open_desk() as desk:
        if school:
            desk.trust.directory.school(school)
        today = opened or desk.now.date()
        anchors: dict[str, date | str] = {"opened": today, "start": today, **pairs(values)}
        how = roll_of(status, Roll(roll) if roll else None)
        found = resolve(rule, anchors, desk.trust.calendar, school, roll=how, status=status)
        words = Words.of(desk.trust)
    if options.json:
        write_json({**found.model_dump(mode="json"), "roll": str(how)})
    else:
        show(facts({"due": words.moment(found.at), "because": found.why, "status": status, "roll": str(how)}))
