"""Definitions written in a test, and what is found in them."""

from pathlib import Path
from textwrap import dedent

from definitions.examining import examine_file
from engine.definition.around import Around

HEADER = """\
process: example
version: 1
title: An example
purpose: To be checked.
owner: ceo
confidentiality: trust
retention: plans
key: always
name: The example
"""
END = "outcomes: {done: {title: Done}}\n"


def found(tmp_path: Path, body: str, around: Around = Around()) -> list[str]:  # noqa: B008 - a frozen value
    """`line:column rule: message` of each finding; lines count from that after the header."""
    file = tmp_path / "process.yaml"
    body = dedent(body)
    file.write_text(HEADER + body + ("" if "\noutcomes:" in body else END))
    above = HEADER.count("\n")
    return [
        f"{each.mark.line - above}:{each.mark.column} {each.rule}: {each.message}"
        for each in examine_file(file, around)
    ]


def rules(tmp_path: Path, body: str) -> set[str]:
    return {line.split(" ")[1].rstrip(":") for line in found(tmp_path, body)}
