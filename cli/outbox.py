"""Letters that wait or were given up, for administrators: list, show, retry.

A letter waits for morning, for a school day, for the pace a person chose, or for its next try. One that was given up
stays so until somebody has mended what was wrong and lets it be tried again.

Example: termwise outbox list
"""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text
from temporalio.service import RPCError

from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.output import facts, note, show, write_json
from cli.setup import Desk, acting_person, open_desk, settings
from cli.wording import Words, counted
from engine.errors import NotAllowedError
from engine.people import Directory
from engine.register.authority import administers
from engine.timezone import local_date
from storage.errors import UnknownRecordError
from storage.letters import LetterRow, PostgresLetters
from workers import couriering
from workers.wiring import Office, open_office

app = App(name="outbox")
_MOST = 100
_SHORT = 8
_HELD = {
    "night": "waits for morning",
    "holiday": "waits for a day at work",
    "daily": "waits for the daily letter",
    "weekly": "waits for the weekly letter",
    "address": "waits for an address that takes mail",
}
Letter = Annotated[str, Parameter(help="The letter's id, or its beginning.")]


@app.default
@app.command(name="list")
async def list_letters(*, options: ActingOptions = UNSAID) -> None:
    """List what was given up and what waits, with why. For administrators of the trust.

    Example: termwise outbox list --json
    """
    async with open_desk(options.as_) as desk:
        _require_reader(desk)
        rows = await PostgresLetters(desk.records.pool).waiting(_MOST)
        words = Words.of(desk.trust)
    if options.json:
        write_json({"letters": rows})
        return
    if not rows:
        show("No letter waits, and none was given up.")
        return
    show(*(_line(row, words) for row in rows))
    dead = sum(row.status == "dead" for row in rows)
    show(
        Text(
            f"{dead} given up, {len(rows) - dead} waiting; `termwise outbox show LETTER` has all of one",
            "dim",
        )
    )


@app.command(name="show")
async def show_letter(letter: Letter, *, options: ActingOptions = UNSAID) -> None:
    """Show one letter: to whom, about what, and what became of it. For administrators of the trust.

    Example: termwise outbox show 1f0c93a2
    """
    async with open_desk(options.as_) as desk:
        _require_reader(desk)
        row = await _one(PostgresLetters(desk.records.pool), letter)
        words = Words.of(desk.trust)
    if options.json:
        write_json(row)
        return
    show(
        facts(
            {
                "Letter": str(row.message_id),
                "To": f"{words.person(row.recipient)} ({row.recipient}), by {row.channel}",
                "About": f"{row.kind}: {row.cycle}",
                "Cycle": row.instance,
                "Since": words.moment(row.planned_at),
                "State": _why(row, words),
                "Tries": str(row.attempts),
                "Goes with": str(row.bundle) if row.bundle and row.bundle != row.message_id else None,
            }
        )
    )


@app.command
async def retry(
    letters: Annotated[tuple[str, ...], Parameter(help="The letters' ids, or their beginnings.")] = (),
    *,
    everything: Annotated[Flag, Parameter(name="--all", help="All that failed or were given up.")] = False,
    dry_run: Annotated[Flag, Parameter(help="Only say which.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Let letters that failed be tried now. For administrators of the trust.

    Example: termwise outbox retry --all --as "Hannah Lister"
    """
    if everything == bool(letters):
        raise UsageError("name the letters, or say --all for every one that failed")
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_).id
        _require_administrator(office.trust.directory, person, "let letters be tried again")
        store = PostgresLetters(office.records.pool)
        asked = [await _one(store, each) for each in letters] if letters else await store.waiting(_MOST)
        failed = [row for row in asked if row.error is not None and row.status in {"dead", "planned"}]
        if failed and not dry_run:
            await store.retry([row.message_id for row in failed] if letters else [])
            await _wake(office)
    if options.json:
        write_json({"letters": [row.message_id for row in failed], "dry_run": dry_run})
        return
    would = "would be" if dry_run else "is" if len(failed) == 1 else "are"
    show(
        f"{counted(len(failed), 'letter')} {would} tried again now." if failed else "None of them has failed."
    )


def _line(row: LetterRow, words: Words) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    why = Text(_why(row, words), "bold red" if row.status == "dead" else "dim")
    about = f"{words.person(row.recipient)}, {row.kind}: {row.cycle}"
    grid.add_row(str(row.message_id)[:_SHORT], Text.assemble(about, "\n", why))
    return grid


async def _wake(office: Office) -> None:
    try:
        await couriering.try_now(office.temporal, office.settings.task_queue)
    except RPCError:
        note(
            "The courier does not run; they go as soon as `termwise worker` or `termwise up` has started it."
        )


def _require_reader(desk: Desk) -> None:
    """The operator, who is nobody in particular, reads too."""
    person = desk.records.reader.person
    if person is not None:
        _require_administrator(desk.trust.directory, person, "read the letters of others")


def _require_administrator(directory: Directory, person: str, what: str) -> None:
    if not administers(directory, person, local_date(datetime.now(UTC))):
        raise NotAllowedError(
            f"{directory.person(person).name} may not {what}: that is for an administrator of the trust"
        )


async def _one(letters: PostgresLetters, text: str) -> LetterRow:
    found = await letters.beginning(text)
    if len(found) > 1:
        raise UsageError(f"{text!r} begins {len(found)} letters; write more of it")
    if not found:
        raise UnknownRecordError(f"there is no letter {text!r}; `termwise outbox list` has what waits")
    return found[0]


def _why(row: LetterRow, words: Words) -> str:
    match row.status:
        case "dead":
            return f"given up: {row.error}"
        case "sent":
            return f"sent {words.moment(row.sent_at)} by {row.carrier}" if row.sent_at else "sent"
        case "planned" if row.error:
            return f"next try {words.moment(row.next_at)}: {row.error}"
        case "planned" if row.held:
            return f"{_HELD[row.held]}, {words.moment(row.next_at)}"
        case "planned":
            return "goes now"
        case _:
            return f"withdrawn: {row.error}" if row.error else row.status
