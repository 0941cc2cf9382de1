"""A definition made ready to run: every step found by name, every expression compiled once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.deadlines import DueRule
from engine.definition.decision_table import Table
from engine.definition.model import Definition, Handler, Step
from engine.definition.phrases import Who
from engine.definition.schedule import Schedule
from engine.expressions import Expression
from engine.templates import Template
from engine.value_types import Type


def _has_no_steps_inside(*_: object) -> None:
    raise TypeError("a step of this kind has no steps inside")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of step does. Its functions stand in a module of `engine/kinds/`, its line in the registry there."""

    name: str
    """The key that begins such a step: `task`."""
    compile_step: Callable[..., dict[str, Type]]
    """`(compiler, node, spec, names, path)`: check the step, compile its texts; the names known after it."""
    begin: Callable[..., None]
    """`(run, node, spec, address)`: begin the step at this address."""
    named: bool = True
    """Whether the value of its key is the step's name."""
    inner_finished: Callable[..., None] = _has_no_steps_inside
    """`(run, node, spec, address, block)`: a block of the step at this address is finished."""
    time_came: Callable[..., None] = _has_no_steps_inside
    """`(run, node, spec, address)`: the deadline of the step at this address has come."""


@dataclass(slots=True)
class Block:
    """Steps that run one after the other."""

    owner: "Node | None"
    """The step this block is inside of; none for the whole process."""
    steps: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Node:
    """One step, with all that its text compiled to."""

    id: str
    does: Kind
    spec: Step | Handler
    stage: str
    block: Block
    index: int
    names: Mapping[str, Type]
    """The names visible to it, with their types."""
    path: tuple[str | int, ...] = ()
    """Where it stands in the file."""
    blocks: list[Block] = field(default_factory=list)
    expressions: dict[str, Expression] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    whos: dict[str, tuple[Who, ...]] = field(default_factory=dict)
    due: DueRule | None = None
    table: Table | None = None
    """The rows of a decision."""

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.does.name

    @property
    def following(self) -> "Node | None":
        """The next step of the same block."""
        after = self.block.steps[self.index + 1 : self.index + 2]
        return after[0] if after else None

    def reads(self) -> frozenset[str]:
        """Every name that it or the steps inside it may read."""
        own: set[str] = set(self.due.names() if self.due else ())
        own |= {name for each in self.expressions.values() for name in each.names}
        own |= {name for each in self.templates.values() for name in each.names}
        roots = {name.split(".")[0] for name in own}
        return frozenset(roots).union(*(step.reads() for block in self.blocks for step in block.steps))


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule with its texts compiled."""

    spec: Schedule
    rule: DueRule
    inputs: Mapping[str, Expression]
    """What it sets, by input."""


@dataclass(slots=True, repr=False)
class Program:
    """A definition that passed every check."""

    definition: Definition
    digest: str
    root: Block
    steps: Mapping[str, Node]
    stages: tuple[str, ...]
    key: Template
    name: Template
    term: Expression | None
    conditions: Mapping[str, Expression]
    """By final outcome; the last has none."""
    names: Mapping[str, Type]
    """What is known at the end, with its types."""
    reports: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)
    """What is kept with each final outcome, by name."""
    schedules: tuple[Scheduled, ...] = ()
    given: Mapping[str, Expression] = field(default_factory=dict)
    """What the tables among the inputs compute and check."""
    handlers: Mapping[str, Node] = field(default_factory=dict)
    """What is done when something happens outside, by event."""

    def __repr__(self) -> str:
        return f"Program({self.definition.process}, version {self.definition.version}, {self.digest[:12]})"

    def walk(self) -> Iterator[Node]:
        """Every step in the order of the file."""
        yield from self.steps.values()
