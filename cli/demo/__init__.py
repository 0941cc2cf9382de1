"""Watch a whole moderation cycle of an invented trust of three schools, on real servers, in half a minute.

Its staff act through the client that every command uses; only time runs faster. It has servers and a
database of its own, in `demo` below TERMWISE_HOME, made anew each time, and leaves nothing running.

Example: termwise demo
"""

from cyclopts import App
from rich.console import Console

from cli.demo.run import run
from cli.options import PLAIN, Options
from cli.output import write_json
from cli.setup import settings
from workers import logs

app = App(name="demo", help=__doc__)


@app.default
async def demo(*, options: Options = PLAIN) -> None:
    given = settings()
    logs.forward_core()
    report = await run(given, Console(quiet=options.json))
    if options.json:
        write_json(report.figures.model_dump(mode="json"))
