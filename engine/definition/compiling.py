"""Compiles steps in the order of the file: what they read is checked, and what is known afterwards.

What is particular to a kind of step stands in its module in `engine/kinds/`.
"""

from collections.abc import Iterator, Mapping

from engine.definition import replies
from engine.definition.around import NOTHING_KNOWN, Around
from engine.definition.decision_table import Work
from engine.definition.declared import declared_types
from engine.definition.limits import MAX_STEPS
from engine.definition.model import Definition, Step, TaskStep
from engine.definition.names import RESERVED, Names, assigned_in, changed, names_at_start, set_again
from engine.definition.problems import Path, Problems
from engine.definition.program import Block, Kind, Node
from engine.definition.texts import Texts
from engine.value_types import Type

Known = dict[str, Type]


class Compiler:
    """Goes through the steps, and hands each to its kind."""

    def __init__(
        self,
        definition: Definition,
        kinds: Mapping[str, Kind],
        problems: Problems,
        texts: Texts,
        around: Around = NOTHING_KNOWN,
    ) -> None:
        self.definition = definition
        self.around = around
        self.problems = problems
        self.texts = texts
        self.steps: dict[str, Node] = {}
        self.stages: list[str] = []
        self.tables = Work()
        """What may still be done to check decision tables."""
        self.declared = declared_types(definition)
        """The types of the values that have one, whatever they are set to."""
        self._kinds = kinds
        self._at_start = names_at_start(definition)
        self._unnamed = 0
        self._assigned: list[tuple[str, Path]] = []

    def root(self) -> tuple[Block, Known]:
        """The whole process, and what is known at its end."""
        block = Block(None)
        known = self._block(block, self.definition.steps, self._at_start, ("steps",), self.definition.title)
        for name, path in self._assigned:
            if name in self.steps:
                self.problems.add_name(path, f"{name!r} is already the name of a step; choose another name")
        return block, known

    def handlers(self) -> dict[str, Node]:
        """What is done when something happens outside, by event. After all steps: they may be named in it."""
        found: dict[str, Node] = {}
        for event, spec in self.definition.on.items():
            kind, names = self._kinds["on"], dict(self._at_start)
            node = Node(
                f"on-{event}", kind, spec, self.definition.title, Block(None), 0, names, ("on", event)
            )
            found[event] = node
            kind.compile_step(self, node, spec, names, ("on", event))
        return found

    def inside(self, node: Node, steps: tuple[Step, ...], names: Names, path: Path) -> Known:
        """Compile a block of steps inside a step; what is known at its end."""
        block = Block(node)
        node.blocks.append(block)
        return self._block(block, steps, names, path, node.stage)

    def assign(self, name: str, path: Path) -> None:
        """A value gets this name here; whether a step has it too is known at the end."""
        self._assigned.append((name, path))
        if name in RESERVED:
            self.problems.add_name(path, f"{name!r} means something else in expressions; choose another name")

    def again(self, names: Names, steps: tuple[Step, ...]) -> Known:
        """What is known at the beginning of steps that may be gone through again: what they set may have changed."""
        return self._set_again(names, assigned_in(steps))

    def _set_again(self, names: Names, assigned: frozenset[str]) -> Known:
        return set_again(names, assigned - self.declared.keys())

    def template(self, node: Node, part: str, text: str, names: Names, path: Path) -> None:
        """Compile a text with holes, which stands at the key `part` of the step."""
        found = self.texts.template(text, names, (*path, part))
        if found:
            node.templates[part] = found

    def same_types(self, before: Names, after: Names, path: Path) -> None:
        """What is gone through again was checked for the types of the first time: they must be the same."""
        for name in changed(before, after):
            message = f"{name!r} is {before[name]} the first time and {after[name]} when this is done again"
            self.problems.add(path, f"{message}; keep one type, or let it begin as null under `values`")

    def _block(self, block: Block, steps: tuple[Step, ...], names: Names, path: Path, stage: str) -> Known:
        known = dict(names)
        placed = list(self._with_replies(steps, path))
        every = tuple(spec for spec, _ in placed)
        assigned = [assigned_in(spec) for spec in every]
        for position, (spec, place) in enumerate(placed):
            again = assigned[position : position + self._done_again(every[position:])]
            known = self._set_again(known, frozenset[str]().union(*again))
            known = self._step(block, spec, known, place, stage)
        return known

    def _with_replies(self, steps: tuple[Step, ...], path: Path) -> Iterator[tuple[Step, Path]]:
        """The steps as they stand, each with its place, and behind a task the reply to it."""
        for position, spec in enumerate(steps):
            place: Path = (*path, position)
            yield spec, place
            if isinstance(spec, TaskStep) and spec.reply and replies.is_too_long(spec.task):
                self.problems.add(
                    (*place, "task"), "the name is too long for a task with a reply; shorten it"
                )
            elif isinstance(spec, TaskStep) and spec.reply:
                yield replies.reply_step(spec, spec.reply), (*place, "reply")

    def _done_again(self, steps: tuple[Step, ...]) -> int:
        """How many of these steps are done again, up to the last that sends the work back to the first."""
        first = getattr(steps[0], self._kind(steps[0]).name)
        backs = [
            number
            for number, step in enumerate(steps, 1)
            if isinstance(step, TaskStep) and any(o and o.return_to == first for o in step.outcomes.values())
        ]
        return max(backs, default=0)

    def _kind(self, spec: Step) -> Kind:
        return next(kind for name, kind in self._kinds.items() if name in type(spec).model_fields)

    def _step(self, block: Block, spec: Step, names: Known, path: Path, stage: str) -> Known:
        kind = self._kind(spec)
        name = getattr(spec, kind.name)
        if not kind.named:
            self._unnamed += 1
            name = f"{kind.name}-{self._unnamed}"
        node = Node(name, kind, spec, spec.stage or stage, block, len(block.steps), dict(names), path)
        block.steps.append(node)
        self._check_name(name, (*path, kind.name))
        self.steps.setdefault(name, node)
        return kind.compile_step(self, node, spec, names, path)

    def _check_name(self, name: str, path: Path) -> None:
        if name in self.steps:
            self.problems.add(path, f"two steps are called {name!r}; each name may stand once")
        elif name in self._at_start:
            self.problems.add(path, f"{name!r} is already an input or a value; choose another name")
        elif name in RESERVED:
            self.problems.add(path, f"{name!r} means something else in expressions; choose another name")
        elif len(self.steps) == MAX_STEPS:
            self.problems.add(path, f"a definition may have at most {MAX_STEPS} steps")
