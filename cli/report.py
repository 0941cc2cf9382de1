"""Make a report of a cycle: in the terminal, as JSON, or as one HTML page that needs nothing else.

Example: termwise report moderation:2026-27:summer-1:writing --format html --output report.html
"""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from cli import report_audit, report_trust
from cli.finding import find_cycle
from cli.looking_back import looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Then, UsageError
from cli.output import show
from cli.setup import open_desk
from reports.catalogue import Report
from workers.reporting import make_report

app = App(name="report")
report_audit.register(app)
report_trust.register(app)
Format = Literal["terminal", "json", "html"]


@app.default
async def report(  # noqa: PLR0913 - what, how it is written, and as of when
    cycle: Annotated[str, Parameter(help="Its id, or the beginning of it.")],
    name: Annotated[str | None, Parameter(help="Which report; the definition's own unless said.")] = None,
    /,
    *,
    written: Annotated[Format, Parameter(name="--format", help="How it is written.")] = "terminal",
    output: Annotated[Path | None, Parameter(help="A file to write it to.")] = None,
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk(options.as_) as desk:
        past = await looking_back(desk, then)
        made = await make_report(past.records, await find_cycle(desk.records, cycle), name)
    chosen: Format = "json" if options.json else written
    if output:
        _write(output, made, chosen)
    elif chosen == "terminal":
        tell_day(then)
        show(made.terminal())
    else:
        print(made.json() if chosen == "json" else made.html())  # noqa: T201


def _write(output: Path, report: Report, written: Format) -> None:
    if written == "terminal":
        raise UsageError("a file is written as --format html or --format json; say which")
    try:
        output.write_text(report.json() if written == "json" else report.html(), "utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}; name another file") from error
    show(f"Written: {output}")
