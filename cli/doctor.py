"""Say what is wrong, and how to mend it. Works when everything is down.

The exit code is 0 when all is well, 5 when a server is away, 7 when something else is wrong.

Example: termwise doctor --quiet
"""

from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from cli.checks import examine
from cli.exit_codes import ExitCode
from cli.findings import Finding
from cli.options import PLAIN, Flag, Options
from cli.output import show, write_json
from cli.setup import settings

app = App(name="doctor")
_SAID = {"ok": Text("ok", "green"), "problem": Text("PROBLEM", "bold red"), "away": Text("AWAY", "bold red")}


@app.default
async def doctor(
    *,
    quiet: Annotated[Flag, Parameter(help="Only what is wrong.")] = False,
    options: Options = PLAIN,
) -> int:
    findings = await examine(settings())
    if options.json:
        write_json({"findings": findings})
    else:
        show(*(_line(each) for each in findings if not quiet or each.state != "ok"))
    states = {each.state for each in findings}
    return (
        ExitCode.SERVER_AWAY
        if "away" in states
        else ExitCode.FINDINGS
        if "problem" in states
        else ExitCode.OK
    )


def _line(finding: Finding) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=7)
    grid.add_column(width=15)
    grid.add_column()
    said = Text(finding.said)
    if finding.mend:
        said.append(f"\nTo mend it: {finding.mend}", "bold")
    grid.add_row(_SAID[finding.state], Text(finding.about), said)
    return grid
