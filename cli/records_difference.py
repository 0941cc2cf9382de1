"""`termwise records difference`: what was decided, corrected and put off between two days."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.padding import Padding
from rich.text import Text

from cli.finding import find_cycle
from cli.looking_back import check_past
from cli.options import UNSAID, ActingOptions, UsageError
from cli.output import show, write_json
from cli.register_book import read_book
from cli.setup import Desk, open_desk
from cli.wording import Words, counted
from engine.dates import say_day
from engine.definition.model import TaskStep
from engine.definition.values import Given, Rows
from engine.errors import NotAllowedError, UnknownNameError
from engine.register.authority import is_administrator
from engine.register.fact import REGISTER, RegisterFact
from engine.timezone import end_of_day, local_date
from reports.cycle import Cycle
from reports.difference import Correction, Difference, Told, difference
from reports.register_story import tell
from storage.as_known import Moment
from storage.errors import UnknownRecordError
from storage.reads import Selection
from workers.reporting import read_cycle


def register(app: App) -> None:
    """Add the command to `termwise records`."""
    app.command(tell_difference, name="difference")


async def tell_difference(
    cycle: Annotated[
        str | None, Parameter(help="A cycle, or `register`; all that you may see unless said.")
    ] = None,
    /,
    *,
    from_: Annotated[date, Parameter(name="--from", help="As known at the end of this day.")],
    to: Annotated[date | None, Parameter(help="And at the end of this one; today unless said.")] = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Say what was recorded between two days: decided, sent back, put off, and which answers were corrected.

    Of a corrected answer it shows where it stood on the first day and where on the second.

    Example: termwise records difference moderation:2026-27:summer-1:writing --from 2027-05-14 --to 2027-06-01
    """
    async with open_desk(options.as_) as desk:
        last = to or local_date(desk.now)
        check_past(desk, "--to", last)
        if from_ >= last:
            raise UsageError(f"--from {from_} is not before --to {last}; name an earlier day")
        since, until = [await desk.records.reads.position_at(end_of_day(day)) for day in (from_, last)]
        cycles = [each async for each in _cycles(desk, cycle, since, until, last)]
        told = await _register(desk, options.as_, cycle, since, until)
    found = [(each, difference(each, since)) for each in cycles]
    if options.json:
        write_json({"from": from_, "to": last, "cycles": [each for _, each in found], "register": list(told)})
        return
    show(Text(f"Recorded after {say_day(from_)}, up to the end of {say_day(last)}", "dim"))
    for seen, each in found:
        _show(seen, each, Words(seen.world.directory, desk.trust.calendar))
    if told:
        show(Text("\nThe register", "bold"), *_lines(told, Words.of(desk.trust)))
    if not found and not told:
        show("Nothing was.")


async def _cycles(desk: Desk, typed: str | None, since: int, until: int, last: date) -> AsyncIterator[Cycle]:
    """The cycle that is meant, or each that moved and may be seen; as known on the last day."""
    if typed == REGISTER:
        return
    then = desk.records.as_known(Moment(position=until), last)
    if typed is not None:
        yield await read_cycle(then, await find_cycle(desk.records, typed))
        return
    for root in await desk.records.reads.moved(since, until):
        try:
            yield await read_cycle(then, root)
        except (UnknownNameError, UnknownRecordError):
            continue  # Not for this reader to see, not even that it is.


async def _register(
    desk: Desk, reader: str | None, typed: str | None, since: int, until: int
) -> Sequence[Told]:
    """What was said of people and schools, for administrators: there are absences in it."""
    if typed not in {None, REGISTER}:
        return ()
    known = (await read_book(desk)).register
    directory = known.directory
    if reader and not is_administrator(known, directory.by_name_or_id(reader).id, desk.now):
        if typed == REGISTER:
            raise NotAllowedError("what was said of people and schools is for administrators of the trust")
        return ()
    log = await desk.records.reads.read(Selection(streams=(REGISTER,), after=since, until=until))
    facts = [each.event for each in log if isinstance(each.event, RegisterFact)]
    return [
        Told(at=each.at, kind=getattr(each, "kind", ""), text=f"{text[:1].upper()}{text[1:]}")
        for each in facts
        if (text := tell(each, directory))
    ]


def _show(cycle: Cycle, found: Difference, words: Words) -> None:
    show(Text(f"\n{found.name}", "bold"), Text(found.instance, "dim"))
    if not found.told and not found.corrected:
        show(Padding(Text("Nothing was decided, corrected or put off."), (0, 0, 0, 2)))
    for heading, told in found.told.items():
        show(Padding(Text(heading, "bold"), (0, 0, 0, 2)), *_lines(told, words))
    if found.corrected:
        show(Padding(Text("Corrected", "bold"), (0, 0, 0, 2)))
        show(
            *(
                Padding(Text(line), (0, 0, 0, 4))
                for each in found.corrected
                for line in _said(each, cycle, words)
            )
        )
    if found.more:
        more = f"{counted(found.more, 'more event')}; `termwise history {found.instance} --full` has all"
        show(Padding(Text(more, "dim"), (0, 0, 0, 2)))


def _lines(told: Sequence[Told], words: Words) -> Iterator[Padding]:
    for each in told:
        yield Padding(Text.assemble((f"{words.day(each.at)}  ", "dim"), each.text), (0, 0, 0, 4))


def _said(each: Correction, cycle: Cycle, words: Words) -> Iterator[str]:
    """What was corrected, and where it stood before and after: a line each."""
    field = _field(each, cycle)
    before = (
        f"{words.answer(field, each.before)} ({words.person(each.before_by)}, {words.day(each.before_at)})"
    )
    after = "asked again, and not answered yet"
    if each.after_by:
        after = (
            f"{words.answer(field, each.after)} ({words.person(each.after_by)}, {words.day(each.after_at)})"
        )
    yield f"{each.task}, {each.label}"
    yield f"  before: {before}"
    yield f"  after: {after}"


def _field(each: Correction, cycle: Cycle) -> Given | Rows | None:
    step = cycle.world.program.steps.get(each.step)
    form = step.spec.form if step and isinstance(step.spec, TaskStep) else {}
    return form.get(each.name)
