"""What commands write: JSON for programs, or calm text of 80 columns for people."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from engine.model import Model

_WIDEST = 100


def show(*parts: RenderableType) -> None:
    """Write for a person. Texts are written as they are, brackets and all."""
    console = Console(highlight=False, markup=False, soft_wrap=False)
    console.width = min(console.width, _WIDEST)
    for part in parts:
        console.print(part)


def write_json(value: Mapping[str, Any] | Model) -> None:
    """Write for a program: one JSON document."""
    plain = value.model_dump(mode="json") if isinstance(value, Model) else value
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2, default=_plain) + "\n")


def table(*columns: str) -> Table:
    """A plain table; a column whose name ends in `*` takes the room that is left."""
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for name in columns:
        # Folded and never cut: half an id is no id.
        made.add_column(
            Text(name.removesuffix("*")), ratio=1 if name.endswith("*") else None, overflow="fold"
        )
    made.expand = any(name.endswith("*") for name in columns)
    return made


def facts(rows: Mapping[str, str | None]) -> Table:
    """Names and values, one a line; what has no value is left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=12)
    grid.add_column()
    for name, value in rows.items():
        if value:
            grid.add_row(Text(name, "dim"), Text(value))
    return grid


def note(text: str) -> None:
    """Say on standard error how it goes; standard output stays the result's."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    if isinstance(value, date):
        return value.isoformat()  # A moment too: with the T that programs expect.
    return str(value)
