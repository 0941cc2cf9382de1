"""The commands about how long records are kept, and whose they are."""

from cyclopts import App

from cli.records_access import subject_access
from cli.records_holds import hold, holds, release


def register(app: App) -> None:
    """Add them to `termwise records`."""
    for command in (subject_access, hold, release, holds):
        app.command(command)
