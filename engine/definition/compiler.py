"""Turns a definition into a program, or lists all that is wrong with it, each with the place in the file."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from engine.deadlines import DeadlineRuleError, parse_rule
from engine.definition.model import (
    Call,
    ChooseStep,
    Column,
    Definition,
    ForEachStep,
    Input,
    NotifyStep,
    ParallelStep,
    RepeatStep,
    SetStep,
    Step,
    Steps,
    Table,
    TaskStep,
    WaitStep,
)
from engine.definition.phrases import PhraseError, Who, parse_who
from engine.definition.program import Block, Node, Program
from engine.errors import TermwiseError, UnknownNameError
from engine.expressions import Expression, ExpressionError
from engine.functions import FUNCTIONS
from engine.templates import Template

Path = tuple[str | int, ...]
MAX_STEPS = 500
_INPUT_TYPES = {"integer": "integer", "number": "number", "yes-no": "yes-no"}
#: What an answer always carries beside its form, so no field may take these names.
RESULT_NAMES = frozenset({"outcome", "by", "done", "reason", "round"})
_SPECIAL_ANCHORS = frozenset({"start", "opened"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a definition: where (path of keys and positions, characters into the text), and what."""

    path: Path
    message: str
    offset: int = 0


class DefinitionError(TermwiseError):
    """A definition that cannot be used. Every problem is listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{'.'.join(map(str, p.path))}: {p.message}" for p in problems))


def canonical_json(definition: Definition) -> str:
    """The definition's content as text, in the order of the file, which has a meaning."""
    plain = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """The content digest (SHA-256, hex) by which an instance pins a document."""
    return sha256(text.encode()).hexdigest()


def compile_definition(definition: Definition) -> Program:
    """The program of this definition. Raises DefinitionError with every problem found."""
    compiler = _Compiler(definition)
    program = compiler.program()
    if compiler.problems:
        raise DefinitionError(tuple(compiler.problems))
    return program


def element_type(definition: Definition, text: str) -> str:
    """The type of the members of a list, as far as the file says."""
    given = definition.inputs.get(text.strip())
    return "text" if given and given.type.startswith("list of") else "any"


def names_at_start(definition: Definition) -> dict[str, str]:
    """The names every step may read: the inputs, the values and the key."""
    names = {"key": "text"}
    for name, given in definition.inputs.items():
        names[name] = "list" if given.type.startswith("list") else _INPUT_TYPES.get(given.type, "text")
    for name, value in definition.values.items():
        names[name] = {list: "list", str: "text", bool: "yes-no", int: "integer", float: "number"}.get(
            type(value), "any"
        )
    return names


class _Compiler:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.problems: list[Problem] = []
        self.steps: dict[str, Node] = {}
        self.stages: list[str] = []
        self.unnamed = 0

    def program(self) -> Program:
        names = names_at_start(self.definition)
        header: dict[str, Template | Expression] = {}
        for part in ("key", "name"):
            self._template(header, part, getattr(self.definition, part), names, (part,))
        if self.definition.term:
            self._expression(header, "term", self.definition.term, names, ("term",))
        self._inputs(names)
        root = Block(None)
        known = self._block(root, self.definition.steps, dict(names), ("steps",), self.definition.title)
        self._outcomes(header, known)
        text = canonical_json(self.definition)
        return Program(self.definition, digest(text), root, self.steps, tuple(self.stages), header)

    # ---- parts of the header

    def _inputs(self, names: Mapping[str, str]) -> None:
        for name, given in self.definition.inputs.items():
            path: Path = ("inputs", name)
            if given.type == "choice" and not given.of:
                self._problem(path, "a choice needs its choices: add `of: [...]`")
            if given.type == "choice" and given.default is not None and given.default not in given.of:
                self._unknown((*path, "default"), "choice", str(given.default), given.of)
            if given.type == "date" and given.default is not None:
                self._rule(str(given.default), names, (*path, "default"))
            if name in self.definition.values:
                self._problem(("values", name), f"{name!r} is already an input; choose another name")

    def _outcomes(self, header: dict[str, Template | Expression], names: Mapping[str, str]) -> None:
        outcomes = list(self.definition.outcomes.items())
        for position, (name, outcome) in enumerate(outcomes):
            path: Path = ("outcomes", name)
            if outcome.when is None and position < len(outcomes) - 1:
                self._problem(path, "only the last outcome may leave out `when`: those after it are never reached")
            if outcome.when is not None:
                self._condition(header, f"outcome.{name}", outcome.when, names, (*path, "when"))
        if outcomes[-1][1].when is not None:
            self._problem(("outcomes", outcomes[-1][0]), "the last outcome must leave out `when`, so that one always holds")

    # ---- steps

    def _block(self, block: Block, steps: Steps, names: dict[str, str], path: Path, stage: str) -> dict[str, str]:
        """Compile the steps in order; the names known after the last are returned."""
        for position, spec in enumerate(steps):
            names = self._step(block, spec, names, (*path, position), stage)
        return names

    def _step(self, block: Block, spec: Step, names: dict[str, str], path: Path, stage: str) -> dict[str, str]:
        kind, name = _kind_and_name(spec)
        if kind == "set":
            self.unnamed += 1
            name = f"set-{self.unnamed}"
        own_stage = spec.stage or stage
        node = Node(name, kind, spec, own_stage, block, len(block.steps), dict(names))
        block.steps.append(node)
        if name in self.steps:
            self._problem((*path, kind), f"two steps are called {name!r}; each name may stand once")
        elif name in names_at_start(self.definition):
            self._problem((*path, kind), f"{name!r} is already an input or a value; choose another name")
        elif len(self.steps) >= MAX_STEPS:
            self._problem(path, f"a definition may have at most {MAX_STEPS} steps")
        self.steps[name] = node
        return self._COMPILE[kind](self, node, spec, names, path)

    def _task(self, node: Node, spec: TaskStep, names: dict[str, str], path: Path) -> dict[str, str]:
        if node.stage not in self.stages:
            self.stages.append(node.stage)
        self._template(node.templates, "title", spec.title, names, (*path, "title"))
        self._who(node, "who", spec.who, names, (*path, "who"))
        for days, phrase in spec.escalate.items():
            self._who(node, f"escalate.{days}", phrase, names, (*path, "escalate", str(days)))
        if spec.due:
            node.due = self._rule(spec.due, names, (*path, "due"))
        elif spec.escalate:
            self._problem((*path, "escalate"), "escalation needs a deadline: add `due`")
        for label, text in spec.show.items():
            self._expression(node.expressions, f"show.{label}", text, names, (*path, "show", label))
        if spec.not_at:
            self._expression(node.expressions, "not_at", spec.not_at, names, (*path, "not_at"))
        if spec.not_done_by and not (spec.not_done_by in self.steps and self.steps[spec.not_done_by].kind == "task"):
            tasks = [step.id for step in self.steps.values() if step.kind == "task" and step is not node]
            self._unknown((*path, "not_done_by"), "earlier task", spec.not_done_by, tasks)
        self._form(spec, path)
        self._task_outcomes(node, spec, path)
        return {**names, node.id: "any"}

    def _task_outcomes(self, node: Node, spec: TaskStep, path: Path) -> None:
        for name, outcome in spec.outcomes.items():
            if outcome and outcome.return_to:
                earlier = [step.id for step in node.block.steps[: node.index]]
                if outcome.return_to not in earlier:
                    where = (*path, "outcomes", name, "return_to")
                    self._unknown(where, "earlier step of the same block", outcome.return_to, earlier)
        if spec.outcomes and all(o and o.return_to for o in spec.outcomes.values()):
            self._problem((*path, "outcomes"), "every outcome sends the work back; one must let it go on")

    def _form(self, spec: TaskStep, path: Path) -> None:
        for name, field in spec.form.items():
            where: Path = (*path, "form", name)
            if name in RESULT_NAMES:
                self._problem(where, f"{name!r} is kept for the answer itself; choose another name")
            if isinstance(field, Table):
                for column, spec_ in field.table.items():
                    self._column(spec_, (*where, "table", column))
                if field.unique and field.unique not in field.table:
                    self._unknown((*where, "unique"), "column", field.unique, field.table)
            else:
                self._column(field, where)

    def _column(self, column: Column, path: Path) -> None:
        if column.type == "choice" and (not column.of or isinstance(column.of, str)):
            self._problem(path, "a choice needs its choices: add `of: [...]`")
        if column.type == "scale" and not (isinstance(column.of, str) and column.of in self.definition.scales):
            self._unknown((*path, "of"), "scale", str(column.of or ""), self.definition.scales)

    def _for_each(self, node: Node, spec: ForEachStep, names: dict[str, str], path: Path) -> dict[str, str]:
        inner = dict(names)
        for name, text in spec.over.items():
            where: Path = (*path, "over", name)
            found = self._expression(node.expressions, f"over.{name}", text, names, where)
            if found and found.type not in {"list", "any"}:
                self._problem(where, f"expected a list, but {text!r} gives {found.type}")
            inner[name] = element_type(self.definition, text)
        for part in ("key", "school"):
            text_ = getattr(spec, part)
            if text_:
                self._expression(node.expressions, part, text_, inner, (*path, part))
        self._inside(node, spec.steps, inner, (*path, "steps"))
        return {**names, node.id: "list"}

    def _repeat(self, node: Node, spec: RepeatStep, names: dict[str, str], path: Path) -> dict[str, str]:
        after = self._inside(node, spec.steps, dict(names), (*path, "steps"))
        self._condition(node.expressions, "until", spec.until, after, (*path, "until"))
        return after

    def _choose(self, node: Node, spec: ChooseStep, names: dict[str, str], path: Path) -> dict[str, str]:
        after = dict(names)
        for position, case in enumerate(spec.cases):
            where: Path = (*path, "cases", position)
            if case.when is not None:
                self._condition(node.expressions, f"when.{position}", case.when, names, (*where, "when"))
            elif position < len(spec.cases) - 1:
                self._problem(where, "only the last case may leave out `when`: those after it are never reached")
            after |= self._inside(node, case.steps, dict(names), (*where, "steps"))
        return after

    def _parallel(self, node: Node, spec: ParallelStep, names: dict[str, str], path: Path) -> dict[str, str]:
        after = dict(names)
        for name, steps in spec.branches.items():
            after |= self._inside(node, steps, dict(names), (*path, "branches", name))
        return after

    def _set(self, node: Node, spec: SetStep, names: dict[str, str], path: Path) -> dict[str, str]:
        for name, value in spec.set.items():
            where: Path = (*path, "set", name)
            if name in self.definition.inputs or name == "key":
                self._problem(where, f"{name!r} is an input and never changes; choose another name")
            if isinstance(value, Call):
                names = {**names, name: self._call(node, name, value, names, where)}
            else:
                found = self._expression(node.expressions, f"set.{name}", value, names, where)
                names = {**names, name: found.type if found else "any"}
        return names

    def _call(self, node: Node, name: str, call: Call, names: Mapping[str, str], path: Path) -> str:
        function = FUNCTIONS.get(call.function)
        if function is None:
            self._unknown((*path, "function"), "function", call.function, FUNCTIONS)
            return "any"
        for argument, text in call.args.items():
            if argument not in function.takes:
                self._unknown((*path, "with", argument), f"argument of {call.function}", argument, function.takes)
            self._expression(node.expressions, f"set.{name}.{argument}", text, names, (*path, "with", argument))
        for missing in sorted(function.needs - call.args.keys()):
            self._problem(path, f"{call.function} needs the argument {missing!r}: add it under `with`")
        return function.returns

    def _wait(self, node: Node, spec: WaitStep, names: dict[str, str], path: Path) -> dict[str, str]:
        if spec.until is None and spec.event is None:
            self._problem(path, "a wait needs `until`, `event`, or both")
        if spec.event and not spec.by:
            self._problem(path, "say who may raise the event: add `by`")
        if spec.until:
            node.due = self._rule(spec.until, names, (*path, "until"))
        if spec.by:
            self._who(node, "by", spec.by, names, (*path, "by"))
        return {**names, node.id: "any"}

    def _notify(self, node: Node, spec: NotifyStep, names: dict[str, str], path: Path) -> dict[str, str]:
        self._who(node, "to", spec.to, names, (*path, "to"))
        for part in ("subject", "body"):
            self._template(node.templates, part, getattr(spec, part), names, (*path, part))
        return names

    _COMPILE: Mapping[str, Callable[..., dict[str, str]]] = {
        "task": _task,
        "for_each": _for_each,
        "repeat": _repeat,
        "choose": _choose,
        "parallel": _parallel,
        "set": _set,
        "wait": _wait,
        "notify": _notify,
    }

    def _inside(self, node: Node, steps: Steps | tuple[()], names: dict[str, str], path: Path) -> dict[str, str]:
        block = Block(node)
        node.blocks.append(block)
        return self._block(block, steps, names, path, node.stage)

    # ---- texts

    def _expression(
        self, into: dict[str, Expression] | dict[str, Template | Expression], part: str, text: str,
        names: Mapping[str, str], path: Path,
    ) -> Expression | None:  # fmt: skip
        try:
            found = Expression(text, names)
        except ExpressionError as error:
            self._problem(path, str(error), error.offset)
            return None
        into[part] = found
        return found

    def _condition(
        self, into: dict[str, Expression] | dict[str, Template | Expression], part: str, text: str,
        names: Mapping[str, str], path: Path,
    ) -> None:  # fmt: skip
        found = self._expression(into, part, text, names, path)
        if found and found.type not in {"yes-no", "any"}:
            self._problem(path, f"expected a condition that is true or false, but {text!r} gives {found.type}")

    def _template(
        self, into: dict[str, Template] | dict[str, Template | Expression], part: str, text: str,
        names: Mapping[str, str], path: Path,
    ) -> None:  # fmt: skip
        try:
            into[part] = Template(text, names)
        except ExpressionError as error:
            self._problem(path, str(error), error.offset)

    def _rule(self, text: str, names: Mapping[str, str], path: Path):  # noqa: ANN202 - the return type is parse_rule's
        try:
            rule = parse_rule(text)
        except DeadlineRuleError as error:
            self._problem(path, str(error), error.offset)
            return None
        for name in rule.names():
            if name.split(".")[0] not in names and name not in _SPECIAL_ANCHORS:
                known = [*names, *_SPECIAL_ANCHORS]
                self._unknown(path, "date or step", name.split(".")[0], known, text.find(name))
        return rule

    def _who(self, node: Node, part: str, text: str, names: Mapping[str, str], path: Path) -> None:
        try:
            alternatives = parse_who(text)
        except PhraseError as error:
            self._problem(path, str(error), error.offset)
            return
        node.whos[part] = alternatives
        for expression in {e for who in alternatives for e in who.expressions()}:
            self._expression(node.expressions, f"name.{expression}", expression, names, path)

    def _unknown(self, path: Path, what: str, name: str, known: "Mapping[str, object] | object", offset: int = 0) -> None:
        self._problem(path, str(UnknownNameError(what, name, [str(each) for each in known])), offset)  # type: ignore[attr-defined]

    def _problem(self, path: Path, message: str, offset: int = 0) -> None:
        self.problems.append(Problem(path, message, offset))


def _kind_and_name(spec: Step) -> tuple[str, str]:
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
