"""Definitions: the processes there are, and what helps to write one.

Example: termwise define check my-processes/peer-review/process.yaml
"""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli import define_diff, define_simulate, define_test
from cli.define_diagram import diagram
from cli.define_new import new
from cli.exit_codes import ExitCode
from cli.options import PLAIN, Flag, Options
from cli.output import facts, show, write_json
from cli.setup import settings
from definitions.catalogue import BUILT_IN, Catalogue
from definitions.loader import load_program
from definitions.schema import scenario_schema_text, schema_text
from definitions.yaml_source import SourceError
from engine.definition.around import Around
from engine.definition.program import Program
from workers import plugins
from workers.wiring import catalogue

app = App(name="define")
app.command(define_test.run_tests, name="test")
app.command(define_simulate.simulate)
app.command(define_diff.diff)
SCHEMA = BUILT_IN / "process.schema.json"
SCENARIOS = BUILT_IN / "scenario.schema.json"


@app.command(name="list")
def list_definitions(*, options: Options = PLAIN) -> None:
    """List the definitions there are.

    Example: termwise define list
    """
    known = catalogue(settings().definitions)
    theirs = known.plugins()
    programs = {key: known.program(key) for key in known.files()}
    if options.json:
        write_json({"definitions": [_facts(each, theirs.get(key)) for key, each in programs.items()]})
        return
    for key, program in programs.items():
        definition = program.definition
        show(f"{definition.title}, version {definition.version}")
        said = {"process": definition.process, "owner": definition.owner, "purpose": definition.purpose}
        show(facts({**said, **({"plug-in": theirs[key]} if key in theirs else {})}))


def _facts(program: Program, plugin: str | None) -> dict[str, object]:
    kept = {"process", "version", "title", "purpose", "owner", "start_by", "inputs"}
    said = program.definition.model_dump(mode="json", include=kept)
    return {**said, "digest": program.digest, "plugin": plugin}


@app.command
def check(
    what: Annotated[
        str | None, Parameter(help="A file, or the key of a definition; all unless said.")
    ] = None,
    /,
    *,
    options: Options = PLAIN,
) -> int:
    """Check definitions: every problem, as file:line:column.

    Example: termwise define check definitions/moderation/process.yaml
    """
    known = catalogue(settings().definitions)
    around = known.around(plugins.activities())
    files = _files(what, known)
    problems = [problem for file in files for problem in _problems(file, around)]
    if options.json:
        write_json({"files": [str(file) for file in files], "problems": problems})
    for each in [] if options.json else problems:
        print(f"{each['file']}:{each['line']}:{each['column']}: {each['message']}")  # noqa: T201
    if not options.json and not problems:
        show(*(f"{file}: no problems" for file in files))
    return ExitCode.USAGE if problems else ExitCode.OK


def _files(what: str | None, known: Catalogue) -> list[Path]:
    if what is None:
        return list(known.files().values())
    path = Path(what)
    if path.suffix or path.exists():
        return [path / "process.yaml" if path.is_dir() else path]
    known.program(what)
    return [known.files()[what]]


def _problems(file: Path, around: Around) -> list[dict[str, str | int]]:
    try:
        load_program(file, around=around)
    except SourceError as error:
        return [
            {"file": error.file, "line": mark.line, "column": mark.column, "message": message}
            for mark, message in error.problems
        ]
    return []


@app.command
def schema(
    *,
    write: Annotated[
        bool, Parameter(help=f"Write both to {SCHEMA.name} and {SCENARIOS.name}, where files look for them.")
    ] = False,
    scenarios: Annotated[Flag, Parameter(help="That of scenarios, not of definitions.")] = False,
    options: Options = PLAIN,  # noqa: ARG001 - it is JSON either way
) -> None:
    """Print the JSON Schema of definition files, with which an editor helps to write one.

    Example: termwise define schema > process.schema.json
    """
    if write:
        SCHEMA.write_text(schema_text(), "utf-8")
        SCENARIOS.write_text(scenario_schema_text(), "utf-8")
        show(f"Written: {SCHEMA}", f"Written: {SCENARIOS}")
    else:
        print(scenario_schema_text() if scenarios else schema_text(), end="")  # noqa: T201


app.command(diagram)
app.command(new)
