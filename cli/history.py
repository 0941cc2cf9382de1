"""Tell the story of a cycle: who did what, when and why, with every round that work went through.

Where many people were asked the same at once, one sentence tells it; --full tells everything. `termwise history
register` tells what was said of people, schools, calendars, cover, keys and places; it is for administrators.

Example: termwise history moderation:2026-27:summer-1:writing --full
"""

from itertools import groupby
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from cli.exit_codes import ExitCode
from cli.finding import find_cycle
from cli.history_check import check_story, exit_of, tell_checked
from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Flag, Then, UsageError
from cli.output import show, write_json
from cli.register_history import tell_register
from cli.setup import open_desk
from cli.wording import Words, counted
from engine.register.fact import REGISTER
from reports.story import Sentence, story
from workers.reporting import read_cycle

app = App(name="history")


@app.default
async def history(
    cycle: Annotated[str, Parameter(help="Its id, or the beginning of it; or `register`.")],
    /,
    *,
    full: Annotated[Flag, Parameter(help="Leave out nothing.")] = False,
    then: Then = NOW,
    verify: Annotated[
        Flag, Parameter(help="Check that nothing in it was altered since it was sealed.")
    ] = False,
    options: ActingOptions = UNSAID,
) -> int:
    if cycle == REGISTER:
        if verify:
            raise UsageError("the register is checked with all the rest: `termwise records verify`")
        await tell_register(options.as_, then, json=bool(options.json))
        return ExitCode.OK
    async with open_desk(options.as_) as desk:
        past = await looking_back(desk, then)
        seen = await read_cycle(past.records, await find_cycle(desk.records, cycle))
        streams = [seen.root.instance, *(part.instance for part in seen.parts)]
        checked = await check_story(desk.settings, desk.records, streams) if verify else None
    sentences = list(story(seen.log, seen.world.directory, full=full))
    if options.json:
        said = {"instance": seen.root.instance, "hidden": seen.hidden, "history": sentences}
        write_json(days(then) | said | ({"verified": checked} if checked else {}))
        return exit_of(checked)
    words = Words(seen.world.directory, desk.trust.calendar)
    tell_day(then)
    show(Text(seen.root.started.name, "bold"))
    if seen.hidden:
        show(Text(f"Not for you to see: {counted(seen.hidden, 'more event')}.", "dim"))
    for day, told in groupby(sentences, lambda each: words.day(each.at)):
        show(Text(f"\n{day}", "bold"), _lines(list(told), words))
    if checked:
        tell_checked(checked)
    return exit_of(checked)


def _lines(told: list[Sentence], words: Words) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=7, justify="right")
    grid.add_column()
    for each in told:
        grid.add_row(Text(f"{words.local(each.at):%H:%M}", "dim"), Text(each.text))
    return grid
