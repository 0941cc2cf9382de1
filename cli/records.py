"""The log, and what is read from it.

Example: termwise records verify
"""

from typing import Annotated

from cyclopts import App, Parameter

from cli.options import PLAIN, Options
from cli.output import show, write_json
from cli.records_difference import register as register_difference
from cli.records_evidence import register as register_evidence
from cli.records_export import export
from cli.records_import import import_
from cli.records_keeping import register as register_keeping
from cli.records_parked import register as register_parked
from cli.records_rotate_key import rotate_key
from cli.setup import settings
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from workers.wiring import open_all_records

app = App(name="records")
register_evidence(app)
app.command(export, name="export")
app.command(import_, name="import")
register_parked(app)
register_keeping(app)
app.command(rotate_key)
register_difference(app)


@app.command
async def rebuild(
    projection: Annotated[str | None, Parameter(help="Which; all of them unless said.")] = None,
    /,
    *,
    options: Options = PLAIN,
) -> None:
    """Make lists and boards anew from the log. Others go on reading the old ones meanwhile.

    Example: termwise records rebuild board
    """
    names = [projection] if projection else [each.name for each in (*INLINE, *FOLLOWING)]
    async with open_all_records(settings(), size=2) as records:
        projector = Projector(records.pool, sealing=records.sealing)
        rebuilt = {name: await projector.rebuild(name) for name in names}
    if options.json:
        write_json({"rebuilt": rebuilt})
    else:
        show(*(f"Rebuilt {name}, up to event {position}." for name, position in rebuilt.items()))
