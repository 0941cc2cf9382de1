"""Definitions: the processes there are, and what helps to write one.

Example: termwise define check my-processes/peer-review/process.yaml
"""

from typing import Annotated

from cyclopts import App, Parameter

from cli import define_diff, define_simulate, define_test
from cli.define_check import check
from cli.define_diagram import diagram
from cli.define_new import new
from cli.options import PLAIN, Flag, Options
from cli.output import facts, show, write_json
from cli.setup import settings
from definitions.catalogue import BUILT_IN
from definitions.schema import scenario_schema_text, schema_text
from engine.definition.program import Program
from workers.wiring import catalogue

app = App(name="define")
app.command(check)
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
