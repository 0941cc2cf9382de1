"""List the cycles that run, the latest first.

Example: termwise cycles --state all
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.text import Text

from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Then
from cli.output import facts, show, write_json
from cli.setup import open_desk
from cli.wording import Words
from storage.views import CycleRow

app = App(name="cycles")
_COUNTS = ("open", "done", "overdue", "deferred", "skipped", "lapsed")


@app.default
async def cycles(
    *,
    state: Annotated[
        Literal["running", "ended", "cancelled", "all"], Parameter(help="Which; running unless said.")
    ] = "running",
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk(options.as_) as today:
        desk = await looking_back(today, then)
        rows = await desk.records.queries.cycles(None if state == "all" else state)
    whole = [row for row in rows if row.root == row.id]
    if options.json:
        write_json(days(then) | {"cycles": [_with_parts(row, rows) for row in whole]})
        return
    tell_day(then)
    if not whole:
        was = "was" if then != NOW else "is"
        show(f"No cycle {was} {state}." if state != "all" else "There are no cycles yet.")
        return
    words = Words.of(desk.trust)
    for row in (_with_parts(row, rows) for row in whole):
        show(Text(row.name, "bold"), facts({"cycle": row.id, "state": _state(row, words)}))


def _state(row: CycleRow, words: Words) -> str:
    since = f"{row.outcome or row.state} since {words.day(row.ended_at or row.started_at)}"
    others = {
        "late": row.overdue,
        "deferred": row.deferred,
        "skipped": row.skipped,
        "not answered": row.lapsed,
    }
    said = "".join(f", {count} {what}" for what, count in others.items() if count)
    total = row.done + row.open + row.deferred + row.skipped + row.lapsed
    return f"{since}; {row.done} of {total} tasks done{said}"


def _with_parts(row: CycleRow, rows: Iterable[CycleRow]) -> CycleRow:
    """A cycle with the tasks of its child instances counted as its own."""
    parts = [each for each in rows if each.root == row.id]
    counts = {name: sum(getattr(each, name) for each in parts) for name in _COUNTS}
    return row.model_copy(update=counts)
