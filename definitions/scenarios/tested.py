"""The definition under test with those it runs, and which of them has the step that a script names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.definition.model import ForEachStep, TaskStep
from engine.definition.outward import CallStep
from engine.definition.program import Node, Program
from engine.errors import UnknownNameError

_NAMED = re.compile(r"(?P<step>\S+)(?: of (?P<process>\S+))?")
_KINDS: dict[type[object], str] = {TaskStep: "task", ForEachStep: "for-each"}
Step = tuple[str, str]
"""A process, and the name of a step of it."""


@dataclass(frozen=True, slots=True)
class Tested:
    """The definition under test, and the processes it runs by key."""

    program: Program
    others: Mapping[str, Program]

    @property
    def key(self) -> str:
        """The key of the definition under test."""
        return self.program.definition.process

    @property
    def programs(self) -> dict[str, Program]:
        """All of them, the one under test first."""
        return {self.key: self.program, **self.others}

    def meant(self, step: str, process: str = "") -> list[Step]:
        """What a step's name stands for: in the process that is named; or in the one under test; or in any other."""
        wanted = [process] if process else [self.key] if step in self.program.steps else [*self.others]
        return [(key, step) for key in wanted if key in self.programs and step in self.programs[key].steps]

    def named(self, text: str, kind: type[object] = object) -> list[Step]:
        """What `look` or `look of visit` stands for, of this kind of step. Raises UnknownNameError."""
        found = _NAMED.fullmatch(text)
        step, process = (found["step"], found["process"] or "") if found else (text, "")
        if process and process not in self.programs:
            raise UnknownNameError("process that is run", process, self.others)
        meant = [each for each in self.meant(step, process) if isinstance(self.node(each).spec, kind)]
        if not meant:
            what = _KINDS.get(kind, "step")
            raise UnknownNameError(what, step, self.names(process, kind))
        return meant

    def node(self, step: Step) -> Node:
        """The step itself."""
        process, name = step
        return self.programs[process].steps[name]

    def names(self, process: str = "", kind: type[object] = object) -> list[str]:
        """The names that may be written of this kind of step, in one process or in all, each once."""
        programs = [self.programs[process]] if process else self.programs.values()
        every = (node for each in programs for node in each.walk())
        return list(
            dict.fromkeys(node.id for node in every if node.does.named and isinstance(node.spec, kind))
        )

    def label(self, step: Step) -> str:
        """How a step is written."""
        process, name = step
        return name if process == self.key else f"{name} of {process}"

    def calls(self) -> list[str]:
        """The activities that are called, each once."""
        every = (node for each in self.programs.values() for node in each.walk())
        return list(dict.fromkeys(node.spec.activity for node in every if isinstance(node.spec, CallStep)))
