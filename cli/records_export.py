"""Export the log for other programs, or for another termwise."""

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.exported_file import new_file
from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.output import note, show, write_json
from cli.setup import Desk, open_desk
from engine.cloud_events import SOURCE
from engine.errors import UnknownNameError
from reports.exchange import xes
from reports.exchange.people import Called
from reports.exchange.tables import Name
from workers import exporting
from workers.choosing import Choice, processes

Format = Literal["cloudevents", "xes", "ocel", "csv", "xlsx"]


@Parameter(name="*")
@dataclass(frozen=True)
class Chosen:
    """What is to leave, and how."""

    process: Annotated[str | None, Parameter(help="Only cycles of this process, by its key.")] = None
    cycle: Annotated[str | None, Parameter(help="Only this cycle: its id, or the beginning of it.")] = None
    first: Annotated[
        date | None,
        Parameter(
            name="--from", help="Only what happened from this day on; of xes and ocel: cycles that began."
        ),
    ] = None
    last: Annotated[date | None, Parameter(name="--to", help="The last day of it.")] = None
    table: Annotated[
        Name | None, Parameter(help="Which table, as csv: tasks unless said; a workbook has all three.")
    ] = None
    case: Annotated[xes.Case | None, Parameter(help="What one trace of xes is: a cycle unless said.")] = None
    names: Annotated[
        Flag, Parameter(help="Name people and schools; else they are ids. Not of cloudevents.")
    ] = False


ALL = Chosen()


async def export(
    *,
    written: Annotated[
        Format,
        Parameter(
            name="--format", help="For what: another termwise or a data lake, process miners, spreadsheets."
        ),
    ],
    output: Annotated[Path | None, Parameter(help="The file; standard output unless said.")] = None,
    chosen: Chosen = ALL,
    options: ActingOptions = UNSAID,
) -> None:
    """Write the log for other programs: CloudEvents, XES, OCEL, CSV or a workbook.

    Without --as it is the operator's: the whole of it, and as cloudevents it can be imported again. With --as PERSON
    it has what that person may see.

    Example: termwise records export --format xes --process moderation --output moderation.xes
    """
    if output is None and (written == "xlsx" or options.json):
        raise UsageError("say with --output which file it is written to")
    _check(written, chosen)
    async with open_desk(options.as_) as desk:
        choice = await _choice(desk, chosen)
        if output is None:
            await _write(sys.stdout.write, _pieces(desk, written, choice, chosen))
            return
        note(f"Writing {output} ...")
        with new_file(output) as draft:
            if written == "xlsx":
                await exporting.workbook(desk.records, choice, _called(desk, chosen), draft)
            else:
                with draft.open("w", encoding="utf-8", newline="") as file:
                    await _write(file.write, _pieces(desk, written, choice, chosen))
        size = output.stat().st_size
    if options.json:
        write_json({"format": written, "file": str(output), "bytes": size})
    else:
        show(f"Written: {output}. Who can open it can read it: keep it as you keep the records.")


def _check(written: Format, chosen: Chosen) -> None:
    if chosen.first and chosen.last and chosen.last < chosen.first:
        raise UsageError("--to is before --from; exchange them")
    asked = {
        "--table": (chosen.table is not None, ("csv",)),
        "--case": (chosen.case is not None, ("xes",)),
    }
    for option, (said, formats) in asked.items():
        if said and written not in formats:
            raise UsageError(f"{option} says nothing for {written}; it is for {', '.join(formats)}")


async def _choice(desk: Desk, chosen: Chosen) -> Choice:
    cycle = await find_cycle(desk.records, chosen.cycle) if chosen.cycle else None
    if chosen.process:
        known = await processes(desk.records)
        if chosen.process not in known:
            raise UnknownNameError("process with cycles", chosen.process, known)
    return Choice(chosen.process, cycle, chosen.first, chosen.last)


def _called(desk: Desk, chosen: Chosen) -> Called:
    return Called(desk.trust.directory, chosen.names)


def _pieces(desk: Desk, written: Format, choice: Choice, chosen: Chosen) -> AsyncIterator[str]:
    records, called = desk.records, _called(desk, chosen)
    match written:
        case "xes":
            return exporting.xes_log(records, choice, called, chosen.case or "cycle")
        case "ocel":
            return exporting.ocel_log(records, choice, called)
        case "csv":
            return exporting.csv_table(records, choice, called, chosen.table or "tasks")
        case "cloudevents" | "xlsx":
            return exporting.cloud_events(records, choice, f"{SOURCE}:{desk.trust.directory.trust.key}")


async def _write(write: Callable[[str], object], pieces: AsyncIterator[str]) -> None:
    async for piece in pieces:
        write(piece)
