"""What can be wrong with a file that is to be imported, and with where it is to go."""

from engine.errors import RefusedError, TermwiseError


class UnreadableExportError(TermwiseError):
    """A file, or a line of it, that cannot be imported. Nothing was imported."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}; nothing was imported")


class StoreNotEmptyError(RefusedError):
    """A log has begun where another is to go."""

    def __init__(self, events: int) -> None:
        super().__init__(
            f"this database has {events} events already, and a log is imported only into an empty one; "
            "name a new database with TERMWISE_DATABASE"
        )
