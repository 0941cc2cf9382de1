"""Show how far each school is in each stage of a cycle.

With --watch it is drawn anew every second, until the cycle ends or Ctrl-C. With --known-on it shows what
everybody saw at the end of that day.

Example: termwise board moderation:2026-27:summer-1:writing --watch
"""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.live import Live

from cli.finding import find_cycle
from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Flag, Then, UsageError
from cli.output import show, write_json
from cli.setup import Desk, open_desk
from reports.board import render
from workers.reporting import read_board

app = App(name="board")


@app.default
async def board(
    cycle: Annotated[str, Parameter(help="Its id, or the beginning of it.")],
    /,
    *,
    watch: Annotated[Flag, Parameter(help="Keep it up to date.")] = False,
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    if watch and then != NOW:
        raise UsageError("what has passed does not change; leave out --watch")
    async with open_desk(options.as_) as desk:
        instance = await find_cycle(desk.records, cycle)
        if watch and not options.json:
            await _watch(desk, instance)
            return
        past = await looking_back(desk, then)
        seen = await read_board(past.records, past.trust.directory, instance, desk.now)
    if options.json:
        write_json(days(then) | seen.model_dump(mode="json"))
    else:
        tell_day(then)
        show(render(seen))


async def _watch(desk: Desk, instance: str) -> None:
    with Live(console=Console(highlight=False), auto_refresh=False) as live:
        while True:
            seen = await read_board(desk.records, desk.trust.directory, instance, desk.now)
            live.update(render(seen), refresh=True)
            if (await desk.records.queries.cycle(instance)).state != "running":
                return
            await asyncio.sleep(1)
