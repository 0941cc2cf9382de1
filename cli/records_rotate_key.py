"""Replacing the master key: every other key is closed anew, and nothing that they closed is touched."""

from typing import Annotated

from cyclopts import Parameter

from cli.options import PLAIN, Options
from cli.output import show, write_json
from cli.setup import settings
from storage.privacy.key_store import KeyStoreState
from workers.key_store import master_file, open_keyring, ready_key_store
from workers.settings import Settings


async def rotate_key(
    *,
    prepare: Annotated[
        bool,
        Parameter(help="Only put the next key into the file, so that every service can be given it first."),
    ] = False,
    dry_run: Annotated[bool, Parameter(help="Say what would happen, and change nothing.")] = False,
    options: Options = PLAIN,
) -> None:
    """Replace the master key, which closes the keys of personal data; the first time, make one.

    The old one is then gone: whoever has it and a copy of the key store from before can still open what was copied.
    All goes on meanwhile. What is interrupted is finished by typing it again.

    Example: termwise records rotate-key --dry-run
    """
    given = settings()
    if dry_run:
        await _plan(given, options)
        return
    await ready_key_store(given)
    async with open_keyring(given) as keyring:
        if prepare:
            ready = keyring.prepare()
            told, sentence = {"ready": ready}, _prepared(given, ready)
        else:
            rotated = await keyring.rotate()
            told = rotated.model_dump()
            sentence = _rotated(given, rotated.master, rotated.wrapped)
    if options.json:
        write_json(told)
    else:
        show(*sentence)


async def _plan(given: Settings, options: Options) -> None:
    async with open_keyring(given) as keyring:
        state = await keyring.state()
    if options.json:
        write_json(state)
    else:
        show(_would(state), "Nothing was changed.")


def _would(state: KeyStoreState) -> str:
    if state.master is None:
        return "A first master key would be made. Keep a copy of its file: without it all that it closes is lost."
    if state.to_wrap:
        return f"{state.to_wrap} keys would be closed with master key {state.master}, to finish what was interrupted."
    return (
        f"{state.keys} keys would be closed with a new master key, and master key {state.master} forgotten."
    )


def _prepared(given: Settings, ready: str) -> tuple[str, ...]:
    return (
        f"Master key {ready} stands ready in {master_file(given).path}.",
        "Give that file to every service, then type `termwise records rotate-key`.",
    )


def _rotated(given: Settings, master: str, wrapped: int) -> tuple[str, ...]:
    return (
        f"The master key is now {master}; {wrapped} keys were closed anew.",
        f"It is in {master_file(given).path}. Keep a copy where neither the log nor the key store is kept:",
        "without it, all that is personal is lost. Give the file to every service.",
    )
