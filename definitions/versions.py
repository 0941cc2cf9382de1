"""Versions of definitions as files: each read with the places of its parts, so that differences can be shown there."""

from dataclasses import dataclass
from pathlib import Path

from definitions.loader import program_from
from definitions.yaml_source import Source, read
from engine.definition.program import Program
from engine.versions.differences import Change
from engine.versions.outline import Place


@dataclass(frozen=True, slots=True)
class Version:
    """One version, and its file where it has one."""

    program: Program
    called: str
    source: Source | None = None

    def where(self, place: Place | None) -> str | None:
        """`file:line` of a part; none where the version has no file, or not this part."""
        if place is None or self.source is None:
            return None
        return f"{self.source.file}:{self.source.key_mark(place).line}"


def version_in(file: Path) -> Version:
    """The version that a file holds. Raises SourceError with every problem."""
    source = read(file)
    return Version(program_from(source), str(file), source)


def places(change: Change, old: Version, new: Version) -> tuple[str | None, str | None]:
    """Where a change stands in the old version and in the new."""
    return old.where(change.old), new.where(change.new)
