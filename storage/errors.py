"""What can go wrong between us and PostgreSQL, in words that say what to do."""

from engine.errors import RefusedError, TermwiseError


class StoreUnavailableError(TermwiseError):
    """PostgreSQL did not answer. Nothing is known to have changed; every append is safe to send again."""

    def __init__(self, cause: BaseException | str) -> None:
        said = cause if isinstance(cause, str) else str(cause) or type(cause).__name__
        super().__init__(f"PostgreSQL is not available ({said}); it is tried again, nothing is lost")


class StoreRefusedError(TermwiseError):
    """PostgreSQL answered, and did not let us in."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(
            f"PostgreSQL refused the connection: {cause}; check its address, database, user and password"
        )


class UnstorableError(TermwiseError):
    """The log cannot hold these events; sending them again gives the same answer. Nothing was changed."""

    def __init__(self, stream: str, cause: BaseException) -> None:
        # Only the first line: what the driver adds to it may quote people's words.
        super().__init__(f"the events for {stream!r} cannot be stored: {next(iter(cause.args), cause)}")


class HoleError(TermwiseError):
    """Positions in the log are not dense: rows were removed from it, or it was restored wrongly."""

    def __init__(self, after: int, found: int) -> None:
        super().__init__(
            f"the log has a hole: position {after} is followed by {found}; "
            "stop, keep this database as it is, and compare it with a backup"
        )


class UnreadableEventError(TermwiseError):
    """An event that this version does not understand: written by a newer one, or altered."""

    def __init__(self, position: int, cause: Exception | str) -> None:
        super().__init__(f"the event at position {position} cannot be read: {cause}")


class TooNewEventError(TermwiseError):
    """An event in a version of its kind that this termwise does not know."""

    def __init__(self, kind: str, version: int, newest: int) -> None:
        super().__init__(
            f"a {kind!r} of version {version} was written by a newer termwise, this one knows {newest}; "
            "upgrade it before you read on"
        )


class MigrationError(TermwiseError):
    """The database's structure and this version of termwise do not fit together."""


class MigrationWaitsError(StoreUnavailableError):
    """A table that a migration changes stays in use. Nothing of that migration was applied."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name!r} waits for a table that somebody holds; end what reads or writes for long"
        )


class UnknownRecordError(TermwiseError):
    """A digest, id or name for which nothing is stored."""


class AmbiguousIdError(TermwiseError):
    """The beginning of an id that fits more than one."""


class NoKeyStoreError(RefusedError):
    """Nothing can be shredded where nothing is closed with keys."""

    def __init__(self) -> None:
        super().__init__(
            "there is no key store here, so nothing can be erased; give the address of one (TERMWISE_KEYS)"
        )
