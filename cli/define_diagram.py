"""`termwise define diagram`: a definition as a picture."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.options import PLAIN, Options, UsageError
from cli.output import write_json
from cli.setup import settings
from definitions.catalogue import FILE
from definitions.loader import load_program
from engine.definition.program import Program
from reports.diagram.bpmn import model
from reports.diagram.mermaid import flowchart
from reports.diagram.svg import picture
from workers.wiring import catalogue

Format = Literal["mermaid", "svg", "bpmn"]
DRAW: Mapping[Format, Callable[[Program], str]] = {"mermaid": flowchart, "svg": picture, "bpmn": model}


def diagram(
    process: Annotated[str, Parameter(help="Its key, its file, or the folder of its file.")],
    /,
    *,
    drawn: Annotated[
        Format,
        Parameter(
            name="--format",
            help="Mermaid is text for wikis, SVG a picture, BPMN a model that process modellers open.",
        ),
    ] = "mermaid",
    out: Annotated[Path | None, Parameter(help="A file to write it to.")] = None,
    options: Options = PLAIN,
) -> None:
    """Draw a definition: as a Mermaid flowchart, as an SVG picture, or as BPMN 2.0 with lanes for the roles.

    Example: termwise define diagram moderation --format svg --out moderation.svg
    """
    program = _program(process)
    text = DRAW[drawn](program)
    if out:
        _write(out, text)
    if options.json:
        write_json({"process": program.definition.process, drawn: text})
    elif not out:
        print(text, end="")  # noqa: T201


def _program(process: str) -> Program:
    path = Path(process)
    if path.suffix or path.exists():
        return load_program(path / FILE if path.is_dir() else path)
    return catalogue(settings().definitions).program(process)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}; name another file") from error
    print(f"Written: {out}")  # noqa: T201 - a path is not broken into lines
