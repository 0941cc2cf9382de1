"""The commands of the README are typed, one after the other, and say what it shows."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.pages import ROOT, examples
from workers.embedded import servers

#: Differs from day to day and from machine to machine.
_VARYING = {
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]{2} \d{4}": "DAY",
    r"\b\d{1,2} [A-Z][a-z]{2} \d{4}": "DATE",
    r"\b\d\d:\d\d\b": "TIME",
    r"127\.0\.0\.1:\d+": "ADDRESS",
    r"process \d+": "PROCESS",
    r"\S*/\.termwise": ".termwise",
}


_FILE = "<<'END'"


class Typed(NamedTuple):
    """A command of the README, and what it is shown to say."""

    command: str
    shown: str


def typed(page: str = "README.md") -> Iterator[Typed]:
    """The commands of all blocks marked `console` on a page, in order."""
    for block in (each.text for each in examples(page) if each.kind == "console"):
        number = 0
        lines = []
        for line in block.splitlines():
            number += line.startswith("$ ")
            lines.append((number, line))
        for _, group in groupby(lines, lambda each: each[0]):
            command, *shown = (line for _, line in group)
            if _FILE in command:  # What is written into the file belongs to the command.
                end = shown.index("END") + 1
                command, shown = "\n".join([command, *shown[:end]]), shown[end:]
            yield Typed(command.removeprefix("$ "), "\n".join(shown))


def pattern(shown: str) -> re.Pattern[str]:
    """What is shown, however lines are broken; `...` stands for anything."""
    parts = (re.escape(" ".join(part.split())) for part in plain(shown).split("..."))
    return re.compile(r"\s*.*?\s*".join(parts))


def plain(text: str) -> str:
    """The text with what varies named, and single spaces."""
    text = " ".join(text.split())
    for varying, name in _VARYING.items():
        text = re.sub(varying, name, text)
    return text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """A folder like a fresh clone, as far as the commands look at it; servers of its own, gone after."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    yield tmp_path
    _type("termwise down", tmp_path)
    servers.remove(tmp_path / ".termwise")


def _type(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TERMWISE_", "TEMPORAL_", "PG"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", f"({command}\n) 2>&1"],
        cwd=folder,
        env={**kept, "PATH": path, "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_readme_says_what_happens(desk: Path) -> None:
    for command, shown in typed():
        said = _type(command, desk)

        assert said.returncode == 0, f"{command}\n{said.stdout}"
        assert pattern(shown).fullmatch(plain(said.stdout)), f"{command}\nsays\n{said.stdout}\nnot\n{shown}"
