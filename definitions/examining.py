"""Everything that can be said about a definition file: what is wrong with it, and what could be better."""

from dataclasses import dataclass
from pathlib import Path

from definitions.loader import mark_of, validate
from definitions.positions import Mark
from definitions.yaml_source import SourceError, read
from engine.definition.around import NOTHING_KNOWN, Around
from engine.definition.compiler import examine
from engine.definition.model import Definition


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing, at its place in a file."""

    file: str
    mark: Mark
    message: str
    rule: str = "invalid"
    warning: bool = False

    def __str__(self) -> str:
        """As editors and people read it: `file:line:column: problem`."""
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.mark.line}:{self.mark.column}: {kind}{self.message}"


def examine_file(path: Path, around: Around = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """All there is to say, in the order of the file. Never raises for what stands in it.

    Where the file does not fit the grammar, only that is told: nothing else can be known of it.
    """
    try:
        source = read(path)
        definition = validate(source, Definition)
    except SourceError as error:
        return tuple(Finding(error.file, mark, message) for mark, message in error.problems)
    problems = dict.fromkeys(
        Finding(source.file, mark_of(source, each), each.message, each.rule, each.warning)
        for each in examine(definition, around)
    )
    return tuple(sorted(problems))
