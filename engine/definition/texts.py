"""Compiles the texts of a definition: expressions, conditions, templates, deadline and who phrases."""

from collections.abc import MutableMapping

from engine.deadlines import DeadlineRuleError, DueRule, parse_rule
from engine.definition.limits import MAX_CHARACTERS, MAX_EXPRESSIONS
from engine.definition.names import SPECIAL_ANCHORS, Names
from engine.definition.phrases import PhraseError, parse_who
from engine.definition.problems import EnoughError, Path, Problems
from engine.definition.program import Node
from engine.errors import UnknownNameError
from engine.expressions import Expression, ExpressionError
from engine.templates import Template
from engine.value_types import ANY, Type


class Texts:
    """Each method puts what it compiled where it is told, or adds the problem at its place in the file.

    With `stored` the types are not held against it: a definition that cycles run on goes on as it was checked.
    """

    def __init__(self, problems: Problems, *, stored: bool = False) -> None:
        self.problems = problems
        self.stored = stored
        self._expressions = 0
        self._characters = 0

    def kind(self, of: Type) -> str:
        """The kind that is held against what is expected: of a stored definition, what was known in its day."""
        return of.declared if self.stored else of.kind

    def spend(self, expressions: int, characters: int, path: Path) -> None:
        """Count what is compiled. Raises EnoughError, with a problem, when that is more than may be."""
        self._expressions += expressions
        self._characters += characters
        if self.stored or (self._expressions <= MAX_EXPRESSIONS and self._characters <= MAX_CHARACTERS):
            return
        self.problems.add(
            path,
            f"the definition has more than {MAX_EXPRESSIONS:,} expressions, or more than {MAX_CHARACTERS:,} "
            "characters in them; split it into several processes",
        )
        raise EnoughError

    def expression(self, text: str, names: Names, path: Path) -> Expression | None:
        """The compiled expression; none when it cannot be read."""
        try:
            return self.compiled(text, names, path)
        except ExpressionError as error:
            self.problems.add(path, str(error), error.offset)
            return None

    def compiled(self, text: str, names: Names, path: Path) -> Expression:
        """The compiled expression. Raises ExpressionError."""
        self.spend(1, len(text), path)
        return Expression(text, names, stored=self.stored)

    def expect(
        self, into: MutableMapping[str, Expression], part: str, text: str, names: Names, path: Path
    ) -> Type:
        """Compile an expression; its type is returned."""
        found = self.expression(text, names, path)
        if found is None:
            return ANY
        into[part] = found
        return found.type

    def condition(self, text: str, names: Names, path: Path) -> Expression | None:
        """A compiled expression that can be true."""
        found = self.expression(text, names, path)
        if found and self.kind(found.type) not in {"yes-no", "any"}:
            self.problems.add(
                path, f"expected a condition that is true or false, but {text!r} gives {found.type}"
            )
        return found

    def template(self, text: str, names: Names, path: Path) -> Template | None:
        """The compiled template; none when it cannot be read."""
        if holes := text.count("{{"):
            self.spend(holes, len(text), path)
        try:
            return Template(text, names, stored=self.stored)
        except ExpressionError as error:
            self.problems.add(path, str(error), error.offset)
            return None

    def rule(
        self, text: str, names: Names, path: Path, special: frozenset[str] = SPECIAL_ANCHORS
    ) -> DueRule | None:
        """A deadline phrase whose names are known here."""
        try:
            rule = parse_rule(text)
        except DeadlineRuleError as error:
            self.problems.add(path, str(error), error.offset)
            return None
        for name in rule.names():
            root, *fields = name.split(".")
            if root in names:
                self._anchor(names[root], root, fields, path, text.rfind(name))
            elif name not in special:
                self.problems.unknown(path, "date or step", root, [*names, *special], text.rfind(name))
        return rule

    def _anchor(self, kind: Type, said: str, fields: list[str], path: Path, offset: int) -> None:
        """Follow the fields of a day that a deadline counts from."""
        if self.stored:
            return
        for field in fields:
            found = kind.field(field)
            if found is None:
                at = offset + len(said) + 1
                self.problems.add(path, str(UnknownNameError("field", field, dict(kind.fields), said)), at)
                return
            kind, said = found, f"{said}.{field}"
        if kind.kind not in {"text", "any"}:
            self.problems.add(path, f"expected a day, but {said} is {kind}", offset)

    def who(self, node: Node, part: str, text: str, names: Names, path: Path) -> None:
        """A phrase that names people; the values it reads are compiled with it."""
        self.spend(text.count(" or ") + 1, len(text), path)
        try:
            alternatives = parse_who(text)
        except PhraseError as error:
            self.problems.add(path, str(error), error.offset)
            return
        node.whos[part] = alternatives
        for name, offset in (each for who in alternatives for each in who.reads):
            try:
                node.expressions[f"name.{name}"] = Expression(name, names, stored=self.stored)
            except ExpressionError as error:
                self.problems.add(path, str(error), offset + error.offset)
