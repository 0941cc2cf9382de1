"""What `termwise doctor` finds of the key store."""

from cli.findings import Finding, failed, ok, problem
from cli.wording import address
from engine.errors import TermwiseError
from storage.privacy.errors import KeyStoreUnavailableError
from workers.key_store import keys_address, open_keyring
from workers.settings import Settings

NAME = "key store"


async def key_store(settings: Settings) -> Finding:
    """Whether it answers, and whether its master key is here."""
    try:
        where = keys_address(settings)
        async with open_keyring(settings) as keyring:
            state = await keyring.state()
    except KeyStoreUnavailableError as error:
        return failed(NAME, error, "start that server, or set TERMWISE_KEYS to where it is")
    except OSError as error:
        return failed(NAME, TermwiseError(f"there is none: {error.strerror}"), "termwise up")
    except TermwiseError as error:
        return failed(NAME, error)
    if state.master is None:
        return problem(NAME, "it has no master key", "make one with `termwise records rotate-key`")
    if state.to_wrap:
        said = f"{state.to_wrap} of its keys are still closed with the master key before"
        return problem(NAME, said, "finish it with `termwise records rotate-key`")
    return ok(
        NAME, f"{state.keys} keys at {address(where)}, {state.shredded} shredded; master key {state.master}"
    )
