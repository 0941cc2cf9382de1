"""Compiles steps, one method for each kind: what they read is checked, and what is known afterwards."""

from collections.abc import Callable, Mapping

from engine.definition import forms
from engine.definition.model import (
    Call,
    ChooseStep,
    Definition,
    ForEachStep,
    NotifyStep,
    ParallelStep,
    RepeatStep,
    SetStep,
    Step,
    TaskStep,
    WaitStep,
)
from engine.definition.names import (
    ANY,
    RESERVED,
    Names,
    after_all_of,
    after_one_of,
    changed,
    element_type,
    names_at_start,
)
from engine.definition.problems import Path, Problems
from engine.definition.program import Block, Node
from engine.definition.texts import Texts
from engine.functions import FUNCTIONS

MAX_STEPS = 500
Known = dict[str, str]


class StepCompiler:
    """Goes through the steps in the order of the file."""

    def __init__(self, definition: Definition, problems: Problems, texts: Texts) -> None:
        self.definition = definition
        self.problems = problems
        self.texts = texts
        self.steps: dict[str, Node] = {}
        self.stages: list[str] = []
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

    def _block(self, block: Block, steps: tuple[Step, ...], names: Names, path: Path, stage: str) -> Known:
        known = dict(names)
        for position, spec in enumerate(steps):
            known = self._step(block, spec, known, (*path, position), stage)
        return known

    def _inside(self, node: Node, steps: tuple[Step, ...], names: Names, path: Path) -> Known:
        block = Block(node)
        node.blocks.append(block)
        return self._block(block, steps, names, path, node.stage)

    def _step(self, block: Block, spec: Step, names: Known, path: Path, stage: str) -> Known:
        kind, name = _kind_and_name(spec)
        if not name:
            self._unnamed += 1
            name = f"{kind}-{self._unnamed}"
        node = Node(name, kind, spec, spec.stage or stage, block, len(block.steps), dict(names))
        block.steps.append(node)
        self._check_name(name, (*path, kind))
        self.steps.setdefault(name, node)
        return self._COMPILE[kind](self, node, spec, names, path)

    def _check_name(self, name: str, path: Path) -> None:
        if name in self.steps:
            self.problems.add(path, f"two steps are called {name!r}; each name may stand once")
        elif name in self._at_start:
            self.problems.add(path, f"{name!r} is already an input or a value; choose another name")
        elif name in RESERVED:
            self.problems.add(path, f"{name!r} means something else in expressions; choose another name")
        elif len(self.steps) == MAX_STEPS:
            self.problems.add(path, f"a definition may have at most {MAX_STEPS} steps")

    def _assign(self, name: str, path: Path) -> None:
        """A value gets this name here; whether a step has it too is known at the end."""
        self._assigned.append((name, path))
        if name in RESERVED:
            self.problems.add_name(path, f"{name!r} means something else in expressions; choose another name")

    # ---- kinds of step

    def _task(self, node: Node, spec: TaskStep, names: Known, path: Path) -> Known:
        if node.stage not in self.stages:
            self.stages.append(node.stage)
        self._template(node, "title", spec.title, names, path)
        self.texts.who(node, "who", spec.who, names, (*path, "who"))
        for days, phrase in spec.escalate.items():
            self.texts.who(node, f"escalate.{days}", phrase, names, (*path, "escalate", str(days)))
        if spec.due:
            node.due = self.texts.rule(spec.due, names, (*path, "due"))
        elif spec.escalate:
            self.problems.add_name((*path, "escalate"), "escalation needs a deadline: add `due`")
        for label, text in spec.show.items():
            self.texts.expect(node.expressions, f"show.{label}", text, names, (*path, "show", label))
        if spec.not_at:
            self.texts.expect(node.expressions, "not_at", spec.not_at, names, (*path, "not_at"))
        self._four_eyes(node, spec, names, path)
        forms.check(spec, self.definition.scales, path, self.problems)
        self._task_outcomes(node, spec, names, path)
        return {**names, node.id: ANY}

    def _four_eyes(self, node: Node, spec: TaskStep, names: Names, path: Path) -> None:
        # Only a task whose answer can be read from here: who did it would not be known of any other.
        earlier = [name for name, step in self.steps.items() if step.kind == "task" and name in names]
        if spec.not_done_by and spec.not_done_by not in earlier:
            known = [name for name in earlier if name != node.id]
            self.problems.unknown((*path, "not_done_by"), "earlier task in reach", spec.not_done_by, known)

    def _task_outcomes(self, node: Node, spec: TaskStep, names: Names, path: Path) -> None:
        earlier = {step.id: step for step in node.block.steps[: node.index] if step.kind != "set"}
        for name, outcome in spec.outcomes.items():
            if outcome and outcome.return_to:
                where = (*path, "outcomes", name, "return_to")
                target = earlier.get(outcome.return_to)
                if target is None:
                    self.problems.unknown(where, "earlier step of the same block", outcome.return_to, earlier)
                else:
                    self._same_types(target.names, names, where)
        if spec.outcomes and all(o and o.return_to for o in spec.outcomes.values()):
            self.problems.add_name(
                (*path, "outcomes"), "every outcome sends the work back; one must let it go on"
            )

    def _for_each(self, node: Node, spec: ForEachStep, names: Known, path: Path) -> Known:
        inner = dict(names)
        for name, text in spec.over.items():
            where: Path = (*path, "over", name)
            self._assign(name, where)
            found = self.texts.expect(node.expressions, f"over.{name}", text, names, where)
            if found not in {"list", ANY}:
                self.problems.add(where, f"expected a list, but {text!r} gives {found}")
            inner[name] = element_type(self.definition, text)
        for part, given in (("key", spec.key), ("school", spec.school)):
            if given:
                self.texts.expect(node.expressions, part, given, inner, (*path, part))
        self._inside(node, spec.steps, inner, (*path, "steps"))
        return {**names, node.id: "list"}

    def _repeat(self, node: Node, spec: RepeatStep, names: Known, path: Path) -> Known:
        after = self._inside(node, spec.steps, names, (*path, "steps"))
        until = self.texts.condition(spec.until, after, (*path, "until"))
        if until:
            node.expressions["until"] = until
        self._same_types(names, after, (*path, "repeat"))
        return after

    def _same_types(self, before: Names, after: Names, path: Path) -> None:
        # What is gone through again was checked for the types of the first time.
        for name in changed(before, after):
            message = f"{name!r} is {before[name]} the first time and {after[name]} when this is done again"
            self.problems.add(path, f"{message}; keep one type, or let it begin as null under `values`")

    def _choose(self, node: Node, spec: ChooseStep, names: Known, path: Path) -> Known:
        ways: list[Names] = []
        for position, case in enumerate(spec.cases):
            where: Path = (*path, "cases", position)
            if case.when is not None:
                when = self.texts.condition(case.when, names, (*where, "when"))
                if when:
                    node.expressions[f"when.{position}"] = when
            elif position < len(spec.cases) - 1:
                self.problems.add(
                    where, "only the last case may leave out `when`: those after it are never reached"
                )
            ways.append(self._inside(node, case.steps, names, (*where, "steps")))
        if spec.cases[-1].when is not None:
            ways.append(names)
        return after_one_of(ways)

    def _parallel(self, node: Node, spec: ParallelStep, names: Known, path: Path) -> Known:
        ways = [
            self._inside(node, steps, names, (*path, "branches", name))
            for name, steps in spec.branches.items()
        ]
        return after_all_of(ways, names)

    def _set(self, node: Node, spec: SetStep, names: Known, path: Path) -> Known:
        for name, value in spec.set.items():
            where: Path = (*path, "set", name)
            self._assign(name, where)
            if name in self.definition.inputs or name == "key":
                self.problems.add_name(where, f"{name!r} is an input and never changes; choose another name")
            if isinstance(value, Call):
                found = self._call(node, name, value, names, where)
            else:
                found = self.texts.expect(node.expressions, f"set.{name}", value, names, where)
            names = {**names, name: found}
        return names

    def _call(self, node: Node, name: str, call: Call, names: Names, path: Path) -> str:
        function = FUNCTIONS.get(call.function)
        if function is None:
            self.problems.unknown((*path, "function"), "function", call.function, FUNCTIONS)
            return ANY
        for argument, text in call.args.items():
            where = (*path, "with", argument)
            if argument not in function.takes:
                self.problems.unknown(where, f"argument of {call.function}", argument, function.takes)
            self.texts.expect(node.expressions, f"set.{name}.{argument}", text, names, where)
        for missing in sorted(function.needs - call.args.keys()):
            self.problems.add(path, f"{call.function} needs the argument {missing!r}: add it under `with`")
        return function.returns

    def _wait(self, node: Node, spec: WaitStep, names: Known, path: Path) -> Known:
        if spec.until is None and spec.event is None:
            self.problems.add(path, "a wait needs `until`, `event`, or both")
        if spec.event and not spec.by:
            self.problems.add(path, "say who may raise the event: add `by`")
        if spec.until:
            node.due = self.texts.rule(spec.until, names, (*path, "until"))
        if spec.by:
            self.texts.who(node, "by", spec.by, names, (*path, "by"))
        return {**names, node.id: ANY}

    def _notify(self, node: Node, spec: NotifyStep, names: Known, path: Path) -> Known:
        self.texts.who(node, "to", spec.to, names, (*path, "to"))
        self._template(node, "subject", spec.subject, names, path)
        self._template(node, "body", spec.body, names, path)
        return names

    def _template(self, node: Node, part: str, text: str, names: Names, path: Path) -> None:
        found = self.texts.template(text, names, (*path, part))
        if found:
            node.templates[part] = found

    _COMPILE: Mapping[str, Callable[..., Known]] = {
        "task": _task,
        "for_each": _for_each,
        "repeat": _repeat,
        "choose": _choose,
        "parallel": _parallel,
        "set": _set,
        "wait": _wait,
        "notify": _notify,
    }


def _kind_and_name(spec: Step) -> tuple[str, str]:  # noqa: PLR0911 - one line for each kind of step
    match spec:
        case TaskStep():
            return "task", spec.task
        case ForEachStep():
            return "for_each", spec.for_each
        case RepeatStep():
            return "repeat", spec.repeat
        case ChooseStep():
            return "choose", spec.choose
        case ParallelStep():
            return "parallel", spec.parallel
        case SetStep():
            return "set", ""
        case WaitStep():
            return "wait", spec.wait
        case NotifyStep():
            return "notify", spec.notify
