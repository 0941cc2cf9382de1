"""`termwise define check`: every problem of a definition, and what could be better about it."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.exit_codes import ExitCode
from cli.options import PLAIN, Flag, Options
from cli.output import show, write_json
from cli.setup import settings
from definitions.catalogue import Catalogue
from definitions.examining import Finding, examine_file
from definitions.trust import load_trust
from engine.definition.around import Around
from engine.definition.checks.all import RULES
from engine.errors import TermwiseError, UnknownNameError
from reports.sarif import Result, sarif
from workers import plugins
from workers.settings import Settings
from workers.wiring import catalogue

_VERSION = "0.1.0"


def check(
    what: Annotated[
        str | None, Parameter(help="A file, its folder, or the key of a definition; all unless said.")
    ] = None,
    /,
    *,
    form: Annotated[
        Literal["text", "json", "sarif"], Parameter(name="--format", help="How to say it.")
    ] = "text",
    strict: Annotated[Flag, Parameter(help="Warnings fail, too.")] = False,
    options: Options = PLAIN,
) -> int:
    """Check definitions: every problem, as file:line:column, and every warning.

    A warning is what can be run and is probably not meant. Roles are looked for in the trust of the settings.

    Example: termwise define check definitions/moderation/process.yaml
    """
    given = settings()
    known = catalogue(given.definitions)
    files, around = _files(what, known), _around(given, known)
    found = [finding for file in files for finding in examine_file(file, around)]
    if form == "sarif":
        write_json(sarif(map(_result, found), RULES, _VERSION))
    elif options.json or form == "json":
        write_json({"files": [str(file) for file in files], "problems": [_plain(each) for each in found]})
    else:
        _tell(files, found)
    failed = [each for each in found if strict or not each.warning]
    return ExitCode.USAGE if failed else ExitCode.OK


def _tell(files: list[Path], found: list[Finding]) -> None:
    for finding in found:
        print(finding)  # noqa: T201 - one line each, for editors
    about = {finding.file for finding in found}
    show(*(f"{file}: no problems" for file in files if str(file) not in about))


def _files(what: str | None, known: Catalogue) -> list[Path]:
    if what is None:
        return list(known.files().values())
    path = Path(what)
    if path.suffix or path.exists():
        return [path / "process.yaml" if path.is_dir() else path]
    if what not in known.files():
        raise UnknownNameError("process", what, known.files())
    return [known.files()[what]]


def _around(given: Settings, known: Catalogue) -> Around:
    """What there is here; without a readable trust nothing is said about roles."""
    try:
        directory = load_trust(given.trust).directory
    except TermwiseError:
        directory = None
    return known.around(plugins.activities(), directory)


def _plain(finding: Finding) -> dict[str, str | int]:
    return {
        "file": finding.file,
        "line": finding.mark.line,
        "column": finding.mark.column,
        "severity": "warning" if finding.warning else "error",
        "rule": finding.rule,
        "message": finding.message,
    }


def _result(finding: Finding) -> Result:
    mark = finding.mark
    return Result(finding.rule, finding.message, finding.file, mark.line, mark.column, finding.warning)
