"""What can go wrong with keys, in words that say what to do."""

from pathlib import Path

from engine.errors import TermwiseError
from storage.errors import StoreUnavailableError


class KeyStoreUnavailableError(StoreUnavailableError):
    """The key store did not answer. Nothing is known to have changed; all is safe to send again."""

    def __init__(self, cause: BaseException | str) -> None:
        said = cause if isinstance(cause, str) else str(cause) or type(cause).__name__
        TermwiseError.__init__(
            self,
            f"the key store is not available ({said}); until it is, personal data can be neither read nor "
            "written: start that server, or set TERMWISE_KEYS to where it is",
        )


class KeyStoreRefusedError(TermwiseError):
    """The key store answered, and did not let us in."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"the key store refused the connection: {cause}; check what TERMWISE_KEYS says")


class MasterKeyError(TermwiseError):
    """The master key is not there, cannot be read, or is not the one that the key store was closed with."""


class NoMasterKeyError(MasterKeyError):
    """No master key was made yet."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"there is no master key in {file}: make one with `termwise records rotate-key`, or say where it is "
            "with TERMWISE_MASTER_KEY"
        )


class NoKeysError(TermwiseError):
    """Something is closed, and there is nothing to open it with."""

    def __init__(self) -> None:
        super().__init__(
            "what is stored is closed with keys, and no key store is set up here; set TERMWISE_KEYS"
        )


class AlteredError(TermwiseError):
    """What was sealed is not what is there, or it stands where it does not belong."""

    def __init__(self) -> None:
        super().__init__("a sealed value was altered, or moved to another place")
