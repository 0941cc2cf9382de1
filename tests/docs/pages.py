"""The pages that people read, and the examples in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "decisions").glob("*.md")]
)

_FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A fenced block: what follows its three ticks, its text, and the line it stands in."""

    kind: str
    text: str
    line: int


def page(name: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def examples(name: str) -> Iterator[Example]:
    """Every fenced block of a page, in order."""
    text = page(name)
    for found in _FENCE.finditer(text):
        yield Example(found["kind"].strip(), found["text"], text[: found.start()].count("\n") + 2)
