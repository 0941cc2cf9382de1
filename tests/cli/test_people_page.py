"""`docs/people.md`: what it shows is typed, one command after the other, and says what is shown."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.docs.pages import examples

PAGE = "docs/people.md"


def typed() -> Iterator[tuple[str, str]]:
    """Each command, with what it is shown to say."""
    for block in (each.text for each in examples(PAGE) if each.kind == "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def pattern(shown: str) -> re.Pattern[str]:
    """What is shown, however lines are broken; `...` stands for anything."""
    parts = (re.escape(" ".join(part.split())) for part in shown.split("..."))
    return re.compile(r"\s*.*?\s*".join(parts))


async def test_what_the_page_shows_is_so(
    termwise: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERMWISE_AS", "Hannah Lister")
    commands = list(typed())
    assert len(commands) > 12
    for command, shown in commands:
        written = re.fullmatch(r"cat > (\S+) <<'END'", command)
        if written:
            (tmp_path / written[1]).write_text(shown.removesuffix("END\n"), "utf-8")
            continue
        result = await termwise(*shlex.split(command)[1:])
        said = " ".join((result.out + result.err).split()).replace("\u2500", "")
        assert pattern(shown).search(" ".join(said.split())), f"{command}\n{result.out}{result.err}"
