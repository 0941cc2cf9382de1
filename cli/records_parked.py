"""Streams that a list or a report could not take in: see which they are, and try them again."""

from typing import Annotated

from cyclopts import App, Parameter

from cli.exit_codes import ExitCode
from cli.options import PLAIN, Options
from cli.output import show, table, write_json
from cli.setup import settings
from storage.parking import Parked, parked
from storage.projector import Projector
from workers.wiring import open_all_records


def register(app: App) -> None:
    """Add the commands."""
    app.command(list_parked, name="parked")
    app.command(retry)


async def list_parked(*, options: Options = PLAIN) -> int:
    """What a list or a report could not take in. It waits there, in order; everything else goes on.

    Example: termwise records parked
    """
    async with open_all_records(settings(), size=2) as records:
        return _told(await parked(records.pool), options)


async def retry(
    projection: Annotated[str | None, Parameter(help="Only what waits for this one.")] = None,
    stream: Annotated[str | None, Parameter(help="Only what waits of this cycle.")] = None,
    /,
    *,
    options: Options = PLAIN,
) -> int:
    """Try again now what was parked; by itself it is tried after half a minute, then less and less often.

    Example: termwise records retry board
    """
    async with open_all_records(settings(), size=2) as records:
        await Projector(records.pool, sealing=records.sealing).retry(projection, stream)
        return _told(await parked(records.pool), options)


def _told(found: list[Parked], options: Options) -> int:
    if options.json:
        write_json({"parked": found})
    elif not found:
        show("Nothing is parked.")
    else:
        made = table("For", "Cycle", "From event", "Waiting", "Tries", "Why*")
        for each in found:
            made.add_row(
                each.projection,
                each.stream,
                str(each.position),
                str(each.waiting),
                str(each.attempts),
                each.error,
            )
        show(made, "To try again: termwise records retry")
    return ExitCode.FINDINGS if found else ExitCode.OK
