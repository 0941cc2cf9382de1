"""Who judges whom: look at the pairs before a cycle begins.

Nothing is kept: what is shown is what the process would pair with the same schools and the same seed, which for
moderation is the key of the cycle.

Example: termwise pairs propose --schools all --seed "2026-27 summer 1:writing"
"""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from pydantic import JsonValue
from rich.padding import Padding
from rich.text import Text

from cli.options import PLAIN, Options, UsageError
from cli.output import show, write_json
from cli.setup import open_desk
from cli.wording import Words
from engine.allocation.schools import propose_pairs

app = App(name="pairs")
_COLUMNS = ("school", "moderator")


@app.command
async def propose(  # noqa: PLR0913 - one for each thing that decides
    *,
    schools: Annotated[str, Parameter(help="Their keys joined by commas, or all.")] = "all",
    seed: Annotated[str, Parameter(help="What decides between equals: the key of the cycle.")],
    last: Annotated[
        Path | None, Parameter(help="Last time's pairs: a CSV file with the columns school and moderator.")
    ] = None,
    avoid: Annotated[
        Path | None, Parameter(help="Pairs with a conflict of interest: a file like that of --last.")
    ] = None,
    distances: Annotated[
        Path | None, Parameter(help="A CSV file with the columns school, moderator and miles.")
    ] = None,
    options: Options = PLAIN,
) -> None:
    """Propose who judges whose work, with the reason for each.

    Example: termwise pairs propose --schools glenfield,brook-lane,hollins --seed writing --last last-year.csv
    """
    async with open_desk() as desk:
        known = desk.trust.directory
        today = datetime.now(UTC).date()
        named = known.members(today) if schools == "all" else tuple(filter(None, schools.split(",")))
        keys = [known.school(each.strip()).key for each in named]
        proposed = propose_pairs(
            keys, seed, avoid=_pairs(avoid), last=_pairs(last), distances=_miles(distances)
        )
        words = Words.of(desk.trust)
    rows = [row for row in proposed if isinstance(row, dict)]
    if options.json:
        write_json({"pairs": rows})
        return
    for row in rows:
        third = f"; {_name(words, row['adjudicator'])} settles what stays open" if row["adjudicator"] else ""
        show(f"{_name(words, row['moderator'])} judges {_name(words, row['school'])}{third}")
        show(Padding(Text(str(row["why"]), "dim"), (0, 0, 0, 2)))
    show(Text(f"{len(rows)} pairs proposed; nothing was kept", "dim"))


def _name(words: Words, school: JsonValue) -> str:
    return words.school(str(school))


def _pairs(file: Path | None) -> list[dict[str, JsonValue]]:
    return [dict(row) for row in _rows(file, _COLUMNS)]


def _miles(file: Path | None) -> list[dict[str, JsonValue]]:
    found: list[dict[str, JsonValue]] = []
    for line, row in enumerate(_rows(file, (*_COLUMNS, "miles")), 2):
        try:
            found.append({**row, "miles": float(row["miles"])})
        except ValueError:
            raise UsageError(f"{file}:{line}: {row['miles']!r} is no number of miles") from None
    return found


def _rows(file: Path | None, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a file. Raises UsageError, with the line, for what cannot be read."""
    if file is None:
        return []
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from None
    reader = csv.DictReader(text.splitlines())
    missing = [each for each in columns if each not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"{file}:1: there is no column {', '.join(missing)}; expected {', '.join(columns)}")
    rows = []
    for row in reader:
        if any(not row.get(each) for each in columns):
            raise UsageError(f"{file}:{reader.line_num}: a value is missing; give {', '.join(columns)}")
        rows.append({each: str(row[each]).strip() for each in columns})
    return rows
