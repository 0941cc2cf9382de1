"""`termwise records retain`: whose time is over, by class of record, and disposing of it; `retention`: the periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from activities.keeping import refuse_unready
from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.output import show, table, write_json
from cli.register_book import read_book, rehearsed
from cli.setup import Desk, acting_person, open_desk, settings
from cli.standing_change import NOT_YET, DryRun, change, identified
from cli.wording import counted
from engine.dates import say_day
from engine.errors import NotAllowedError, UnknownNameError
from engine.register.authority import administers
from engine.register.records import MOST_DISPOSED, DisposeRecords, SetRetention, period_of
from engine.register.register import Register
from engine.retention import CUSTOM, MOST_YEARS, Counted, Period
from engine.timezone import local_date
from storage.keeping import ClosedCycle, PostgresKeeping
from workers.wiring import open_office

_MOST = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed cycle, and what the periods say of it."""

    closed: ClosedCycle
    until: date | None
    """None: for ever, or nobody has said."""
    held: bool
    over: bool

    @property
    def due(self) -> bool:
        """Whether it is to be disposed of now."""
        return self.over and not self.held


async def retain(
    *,
    dispose: Annotated[Flag, Parameter(help="Dispose of what is due; else it is only shown.")] = False,
    retention: Annotated[str | None, Parameter(name="--class", help="Only records of this class.")] = None,
    reason: Annotated[str | None, Parameter(help="With --dispose: on whose decision; it is kept.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Show which closed cycles have been kept long enough, by class of record; and dispose of them. For administrators.

    What is held is left out. What is disposed of is recorded with its class, its period and the reason.

    Example: termwise records retain --dispose --reason "Yearly review, agreed by the board" --as "Hannah Lister"
    """
    async with open_desk(options.as_) as desk:
        register = (await read_book(desk)).register
        plan = await _plan(desk, register)
        known = {*CUSTOM, *register.retention, *(each.closed.retention for each in plan)}
        if retention is not None and retention not in known:
            raise UnknownNameError("class of record", retention, known)
        plan = [each for each in plan if retention in {None, each.closed.retention}]
        due = [each.closed.disposed for each in plan if each.due][:MOST_DISPOSED]
        order: DisposeRecords | None = None
        if dispose:
            if not (reason or "").strip():
                raise UsageError("say on whose decision (--reason); it is kept with what was disposed of")
            by = acting_person(register.directory, options.as_).id
            order = DisposeRecords(id=NOT_YET, by=by, records=tuple(due), reason=reason)
            rehearsed(register, order, desk.now)
            await refuse_unready(PostgresKeeping(desk.records.pool, None), order, register)
    done = bool(order and due and not dry_run)
    if order and done:
        async with open_office(settings()) as office:
            await office.client.register(identified(order, register))
    if options.json:
        write_json({"disposed": done, "due": due, "plan": [_plain(each) for each in plan]})
    else:
        show(*_told(plan, register))
        show(Text(_ending(len(due), done=done), "bold"))


async def retention(  # noqa: PLR0913 - a class and its period
    class_: Annotated[
        str | None, Parameter(name="class", help="The class of record to set; else all are listed.")
    ] = None,
    /,
    *,
    years: Annotated[int | None, Parameter(help="How many years they are kept.")] = None,
    for_ever: Annotated[Flag, Parameter(help="They are never disposed of.")] = False,
    counted_: Annotated[
        Counted, Parameter(name="--from", help="From the end of the school year of closing, or from closing.")
    ] = "school-year",
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """List how long each class of record is kept, or set it for one. To set it is for administrators.

    Example: termwise records retention moderation-records --years 6 --reason "Our schedule" --as "Hannah Lister"
    """
    if class_ is None:
        await _list(json=options.json)
        return
    if (years is None) == (not for_ever):
        raise UsageError("say how long: --years and a number, or --for-ever")
    if years is not None and not 0 <= years <= MOST_YEARS:
        raise UsageError(f"--years is a number from 0 to {MOST_YEARS}; for longer, write --for-ever")

    def make(register: Register, acting: str) -> SetRetention:
        del register
        period = Period(years=years, counted=counted_)
        return SetRetention(id=NOT_YET, by=acting, retention=class_, period=period, reason=reason)

    await change(make, lambda _: (), options, dry_run=dry_run)


async def _list(*, json: bool) -> None:
    async with open_desk() as desk:
        register = (await read_book(desk)).register
    classes = {name: period_of(register, name) for name in sorted({*CUSTOM, *register.retention})}
    if json:
        write_json({"classes": [{"class": name, "period": each} for name, each in classes.items()]})
        return
    made = table("Class", "Kept*", "Said by")
    for name, period in classes.items():
        said = "the trust" if name in register.retention else "custom"
        made.add_row(name, period.in_words() if period else "", said)
    show(made)


async def _plan(desk: Desk, register: Register) -> list[Kept]:
    reader, today = desk.records.reader.person, local_date(desk.now)
    if reader is not None and not administers(desk.trust.directory, reader, today):
        raise NotAllowedError("what is kept how long is for administrators of the trust")
    keeping = PostgresKeeping(desk.records.pool, None)
    closed = [each for each in await keeping.closed() if each.cycle not in register.disposed]
    people = [hold.person for hold in register.holds.values() if hold.person]
    held = await keeping.touched([each.cycle for each in closed], people) if people else frozenset()
    held |= {hold.cycle for hold in register.holds.values() if hold.cycle}
    plan = []
    for each in closed:
        period = period_of(register, each.retention)
        until = period.kept_until(each.closed) if period else None
        over = until is not None and until < today
        plan.append(Kept(each, until, each.cycle in held, over))
    return plan


def _plain(kept: Kept) -> dict[str, object]:
    return {
        **kept.closed.model_dump(mode="json"),
        "kept_until": kept.until,
        "held": kept.held,
        "due": kept.due,
    }


def _told(plan: Sequence[Kept], register: Register) -> Iterator[RenderableType]:
    if not plan:
        yield Text("No closed cycle is kept.")
        return
    yield _classes(plan, register)
    due = [each for each in plan if each.due]
    if due:
        yield Text("\nDue for disposal", "bold")
    for each in due[:_MOST]:
        closed = each.closed
        why = f"closed {say_day(closed.closed)}, kept until {say_day(each.until) if each.until else ''}"
        yield Padding(Text(f"{closed.cycle} ({closed.retention}): {why}"), (0, 0, 0, 2))
    if len(due) > _MOST:
        yield Padding(Text(f"... and {len(due) - _MOST} more; --json has all"), (0, 0, 0, 2))


def _classes(plan: Sequence[Kept], register: Register) -> Table:
    made = table("Class", "Kept*", "Cycles", "Due", "Held", "Next")
    for name in sorted({each.closed.retention for each in plan}):
        these = [each for each in plan if each.closed.retention == name]
        period = period_of(register, name)
        coming = sorted(each.until for each in these if each.until and not each.over)
        made.add_row(
            name,
            period.in_words() if period else "nobody has said; `termwise records retention` sets it",
            str(len(these)),
            str(sum(each.due for each in these)),
            str(sum(each.held for each in these)),
            say_day(coming[0]) if coming else "",
        )
    return made


def _ending(due: int, *, done: bool) -> str:
    if done:
        return f"{counted(due, 'cycle')} disposed of. What they were, and why they went, stays on record."
    return "Nothing was changed." if due else "Nothing is due."
