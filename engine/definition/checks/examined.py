"""What the checks look at: a definition as far as it compiled, and the trust it is for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.definition.model import Definition
from engine.definition.problems import Path
from engine.definition.program import Block, Node
from engine.expressions import Expression
from engine.people import Directory
from engine.templates import Template


@dataclass(frozen=True, slots=True)
class Examined:
    """A definition, its steps, and perhaps a directory. Texts that could not be read are missing."""

    definition: Definition
    root: Block
    steps: Mapping[str, Node]
    handlers: Mapping[str, Node]
    key: Template | None
    name: Template | None
    directory: Directory | None = None
    """The trust for which it is checked; without one, nothing is said about people."""
    reports: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)
    """What each outcome reports."""

    def nodes(self) -> Iterator[Node]:
        """Every step, and what is done when something happens outside."""
        yield from self.steps.values()
        yield from self.handlers.values()

    def blocks(self) -> Iterator[Block]:
        """Every block of steps."""
        yield self.root
        for node in self.nodes():
            yield from node.blocks


def expressions_of(node: Node) -> Iterator[tuple[Path, Expression]]:
    """The expressions of a step itself, each with its place in the file."""
    for part, expression in node.expressions.items():
        if not part.startswith("name."):
            yield (*node.path, *place_of(part)), expression


def texts_of(node: Node) -> Iterator[tuple[Path, Template]]:
    """The texts with holes of a step itself."""
    for part, template in node.templates.items():
        yield (*node.path, part), template


def place_of(part: str) -> Path:
    """Where in its step a compiled part stands: `show.Marks` is under `show`, at `Marks`."""
    if part.startswith("when."):
        return ("cases", int(part.removeprefix("when.")), "when")
    head, dot, rest = part.partition(".")
    return (head, rest) if dot else (head,)
