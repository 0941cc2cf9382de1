"""Keys: every command is signed, and only what is signed with an enrolled key is believed.

`termwise up` makes the one key of its machine by itself. Where people work on machines of their own, each makes a
key, and an administrator enrols it.

Example: termwise keys list
"""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from pydantic import TypeAdapter, ValidationError

from cli.options import PLAIN, UNSAID, ActingOptions, Flag, Options, UsageError
from cli.output import facts, show, table, write_json
from cli.setup import acting_person, open_desk, settings
from cli.wording import Words
from engine.commands import PERSON_COMMANDS, Order, command_id
from engine.errors import UnknownNameError
from engine.register.deciding import replay
from engine.register.fact import REGISTER
from engine.register.keys import EnrolKey, RevokeKey
from engine.register.orders import REGISTER_COMMANDS
from engine.signing import SigningKey, Use, key_id, read_public
from storage.migrations import migrate
from workers.enrolling import enrol_directly
from workers.key_store import ready_key_store
from workers.keys import LOCAL, SERVER, key_ring, new_key, write_key
from workers.wiring import Records, database_address, open_office

app = App(name="keys")

For = Annotated[str | None, Parameter(name="--for", help="The person it speaks for: an id, name or e-mail.")]
Server = Annotated[Flag, Parameter(help="It is a server's, which may speak for anybody.")]
Reason = Annotated[str | None, Parameter(help="Why; it is kept.")]


@app.command(name="new")
async def make(*, for_: For = None, server: Server = False, options: Options = PLAIN) -> None:
    """Make a key and keep it in a file that only you can read. Nothing is sent anywhere.

    Example: termwise keys new --for p-0004
    """
    ring, name = key_ring(settings()), SERVER if server else for_
    if not name or "/" in name:
        raise UsageError("say whose key it is: --for and the person's id, or --server")
    key, file = new_key(), ring.file(name)
    write_key(key, file)
    if options.json:
        write_json({"key": key.id, "public": key.text, "file": str(file)})
        return
    whose = "--server" if server else f"--for {name}"
    show(
        f"The key {key.id} is in {file}. Keep it to yourself.",
        facts({"Public": key.text, "Next": f"an administrator: termwise keys enrol {key.text} {whose}"}),
    )


@app.command
async def enrol(  # noqa: PLR0913 - what a key is enrolled with
    public: Annotated[str, Parameter(help="The public key, as `termwise keys new` prints it.")],
    /,
    *,
    for_: For = None,
    server: Server = False,
    label: Annotated[str, Parameter(help="What it is known by.")] = "",
    reason: Reason = None,
    directly: Annotated[
        Flag, Parameter(help="Write to the database, without an administrator; for the first keys.")
    ] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Believe what is signed with a key; for administrators of the trust.

    The first keys have nobody to enrol them: whoever runs the database writes them --directly, with a reason.

    Example: termwise keys enrol 3q2+7w...= --for "Hannah Lister" --label "laptop" --as "Priya Raval"
    """
    key, use = key_id(read_public(public)), "server" if server else "person"
    if server == bool(for_):
        raise UsageError("say whose key it is: --for PERSON, or --server")
    if directly:
        # Before the first worker ran there may be no table yet; and no worker goes on without a key.
        await migrate(database_address(settings()))
        await ready_key_store(settings())
        async with open_desk() as desk:
            person = desk.trust.directory.by_name_or_id(for_).id if for_ else None
            why = reason or ""
            if not why.strip():
                raise UsageError("give the reason (--reason): it is kept with the key")
            await enrol_directly(
                desk.records.store, public, use=_use(use), person=person, label=label, reason=why
            )
    else:
        async with open_office(settings()) as office:
            people = office.trust.directory
            order = EnrolKey(
                id=command_id(REGISTER, "enrol-key", key),
                by=acting_person(people, options.as_).id,
                public=public,
                use=_use(use),
                person=people.by_name_or_id(for_).id if for_ else None,
                label=label,
                reason=reason,
            )
            await office.client.register(order)
    _told({"key": key, "enrolled": True}, f"Enrolled: the key {key}.", json=options.json)


@app.command(name="list")
async def list_keys(
    *,
    all_: Annotated[Flag, Parameter(name="--all", help="Those that were revoked, too.")] = False,
    options: Options = PLAIN,
) -> None:
    """Which keys are enrolled, for whom.

    Example: termwise keys list
    """
    async with open_desk() as desk:
        keys = [key for key in (await _enrolled(desk.records)).values() if all_ or key.until is None]
        words = Words.of(desk.trust)
    if options.json:
        write_json({"keys": [key.model_dump(mode="json") for key in keys]})
        return
    made = table("Key", "For", "Known as*", "Since", "Revoked")
    for key in keys:
        whose = words.person(key.person) if key.person else f"a {key.use}: anybody"
        until = words.day(words.local(key.until).date()) if key.until else ""
        made.add_row(key.id, whose, key.label, words.day(words.local(key.since).date()), until)
    show(made if keys else "No key is enrolled.")


@app.command
async def revoke(
    key: Annotated[str, Parameter(help="Its id.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it is kept.")],
    options: ActingOptions = UNSAID,
) -> None:
    """Believe nothing that is signed with a key from now on; for administrators, or for whose key it is.

    Example: termwise keys revoke 0e6957822b610e5ad593 --reason "The laptop was stolen" --as p-0003
    """
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_)
        known = await _enrolled(office.records)
        if key not in known:
            raise UnknownNameError("key", key, known)
        order = RevokeKey(id=command_id(REGISTER, "revoke-key", key), by=person.id, key=key, reason=reason)
        await office.client.register(order)
    _told({"key": key, "revoked": True}, f"Revoked: the key {key}.", json=options.json)


@app.command
async def sign(
    instance: Annotated[str, Parameter(help="The cycle it is sent to, or `register`.")],
    file: Annotated[
        Path | None, Parameter(help="A file with the command as JSON; else standard input.")
    ] = None,
    /,
    *,
    options: Options = PLAIN,
) -> None:
    """Sign a command, to be sent with the `temporal` command within five minutes. Nothing is sent.

    Example: termwise keys sign moderation:2026-27:summer-1:writing command.json
    """
    del options  # It is JSON in any case.
    text = file.read_text("utf-8") if file else sys.stdin.read()
    command = _command(text)
    async with open_office(settings()) as office:
        # One line, to the letter: that is how workers know what is signed, and a terminal would break it up.
        sys.stdout.write(office.client.signed(instance, command).model_dump_json() + "\n")


def _command(text: str) -> Order:
    try:
        kind = json.loads(text).get("kind")
        models: dict[str, type[Order]] = {**PERSON_COMMANDS, **REGISTER_COMMANDS}
        if kind not in models:
            raise UnknownNameError("command", str(kind), models)
        return TypeAdapter(models[kind]).validate_json(text)
    except (ValueError, AttributeError) as error:
        first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "it is no JSON object"
        raise UsageError(f"the command cannot be read: {first}") from error


async def _enrolled(records: Records) -> dict[str, SigningKey]:
    register = replay(each.event for each in await records.store.read(REGISTER))
    return dict(sorted(register.keys.items(), key=lambda each: each[1].since))


def _use(name: str) -> Use:
    return "server" if name == SERVER else LOCAL if name == LOCAL else "person"


def _told(said: dict[str, object], sentence: str, *, json: bool) -> None:
    if json:
        write_json(said)
    else:
        show(sentence)
