"""How people want to be written to: how often, when not, and by which channel.

Everybody chooses for themselves; an administrator of the trust may for others. Letters that wait are judged anew
by what was chosen.

Example: termwise preferences set --pace daily --as "Claire Whitmore"
"""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal

from cyclopts import App, Parameter
from pydantic import ValidationError
from rich.table import Table

from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.output import facts, show, write_json
from cli.setup import Desk, acting_person, open_desk, settings
from engine.commands import command_id
from engine.errors import NotAllowedError
from engine.people import Directory
from engine.register.authority import administers
from engine.register.deciding import replay
from engine.register.fact import REGISTER
from engine.register.preferences import SetPreferences
from engine.wishes import CUSTOM, Pace, Wishes
from reports.preference_sentences import in_words
from workers.wiring import Records, open_office

app = App(name="preferences")
Person = Annotated[
    str | None, Parameter(help="Whose: an id, a name or an e-mail address. Yours unless said.")
]


@app.default
@app.command(name="show")
async def show_preferences(person: Person = None, *, options: ActingOptions = UNSAID) -> None:
    """Show how somebody is written to: oneself, or for administrators of the trust anybody.

    Example: termwise preferences show --as "Claire Whitmore"
    """
    async with open_desk(options.as_) as desk:
        whose = _whose(desk.trust.directory, person, options)
        _require_reader(desk, whose)
        found = (await _chosen(desk.records)).get(whose)
        name = desk.trust.directory.person(whose).name
    wishes = found or CUSTOM
    if options.json:
        write_json({"person": whose, "chosen": found is not None, "preferences": wishes})
        return
    show(f"{name} is written to like this{'' if found else ', the custom of the trust'}:")
    show(_table(wishes))


@app.command(name="set")
async def set_preferences(  # noqa: PLR0913 - one for each thing to choose
    person: Person = None,
    *,
    pace: Annotated[Pace | None, Parameter(help="How often.")] = None,
    channel: Annotated[
        tuple[str, ...],
        Parameter(help="By which channel; repeat it for a second choice; `none` for the usual."),
    ] = (),
    quiet_from: Annotated[str | None, Parameter(help="No letters from this hour, as 18:00.")] = None,
    quiet_until: Annotated[str | None, Parameter(help="Until this one, as 07:00.")] = None,
    holidays: Annotated[
        Literal["hold", "send"] | None, Parameter(help="Whether letters wait while their school is closed.")
    ] = None,
    reason: Annotated[str | None, Parameter(help="Why, for the record.")] = None,
    dry_run: Annotated[Flag, Parameter(help="Only say what would be so.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Choose how somebody is written to; what is not named stays as it is.

    Example: termwise preferences set --pace weekly --quiet-from 17:00 --as "Claire Whitmore"
    """
    chosen = {
        "pace": pace,
        "channels": tuple(each for each in channel if each != "none") if channel else None,
        "quiet_from": _clock("--quiet-from", quiet_from),
        "quiet_until": _clock("--quiet-until", quiet_until),
        "hold_holidays": None if holidays is None else holidays == "hold",
    }
    changes = {name: value for name, value in chosen.items() if value is not None}
    if not changes:
        raise UsageError(
            "say what to choose, such as --pace daily; `termwise preferences show` has what is so"
        )
    async with open_office(settings()) as office:
        directory = office.trust.directory
        by, whose = acting_person(directory, options.as_).id, _whose(directory, person, options)
        before = (await _chosen(office.records)).get(whose, CUSTOM)
        wishes = _wishes(before, changes)
        if not dry_run:
            version = (await office.records.store.version(REGISTER)) or 0
            order = SetPreferences(
                id=command_id(REGISTER, "preferences", whose, version, wishes.model_dump_json()),
                by=by, person=whose, wishes=wishes, reason=reason,
            )  # fmt: skip
            await office.client.register(order)
        name = directory.person(whose).name
    if options.json:
        write_json({"person": whose, "dry_run": dry_run, "before": before, "preferences": wishes})
        return
    show(f"{name} {'would be' if dry_run else 'is now'} written to like this:")
    show(_table(wishes))


def _whose(directory: Directory, person: str | None, options: ActingOptions) -> str:
    return (directory.by_name_or_id(person) if person else acting_person(directory, options.as_)).id


def _require_reader(desk: Desk, whose: str) -> None:
    reader, directory = desk.records.reader.person, desk.trust.directory
    if reader in {None, whose} or administers(directory, str(reader), desk.now.date()):
        return
    raise NotAllowedError(
        f"{directory.person(str(reader)).name} may not read how {directory.person(whose).name} is written to: "
        "that is for themselves, or an administrator of the trust"
    )


async def _chosen(records: Records) -> dict[str, Wishes]:
    log = await records.store.read(REGISTER)
    return dict(replay(each.event for each in log).preferences)


def _wishes(before: Wishes, changes: Mapping[str, object]) -> Wishes:
    try:
        return Wishes.model_validate({**before.model_dump(), **changes})
    except ValidationError as error:
        raise UsageError(
            "; ".join(str(each["msg"]).removeprefix("Value error, ") for each in error.errors())
        ) from None


def _clock(option: str, given: str | None) -> time | None:
    try:
        return time.fromisoformat(given) if given else None
    except ValueError:
        raise UsageError(f"{option}: {given!r} is no time of day; write one such as 18:00") from None


def _table(wishes: Wishes) -> Table:
    how, night, holidays, *by = in_words(wishes)
    return facts(
        {"How often": how, "At night": night, "Holidays": holidays, "Channel": by[0] if by else "the usual"}
    )
