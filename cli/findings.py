"""One line of what `termwise doctor` says."""

from typing import Literal

from cli.exit_codes import ExitCode, exit_code
from engine.errors import TermwiseError
from engine.model import Model


class Finding(Model):
    """What was looked at, how it is, and how to mend it."""

    about: str
    state: Literal["ok", "problem", "away"]
    said: str
    mend: str | None = None


def ok(about: str, said: str) -> Finding:
    return Finding(about=about, state="ok", said=said)


def problem(about: str, said: str, mend: str) -> Finding:
    return Finding(about=about, state="problem", said=said, mend=mend)


def failed(about: str, error: TermwiseError, mend: str | None = None) -> Finding:
    """What an error means for its check; `mend` where its own words have no remedy."""
    gone = exit_code(error) is ExitCode.SERVER_AWAY
    return Finding(about=about, state="away" if gone else "problem", said=str(error), mend=mend)
