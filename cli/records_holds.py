"""`termwise records hold`, `release` and `holds`: what may not be erased or disposed of, and why."""

from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, UsageError
from cli.output import show, table, write_json
from cli.register_book import Book, read_book
from cli.setup import open_desk
from cli.standing_change import NOT_YET, DryRun, change
from cli.wording import Words
from engine.errors import NotAllowedError
from engine.register.authority import is_administrator
from engine.register.holds import LiftHold, PlaceHold
from engine.register.record_facts import HoldPlaced
from engine.register.register import Register

Why = Annotated[str, Parameter(help="Why; it is kept, so name nobody in it.")]


async def hold(
    person: Annotated[
        str | None, Parameter(help="Whose records: an id, a name or an e-mail address.")
    ] = None,
    /,
    *,
    cycle: Annotated[
        str | None, Parameter(help="Instead of a person: the id of a cycle, or its beginning.")
    ] = None,
    reason: Why,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Keep everything of a person or a cycle, whatever its time, until the hold is released. For administrators.

    Example: termwise records hold "Lucy Fenwick" --reason "A tribunal claim, case 24/118" --as "Hannah Lister"
    """
    if (person is None) == (cycle is None):
        raise UsageError("say what is held: a person, or --cycle and its id")
    held = await _cycle(cycle) if cycle else None

    def make(register: Register, acting: str) -> PlaceHold:
        whose = register.directory.by_name_or_id(person).id if person else None
        return PlaceHold(id=NOT_YET, by=acting, person=whose, cycle=held, reason=reason)

    await change(make, _nobody, options, dry_run=dry_run)


async def release(
    hold_: Annotated[str, Parameter(name="hold", help="Its id; `termwise records holds` has it.")],
    /,
    *,
    reason: Why,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Release a hold. What was due for disposal meanwhile is due again. For administrators.

    Example: termwise records release h-212 --reason "The claim was withdrawn" --as "Hannah Lister"
    """

    def make(register: Register, acting: str) -> LiftHold:
        del register
        return LiftHold(id=NOT_YET, by=acting, hold=hold_, reason=reason)

    await change(make, _nobody, options, dry_run=dry_run)


async def holds(*, options: ActingOptions = UNSAID) -> None:
    """List what is held, since when and why. For administrators.

    Example: termwise records holds
    """
    async with open_desk(options.as_) as desk:
        book, words = await read_book(desk), Words.of(desk.trust)
        reader = desk.records.reader.person
        if reader is not None and not is_administrator(book.register, reader, desk.now):
            raise NotAllowedError("what is held is for administrators of the trust")
    found = standing_holds(book)
    if options.json:
        write_json({"holds": [_plain(each) for each in found]})
    elif not found:
        show("Nothing is held.")
    else:
        made = table("Hold", "What*", "Since", "Why*")
        for each in found:
            what = words.person(each.hold.person) if each.hold.person else str(each.hold.cycle)
            made.add_row(each.hold.id, Text(what), words.day(each.at), Text(each.reason or ""))
        show(made)


def standing_holds(book: Book) -> list[HoldPlaced]:
    """The facts of the holds that stand, oldest first."""
    placed = (each for each in book.facts if isinstance(each, HoldPlaced))
    return [each for each in placed if each.hold.id in book.register.holds]


async def _cycle(given: str) -> str:
    async with open_desk() as desk:
        found = await find_cycle(desk.records, given)
        return (await desk.records.queries.cycle(found)).root


def _plain(fact: HoldPlaced) -> dict[str, object]:
    return {**fact.hold.model_dump(mode="json"), "since": fact.at, "by": fact.by, "reason": fact.reason}


def _nobody(register: Register) -> tuple[str, ...]:
    """Nobody's open work is touched."""
    del register
    return ()
