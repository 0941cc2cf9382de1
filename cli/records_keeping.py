"""The commands about how long records are kept, and whose they are."""

from cyclopts import App

from cli.records_access import subject_access
from cli.records_erase import erase
from cli.records_holds import hold, holds, release
from cli.records_retain import retain, retention


def register(app: App) -> None:
    """Add them to `termwise records`."""
    for command in (subject_access, erase, hold, release, holds, retain, retention):
        app.command(command)
