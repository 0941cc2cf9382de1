"""`termwise define test`: the scenarios of definitions, played in memory, and what they leave untried."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.exit_codes import ExitCode
from cli.options import PLAIN, Flag, Options, UsageError
from cli.output import show, table, write_json
from cli.setup import settings
from definitions.catalogue import FILE, Catalogue
from definitions.scenarios.loading import FOLDER, scenario_files
from definitions.scenarios.paths import BEGINNING
from definitions.scenarios.running import Failure, Rehearsed, Trusts, Verdict, run_scenarios
from definitions.trust import TrustFolder, load_trust
from engine.dates import say_day
from reports.story import story
from workers.wiring import catalogue

_SHOWN = 24
#: So many of a kind on one day are all told.
_ALIKE = 3


def run_tests(
    what: Annotated[
        str | None,
        Parameter(help="The key, file or folder of a definition, or one scenario; all unless said."),
    ] = None,
    /,
    *,
    require_coverage: Annotated[
        Flag, Parameter(help="A path that no scenario goes is a failure too.")
    ] = False,
    escalations: Annotated[Flag, Parameter(help="Count every rung of escalation as a path.")] = False,
    options: Options = PLAIN,
) -> int:
    """Play the scenarios of definitions in memory, and say which paths none of them goes.

    Example: termwise define test moderation
    """
    given = settings()
    known = catalogue(given.definitions)
    trusts = _trusts(given.trust)
    results = [
        run_scenarios(file, trusts, only, processes=known.run_by, escalations=escalations)
        for file, only in _plan(what, known)
    ]
    failed = any(verdict.failed for tested in results for verdict in tested.verdicts)
    if options.json:
        write_json({"definitions": [_plain(tested) for tested in results]})
    else:
        show(*(line for tested in results for line in _rendered(tested)))
    lacking = require_coverage and any(tested.uncovered for tested in results)
    return ExitCode.FINDINGS if failed or lacking else ExitCode.OK


def _plan(what: str | None, known: Catalogue) -> list[tuple[Path, list[Path] | None]]:
    """The definitions to test, each with the scenarios of it that are meant; none for all of them."""
    if what is None:
        return [(file, None) for file in known.files().values()]
    path = Path(what)
    if path.is_dir():
        own = [path / FILE] if (path / FILE).is_file() else sorted(path.glob(f"*/{FILE}"))
        if not own:
            raise UsageError(f"{what} is a folder without a {FILE} in it; give the folder of a definition")
        return [(file, None) for file in own]
    if path.suffix:
        return [_of_file(path)]
    known.program(what)
    return [(known.files()[what], None)]


def _of_file(path: Path) -> tuple[Path, list[Path] | None]:
    if path.parent.name != FOLDER:
        return path, None
    file = path.parent.parent / FILE
    if not path.is_file():
        raise UsageError(
            f"there is no {path}; there are {', '.join(each.name for each in scenario_files(file))}"
        )
    return file, [path]


def _trusts(usual: Path) -> Trusts:
    @cache
    def trust(folder: Path | None) -> TrustFolder:
        return load_trust(folder or usual)

    return trust


# ---- for people


def _rendered(tested: Rehearsed) -> Iterator[RenderableType]:
    for verdict in tested.verdicts:
        if verdict.failure:
            yield from _failed(verdict, verdict.failure)
        elif verdict.unreadable:
            yield Text(f"NOT PLAYED: {_short(verdict.file)}", "bold")
            yield Text(verdict.unreadable)
    yield Text(_summary(tested))


def _summary(tested: Rehearsed) -> str:
    count = len(tested.verdicts)
    if not count:
        return f"{tested.process}: no scenarios; write one in {tested.file.parent / FOLDER}"
    failed = sum(verdict.failure is not None for verdict in tested.verdicts)
    unread = sum(verdict.unreadable is not None for verdict in tested.verdicts)
    mean = fmean([v.milliseconds for v in tested.verdicts if not v.unreadable] or [0])
    covered = tested.paths - len(tested.uncovered)
    parts = [
        f"{tested.process}: {count} scenario{'' if count == 1 else 's'}, {mean:.0f} ms each",
        f"{failed} failed" if failed else "",
        f"{unread} could not be read" if unread else "",
        f"covers {covered} of {tested.paths} paths",
    ]
    missing = list(_missing(tested))
    said = ", ".join(filter(None, parts))
    return f"{said}; not covered:\n  " + "\n  ".join(missing) if missing else said


def _missing(tested: Rehearsed) -> Iterator[str]:
    """Each path that is not gone; of a step that never begins, nothing more."""
    never = {each.path.step for each in tested.uncovered if each.path.what == BEGINNING}
    for each in tested.uncovered:
        where = f"({_short(tested.file)}:{each.mark.line}:{each.mark.column})"
        if each.path.step not in never:
            yield f"{each.path} {where}"
        elif each.path.what == BEGINNING:
            yield f"{each.path.step}, which never begins {where}"


def _short(file: Path) -> Path:
    """As it is called from here, if it is below."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _failed(verdict: Verdict, failure: Failure) -> Iterator[RenderableType]:
    yield Text(f"FAILED: {verdict.title}", "bold")
    told = list(_timeline(failure))
    if len(told) > _SHOWN:
        yield Padding(Text(f"... {len(told) - _SHOWN} lines before", "dim"), (0, 0, 0, 2))
    yield from (Padding(Text(line), (0, 0, 0, 2)) for line in told[-_SHOWN:])
    yield Text(f"{_short(verdict.file)}:{failure.mark.line}:{failure.mark.column}: {failure.message}")
    if failure.differences:
        compared = table("", "expected", "found")
        for column in compared.columns:
            column.overflow = "fold"
        for each in failure.differences:
            compared.add_row(Text(each.what), Text(each.expected), Text(each.found))
        yield Padding(compared, (0, 0, 1, 2))


def _timeline(failure: Failure) -> Iterator[str]:
    """The story so far, a line for each sentence; of many alike on a day only the first."""
    told = story(failure.log, failure.directory) if failure.log else ()
    for (day, _), alike in groupby(told, lambda each: (each.at.date(), each.kind)):
        sentences = list(alike)
        shown = sentences if len(sentences) <= _ALIKE else sentences[:1]
        yield from (f"{say_day(day)}  {sentence.text}" for sentence in shown)
        if len(shown) < len(sentences):
            yield f"{say_day(day)}  ... and {len(sentences) - 1} more such"


# ---- for programs


def _plain(tested: Rehearsed) -> dict[str, object]:
    return {
        "process": tested.process,
        "file": str(tested.file),
        "scenarios": [_plain_verdict(verdict) for verdict in tested.verdicts],
        "paths": tested.paths,
        "uncovered": [
            {"path": str(each.path), "line": each.mark.line, "column": each.mark.column}
            for each in tested.uncovered
        ],
    }


def _plain_verdict(verdict: Verdict) -> dict[str, object]:
    failure = verdict.failure
    told = story(failure.log, failure.directory) if failure and failure.log else ()
    return {
        "file": str(verdict.file),
        "scenario": verdict.title,
        "milliseconds": round(verdict.milliseconds, 1),
        "unreadable": verdict.unreadable.splitlines() if verdict.unreadable else None,
        "failure": failure
        and {
            "line": failure.mark.line,
            "column": failure.mark.column,
            "message": failure.message,
            "differences": [
                {"what": each.what, "expected": each.expected, "found": each.found}
                for each in failure.differences
            ],
            "story": [{"at": each.at.isoformat(), "text": each.text} for each in told],
        },
    }
