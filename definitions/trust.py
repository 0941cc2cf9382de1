"""A trust as its folder describes it: `trust.yaml`, `people.yaml` and `calendar.yaml`."""

from dataclasses import dataclass
from pathlib import Path

from definitions.loader import load_document, validate
from definitions.positions import Mark
from definitions.yaml_source import Source, SourceError, read
from engine.calendar import Calendar
from engine.people import Directory


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """What the folder says now. Running instances keep what it said when they started."""

    directory: Directory
    calendar: Calendar


def load_trust(folder: Path) -> TrustFolder:
    """Read a trust's folder. Raises SourceError with the file and place of every problem."""
    if not folder.is_dir():
        raise SourceError(
            str(folder), [(Mark(1, 1), "is not a folder; set TERMWISE_TRUST to the folder of the trust")]
        )
    return TrustFolder(_directory(folder), load_document(folder / "calendar.yaml", Calendar))


def _directory(folder: Path) -> Directory:
    trust, people = read(folder / "trust.yaml"), read(folder / "people.yaml")
    said = people.data if isinstance(people.data, dict) else {}
    base = trust.data if isinstance(trust.data, dict) else {}
    if twice := sorted(said.keys() & base.keys()):
        raise SourceError(
            people.file, [(people.mark((twice[0],)), f"{twice[0]!r} stands in trust.yaml already")]
        )
    # Most of a directory, and so most of its mistakes, is its people: their file's places are shown.
    both = Source(people.file, {**base, **said}, people.positions)
    return validate(both, Directory)
