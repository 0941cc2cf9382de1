"""`termwise people import` and `export`: the people of a trust from files, and to files."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions, UsageError
from cli.output import show, write_json
from cli.register_book import read_book
from cli.register_change import Change, Correct, DryRun, change
from cli.setup import open_desk
from cli.wording import counted
from definitions import exporting
from definitions.imports import people_csv, trust_yaml
from engine.errors import TermwiseError
from engine.people import Directory
from engine.register.authority import require_administrator
from engine.register.merging import Incoming, Merged, Merging
from engine.register.register import Register
from reports.register_sentences import post_in_words

_SHOWN = 8
_YAML = {".yaml", ".yml"}


async def import_people(  # noqa: PLR0913 - a file, whose it is, and how
    file: Annotated[
        Path,
        Parameter(
            help="people.yaml, people.csv, posts.csv, contracts.csv or managers.csv; or a folder of them."
        ),
    ],
    /,
    *,
    school: Annotated[
        str | None, Parameter(help="The file is of this school; others are left alone.")
    ] = None,
    leavers_on: Annotated[
        date | None, Parameter(help="The last day of whoever is missing from the file; else they stay.")
    ] = None,
    correct: Correct = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Take over what files say of people. What they do not say stays as it is; nobody is ever removed.

    Example: termwise people import staff/people.csv --school hollins --dry-run
    """

    def make(register: Register, today: date) -> Change:
        known = register.directory
        if school:
            known.school(school)
        incoming = read(file, known)
        found = Merging(known, today, school, leavers_on).merge(incoming)
        return Change(found.directory, (*incoming.notes, *_left(found, known, ends=leavers_on is not None)))

    await change(make, options, dry_run=dry_run, correct=correct, why=reason)


def read(path: Path, known: Directory) -> Incoming:
    """What a file or a folder says of people. Raises UsageError, and SourceError with every mistake."""
    if path.is_dir():
        tables = [path / name for name in people_csv.COLUMNS if (path / name).exists()]
        return people_csv.read_people(tables, known) if tables else trust_yaml.read_people(path, known)
    if path.suffix.lower() in _YAML:
        return trust_yaml.read_people(path, known)
    if path.suffix.lower() == ".csv":
        return people_csv.read_people([path], known)
    raise UsageError(f"{path} holds no people; give a .yaml or .csv file, or a folder")


def _left(found: Merged, known: Directory, *, ends: bool) -> list[str]:
    """Who and what is missing from the file, in sentences."""
    lines = []
    if found.missing:
        names = ", ".join(known.person(each).name for each in found.missing[:_SHOWN])
        more = f" and {len(found.missing) - _SHOWN} more" if len(found.missing) > _SHOWN else ""
        what = "they leave" if ends else "they stay as they are; --leavers-on DATE would end their posts"
        lines.append(f"Not in the file: {names}{more}; {what}.")
    if found.missing_posts:
        lines.append(
            f"{counted(len(found.missing_posts), 'post')} of people in the file not in it; they go on:"
        )
        for person, post in found.missing_posts[:_SHOWN]:
            lines.append(f"  {known.person(person).name}: {post_in_words(post, known)}")
        if len(found.missing_posts) > _SHOWN:
            lines.append(f"  ... and {len(found.missing_posts) - _SHOWN} more")
    return lines


async def export(
    folder: Annotated[Path, Parameter(help="Where the files are written; it is made if it is not there.")],
    /,
    *,
    format_: Annotated[Literal["yaml", "csv"], Parameter(name="--format", help="yaml or csv.")] = "yaml",
    options: ActingOptions = UNSAID,
) -> None:
    """Write the people to files that `people import` reads back to the same; as YAML the schools too.

    Example: termwise people export backup --format csv
    """
    async with open_desk() as desk:
        register = (await read_book(desk)).register
        directory = register.directory
        if options.as_:
            reader = directory.by_name_or_id(options.as_).id
            require_administrator(register, reader, desk.now, "export everybody")
    files = exporting.to_yaml(directory) if format_ == "yaml" else exporting.to_csv(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise TermwiseError(f"{folder} cannot be written: {error.strerror}") from error
    if options.json:
        write_json({"folder": str(folder), "files": sorted(files)})
    else:
        show(f"Written to {folder}: {', '.join(files)}.")
