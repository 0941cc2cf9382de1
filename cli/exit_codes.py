"""What the exit code of `termwise` means, for scripts."""

from enum import IntEnum

from engine.errors import RefusedError, TermwiseError


class ExitCode(IntEnum):
    """Stable: a code keeps its meaning for ever."""

    OK = 0
    WRONG = 1
    """Something that none of the others names; the sentence says what."""
    USAGE = 2
    """The command line, a setting or a file cannot be understood."""
    REFUSED = 3
    """The rules do not allow it. Nothing was changed."""
    UNKNOWN_NAME = 4
    """A name or id stands for nothing here, or for several things."""
    SERVER_AWAY = 5
    """PostgreSQL, the key store or Temporal does not answer."""
    OUTCOME_UNKNOWN = 6
    """No answer came in time. Typing the same again is safe, and cannot count twice."""
    FINDINGS = 7
    """`doctor` or `records verify` found something wrong."""
    PARTIAL = 8
    """Of several tasks some were left as they were; each says why. The others are done."""
    INTERRUPTED = 130
    """Ctrl-C."""


_BY_ERROR = {
    "usage": ExitCode.USAGE,
    "settings": ExitCode.USAGE,
    "source": ExitCode.USAGE,
    "unreadable-export": ExitCode.USAGE,
    "unknown-name": ExitCode.UNKNOWN_NAME,
    "unknown-record": ExitCode.UNKNOWN_NAME,
    "ambiguous-id": ExitCode.UNKNOWN_NAME,
    "store-unavailable": ExitCode.SERVER_AWAY,
    "store-refused": ExitCode.SERVER_AWAY,
    "key-store-unavailable": ExitCode.SERVER_AWAY,
    "key-store-refused": ExitCode.SERVER_AWAY,
    "temporal-unavailable": ExitCode.SERVER_AWAY,
    "not-running": ExitCode.SERVER_AWAY,
    "server": ExitCode.SERVER_AWAY,
    "outcome-unknown": ExitCode.OUTCOME_UNKNOWN,
}


def exit_code(error: TermwiseError) -> ExitCode:
    """The code for an error, wherever it was raised: one that came back from a worker keeps its meaning."""
    otherwise = ExitCode.REFUSED if isinstance(error, RefusedError) else ExitCode.WRONG
    return _BY_ERROR.get(error.code, otherwise)
