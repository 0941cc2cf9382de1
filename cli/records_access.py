"""`termwise records subject-access`: all that is held about a person, for them to read."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from cli.options import UNSAID, ActingOptions, UsageError
from cli.output import facts, note, show, write_json
from cli.setup import open_desk
from engine.errors import NotAllowedError
from engine.register.authority import administers
from engine.timezone import local_date
from reports import html
from reports.subject_access import Pack
from workers.subject_access import subject_access as gather


async def subject_access(
    person: Annotated[str, Parameter(help="Whose: an id, a name or an e-mail address.")],
    /,
    *,
    output: Annotated[Path, Parameter(help="The folder for the page and the JSON file.")] = Path(),
    also: Annotated[
        tuple[str, ...], Parameter(help="Another name they go by, such as a former one; as often as needed.")
    ] = (),
    options: ActingOptions = UNSAID,
) -> None:
    """Gather all that is held about a person: a page for them to read, and a JSON file. For administrators.

    Others are called person A, person B and so on. Names that others wrote in free text may be only half a name: read
    the page before you hand it over.

    Example: termwise records subject-access "Lucy Fenwick" --also "Lucy" --output for-lucy --as "Hannah Lister"
    """
    async with open_desk(options.as_) as desk:
        directory, reader = desk.trust.directory, desk.records.reader.person
        if reader is not None and not administers(directory, reader, local_date(desk.now)):
            raise NotAllowedError(
                "all that is held about a person is gathered by administrators of the trust"
            )
        whose = directory.by_name_or_id(person).id
        note("Reading the whole log ...")
        pack = await gather(desk.records, directory, whose, _names(also), desk.now)
    page, file = _write(output, pack)
    if options.json:
        write_json(
            {
                "person": whose,
                "page": str(page),
                "file": str(file),
                "events": pack.events,
                "found": _found(pack),
            }
        )
        return
    show(
        Text(f"What is held about {pack.name}", "bold"),
        facts({title: str(n) for title, n in _found(pack).items()}),
        facts({"Page": str(page), "File": str(file)}),
        "Read it before you hand it over: free texts may name others by half a name.",
    )


def _names(also: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(each.strip() for each in also)
    if not all(names):
        raise UsageError("--also gives an empty name; leave it out, or write the name")
    return names


def _found(pack: Pack) -> dict[str, int]:
    """How much stands in each part."""
    return {title: len(lines) for title, _, lines in pack.sections} | {
        t.title: len(t.rows) for t in pack.tables
    }


def _write(folder: Path, pack: Pack) -> tuple[Path, Path]:
    # The id and no name: names of files go into logs and backups.
    page, file = (folder / f"subject-access-{pack.person}.{end}" for end in ("html", "json"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in ((page, html.subject_access(pack)), (file, pack.model_dump_json(indent=2))):
            path.touch(mode=0o600)
            path.chmod(0o600)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            f"{error.filename} cannot be written: {error.strerror}; name another folder"
        ) from error
    return page, file
