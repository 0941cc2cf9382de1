"""What must hold after an attack, as sentences about what does not. It trusts only rows and files."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from storage.database import connect
from storage.projector import Projector
from storage.verify import verify

LOG = """
select e.position, s.name as stream, e.version, e.command, e.nth, e.of, e.recorded_at
  from termwise.event e left join termwise.stream s on s.id = e.stream order by e.position
"""


KNOWN = ("appended", "repeated", "conflict")


@dataclass(frozen=True)
class Acks:
    """What was answered to the writers."""

    versions: dict[tuple[str, str], set[int]]
    """By command and stream: every version that was promised for it."""
    answers: Counter[str]

    @classmethod
    def read(cls, files: Sequence[Path]) -> "Acks":
        versions: dict[tuple[str, str], set[int]] = defaultdict(set)
        answers: Counter[str] = Counter()
        for line in (line for file in files if file.exists() for line in file.read_text().splitlines()):
            command, stream, status, version = json.loads(line)
            answers[status] += 1
            if status in ("appended", "repeated"):
                versions[command, stream].add(version)
        return cls(dict(versions), answers)

    def __str__(self) -> str:
        told = [f"{self.answers[status]} {status}" for status in KNOWN]
        away = sum(count for status, count in self.answers.items() if status not in KNOWN)
        return ", ".join([*told, f"{away} times no answer"])


@dataclass(frozen=True)
class Checked:
    """The log after an attack, and what is wrong with it."""

    events: int
    backwards: int
    """How often `recorded_at` went back: a stepped clock may do that, and nothing may lean on it."""
    problems: tuple[str, ...]


async def check(dsn: str, acks: Acks, readers: Sequence[Path], commands: Collection[UUID]) -> Checked:
    """Look at everything. The projections are brought to the head first, then compared with a fresh fold."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(LOG)
    await connection.close()
    problems = [*_order(rows), *_acknowledged(rows, acks), *_complete(rows, commands)]
    for file in readers:
        problems += _followed(rows, file)
    pool = await connect(dsn)
    await Projector(pool).catch_up()
    problems += (await verify(pool)).problems
    await pool.close()
    backwards = sum(after["recorded_at"] < before["recorded_at"] for before, after in pairwise(rows))
    return Checked(len(rows), backwards, tuple(problems))


def _order(rows: Sequence[Any]) -> Iterator[str]:
    """No gap, no inversion, no command torn."""
    versions: Counter[str] = Counter()
    for place, row in enumerate(rows, start=1):
        if row["position"] != place:
            yield f"a gap: {row['position']} stands at place {place}"
            return
        versions[row["stream"]] += 1
        if row["version"] != versions[row["stream"]]:
            yield f"an inversion: {row['stream']}@{row['version']} at position {place}"
    for before, after in pairwise(rows):
        torn = before["nth"] < before["of"] and (after["command"], after["nth"]) != (
            before["command"],
            before["nth"] + 1,
        )
        if torn:
            yield f"a torn command at position {before['position']}"


def _acknowledged(rows: Sequence[Any], acks: Acks) -> Iterator[str]:
    """Nothing lost, nothing twice, and every answer the same for ever."""
    last = {(str(row["command"]), row["stream"]): row["version"] for row in rows if row["nth"] == row["of"]}
    times = Counter((str(row["command"]), row["stream"]) for row in rows if row["nth"] == 1)
    yield from (f"twice: {key}" for key, count in times.items() if count > 1)
    for key, versions in acks.versions.items():
        if versions != {last.get(key)}:
            yield f"promised {sorted(versions)} for {key}, found {last.get(key)}"


def _complete(rows: Sequence[Any], commands: Collection[UUID]) -> Iterator[str]:
    found = {row["command"] for row in rows}
    if missing := set(commands) - found:
        yield f"{len(missing)} commands were never recorded, such as {min(missing)}"
    if strange := found - set(commands):
        yield f"{len(strange)} commands nobody sent, such as {min(strange)}"


def _followed(rows: Sequence[Any], file: Path) -> Iterator[str]:
    """A reader saw every event once, in order, as it is in the end."""
    seen = file.read_text().splitlines()
    there = [f"{row['position']} {row['stream']} {row['version']} {row['command']}" for row in rows]
    if seen != there:
        wrong = next((a, b) for a, b in zip([*seen, "nothing"], [*there, "nothing"], strict=False) if a != b)
        yield f"reader {file.name}: it saw {wrong[0]!r} where the log has {wrong[1]!r}"
