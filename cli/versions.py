"""Versions as people type them: a file, the key of a definition, or `KEY@DIGEST` for one that instances have pinned."""

from pathlib import Path

from definitions.catalogue import Catalogue
from definitions.versions import Version, version_in
from engine import library
from engine.definition.program import Program
from engine.errors import UnknownNameError
from storage.errors import AmbiguousIdError
from workers.settings import Settings
from workers.wiring import Records, open_all_records


async def version(typed: str, known: Catalogue, given: Settings) -> Version:
    """The version that is meant. Raises what is wrong with it; asks PostgreSQL only for one that is pinned."""
    key, at, digest = typed.partition("@")
    if not at or "/" in digest:
        return version_in(_shortly(file_of(typed, known)))
    async with open_all_records(given, size=1) as records:
        return await pinned_version(records, key, digest)


def file_of(typed: str, known: Catalogue) -> Path:
    """The file of a definition, named by itself, by its folder or by its key."""
    path = Path(typed)
    if path.suffix or path.exists():
        return path / "process.yaml" if path.is_dir() else path
    files = known.files()
    if typed not in files:
        raise UnknownNameError("process", typed, files)
    return files[typed]


def _shortly(file: Path) -> Path:
    """As people would type it from here."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


async def pinned_version(records: Records, key: str, digest: str) -> Version:
    """The version that instances have, by the beginning of its digest.

    Raises UnknownNameError, or AmbiguousIdError where several begin so.
    """
    fitting = [
        Version(program, f"{key}@{program.digest[:12]}")
        for program in await _stored(records, digest)
        if key in {"", program.definition.process}
    ]
    if len(fitting) > 1:
        told = ", ".join(each.program.digest[:12] for each in fitting[:5])
        raise AmbiguousIdError(f"{digest!r} is the beginning of several digests: {told}; type more of it")
    if not fitting:
        raise UnknownNameError(f"stored version of {key}", digest, await _digests(records, key))
    return fitting[0]


async def _stored(records: Records, digest: str) -> list[Program]:
    found = []
    for name, text in await records.documents.beginning("definition", digest):
        program = library.put("definition", name, text)
        if isinstance(program, Program):
            found.append(program)
    return found


async def _digests(records: Records, key: str) -> list[str]:
    return [each.digest[:12] for each in await _stored(records, "") if each.definition.process == key]
