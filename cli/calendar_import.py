"""`termwise calendar import`: dates from a file, or England's bank holidays as they are computed."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.calendar_change import DryRun, Reason, SchoolOf, change, one_of
from cli.options import UNSAID, ActingOptions, Flag, UsageError
from definitions.imports.bank_holidays import computed_bank_holidays
from definitions.imports.calendar_files import imported
from engine.calendar import Calendar
from engine.calendar_parts import next_version, with_part


async def import_dates(  # noqa: PLR0913 - a file, whose dates they are, and how
    file: Annotated[
        Path | None,
        Parameter(help="A .yaml calendar, an .ics file of term dates, or the bank holidays as .json."),
    ] = None,
    /,
    *,
    school: SchoolOf = None,
    authority: Annotated[str | None, Parameter(help="The dates are this authority's.")] = None,
    bank_holidays: Annotated[Flag, Parameter(help="England's bank holidays, computed; no file.")] = False,
    dry_run: DryRun = False,
    reason: Reason = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Take over dates from a file. With --dry-run it shows what would change, and nothing is changed.

    Example: termwise calendar import leicestershire-2027.ics --dry-run
    """
    one_of(school, authority)
    if (file is None) != bank_holidays:
        raise UsageError("say a FILE, or --bank-holidays and no file")

    def make(before: Calendar) -> tuple[Calendar, tuple[str, ...]]:
        if file is None:
            part = computed_bank_holidays(range(before.known.first.year, before.known.last.year + 1))
            return next_version(before, with_part(before, part), "bank holidays of England"), ()
        found = imported(file, before, school=school, authority=authority)
        if school or authority or file.suffix.lower() not in {".yaml", ".yml"}:
            whose = f" of {school or authority}" if school or authority else ""
            return next_version(before, found.calendar, f"dates{whose} from {file.name}"), found.unread
        return found.calendar, ()

    await change(make, reason, options, dry_run=dry_run, school=school)
