"""The places that are told of the trust's work: a chat, a webhook. People are written to in any case.

A place is told ids, stages and counts, and nothing about anybody. Its address is a setting, for it is a secret;
that it is told, and of what, is in the log, and only an administrator of the trust may change it.

Example: termwise channels open teams --only task-overdue --only task-escalated
"""

from typing import Annotated

from cyclopts import App, Parameter

from cli.options import PLAIN, UNSAID, ActingOptions, Options, UsageError
from cli.output import show, table, write_json
from cli.setup import acting_person, open_desk, settings
from engine.commands import command_id
from engine.errors import UnknownNameError
from engine.register.channels import CloseChannel, OpenChannel
from engine.register.deciding import replay
from engine.register.fact import REGISTER, RegisterFact
from engine.register.register import Register
from storage.projections.tellings import KINDS
from workers.channels import channels
from workers.settings import SettingsError
from workers.wiring import Records, open_office

app = App(name="channels")

#: What a place can be told of: of the register, which is about people, nothing.
_KINDS = [kind for kind, each in KINDS.items() if not issubclass(each.event, RegisterFact)]

Why = Annotated[str | None, Parameter(help="Why; kept in the log.")]


@app.default
@app.command(name="list")
async def list_channels(*, options: Options = PLAIN) -> None:
    """Which places are told, of what, and whether their address is set here.

    Example: termwise channels
    """
    async with open_desk() as desk:
        known = await register(desk.records)
        addressed = channels(desk.settings)
    opened = [
        {"channel": name, "kinds": list(kinds), "addressed_here": name in addressed}
        for name, kinds in sorted(known.channels.items())
    ]
    if options.json:
        write_json({"carries_letters": addressed["mail"].name, "open": opened})
        return
    show(f"Letters to people go by {addressed['mail'].name}.")
    if not opened:
        show("No place is told besides; `termwise channels open teams` opens one.")
        return
    listed = table("place", "is told of*", "address set here")
    for name, kinds in sorted(known.channels.items()):
        listed.add_row(name, ", ".join(kinds) or "everything", "yes" if name in addressed else "NO")
    show(listed)


@app.command(name="open")
async def open_channel(
    channel: Annotated[str, Parameter(help="teams, slack, webhook, or that of a plug-in.")],
    /,
    *,
    only: Annotated[tuple[str, ...], Parameter(help="A kind of message; as often as needed.")] = (),
    reason: Why = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Tell a place from now on, of everything or of some kinds of messages only.

    Example: termwise channels open teams --only task-overdue --reason "Agreed by the heads"
    """
    for kind in only:
        if kind not in _KINDS:
            raise UnknownNameError("kind of message", kind, _KINDS)
    _check_addressed(channel)
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_)
        version = (await register(office.records)).version
        named = command_id("open-channel", channel, *only, person.id, version)
        order = OpenChannel(id=named, by=person.id, channel=channel, kinds=only, reason=reason)
        answer = await office.client.register(order)
    if options.json:
        write_json(answer)
    else:
        show(
            f"{channel} is told of {', '.join(only) or 'everything'} from now on, and nothing about anybody."
        )


@app.command(name="close")
async def close_channel(
    channel: Annotated[str, Parameter(help="As `termwise channels` lists it.")],
    /,
    *,
    reason: Why = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Tell a place nothing more. What was planned before still goes.

    Example: termwise channels close teams
    """
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_)
        known = await register(office.records)
        if channel not in known.channels:
            raise UnknownNameError("open channel", channel, list(known.channels))
        named = command_id("close-channel", channel, person.id, known.version)
        answer = await office.client.register(
            CloseChannel(id=named, by=person.id, channel=channel, reason=reason)
        )
    if options.json:
        write_json(answer)
    else:
        show(f"{channel} is told nothing more.")


async def register(records: Records) -> Register:
    """The register as its log says."""
    return replay([each.event for each in await records.store.read(REGISTER)])


def _check_addressed(channel: str) -> None:
    """A place whose address is not set would have its messages wait; better to hear it now."""
    try:
        if channels(settings()).get(channel):
            return
    except SettingsError as error:
        raise UsageError(str(error)) from error
    raise UsageError(
        f"there is no address for {channel!r} here: set TERMWISE_{channel.upper()}_URL_FILE, for this command and "
        "for the worker (places: teams, slack, webhook, and those of plug-ins)"
    )
