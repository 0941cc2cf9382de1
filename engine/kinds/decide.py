"""`decide`: a table says what follows from what is given. Checked for gaps and overlaps when it is loaded."""

from collections.abc import Mapping
from itertools import islice

from pydantic import JsonValue

from engine import addresses
from engine.definition.cells import Cell, CellError, Domain, read_cell
from engine.definition.compiling import Compiler, Known
from engine.definition.decision_table import GIVES, Checked, Table, TooManyCombinationsError, in_words
from engine.definition.domains import domain_of
from engine.definition.model import DecideStep
from engine.definition.names import Names
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, DecisionMade
from engine.run import Run
from engine.scope import Scope
from engine.value_types import ANY, Type, join_all, of_value, record

_MAX_TOLD = 5


def compile_step(compiler: Compiler, node: Node, spec: DecideStep, names: Known, path: Path) -> Known:
    """Every cell must fit its column, and the rows every case exactly once; afterwards its name is the answer."""
    domains = {
        name: _column(compiler, node, name, text, names, (*path, "given", name))
        for name, text in spec.given.items()
    }
    before = len(compiler.problems.found)
    rows = tuple(
        _row(compiler, row, domains, (*path, "table", number)) for number, row in enumerate(spec.table)
    )
    found = _gives(compiler, node, spec, names, (*path, "table"))
    if len(compiler.problems.found) == before:
        node.table = Table(rows)
        try:
            _whole(compiler, spec, Checked(rows, domains, compiler.tables), (*path, "table"))
        except TooManyCombinationsError as error:
            compiler.problems.add((*path, "table"), str(error))
    return {**names, node.id: found}


def _column(  # noqa: PLR0913, PLR0917 - a step's place, and the column in it
    compiler: Compiler, node: Node, name: str, text: str, names: Names, path: Path
) -> Domain:
    if name == GIVES:
        compiler.problems.add_name(path, f"{GIVES!r} says what a row gives; choose another name")
    return domain_of(
        compiler, node, text, compiler.texts.expect(node.expressions, f"given.{name}", text, names, path)
    )


def _row(
    compiler: Compiler, row: Mapping[str, JsonValue], domains: Mapping[str, Domain], path: Path
) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for name, written in row.items():
        where: Path = (*path, name)
        if name == GIVES:
            continue
        if name not in domains:
            compiler.problems.unknown(where, "column", name, [*domains, GIVES])
            continue
        try:
            cell = read_cell(written, domains[name])
        except CellError as error:
            compiler.problems.add(where, str(error))
        else:
            if not cell.anything:
                cells[name] = cell
    return cells


def _whole(compiler: Compiler, spec: DecideStep, table: Checked, path: Path) -> None:
    """No case without a row; none with two, unless the first counts; no row in vain."""
    problems = compiler.problems
    never = {number: name for number in range(len(spec.table)) if (name := table.never(number))}
    for number, name in never.items():
        problems.add(
            (*path, number, name), f"this row never holds: {name} cannot be {spec.table[number][name]!r}"
        )
    otherwise = [number for number, found in enumerate(table.otherwise) if found]
    for number in otherwise[:-1] if otherwise[-1:] == [len(spec.table) - 1] else otherwise:
        problems.add(
            (*path, number), "only the last row may be without conditions: those after it are never reached"
        )
        return
    gap = table.gap()
    if gap:
        problems.add(path, f"no row holds when {gap}; add one, or a last row without conditions")
    if spec.hit == "unique":
        for earlier, later, example in islice(table.overlaps(), _MAX_TOLD):
            message = f"rows {earlier + 1} and {later + 1} both hold, for instance when {example}"
            problems.add((*path, later), f"{message}; let one hold, or say `hit: first`")
    reached = range(len(spec.table)) if spec.hit == "first" else otherwise
    for number in reached:
        if number not in never and table.unreachable(number):
            problems.add(
                (*path, number), f"row {number + 1} is never reached: those before it cover every case"
            )


# ---- what a row gives


def _gives(compiler: Compiler, node: Node, spec: DecideStep, names: Names, path: Path) -> Type:
    types: dict[str, list[Type]] = {}
    shapes = [_shape(row.get(GIVES)) for row in spec.table]
    for number, (row, shape) in enumerate(zip(spec.table, shapes, strict=True)):
        where: Path = (*path, number)
        if row.get(GIVES) is None:
            compiler.problems.add(where, f"this row gives nothing: add `{GIVES}`")
            continue
        where = (*where, GIVES)
        if shape != shapes[0]:
            expected = f"values called {', '.join(shapes[0])}" if shapes[0] else "one value"
            compiler.problems.add(where, f"every row gives the same: the first gives {expected}")
        for name, given in _values(row[GIVES]).items():
            place = (*where, name) if name else where
            types.setdefault(name, []).append(_type(compiler, node, f"{number}.{name}", given, names, place))
    found = {name: join_all(kinds) for name, kinds in types.items()}
    return found.get("", ANY) if "" in found or not found else record(**found)


def _type(  # noqa: PLR0913, PLR0917 - a step's place, and the value in it
    compiler: Compiler, node: Node, part: str, given: JsonValue, names: Names, path: Path
) -> Type:
    if not is_expression(given):
        return of_value(given)
    return compiler.texts.expect(node.expressions, f"{GIVES}.{part}", str(given)[1:].strip(), names, path)


def _shape(gives: JsonValue) -> tuple[str, ...]:
    return tuple(sorted(gives)) if isinstance(gives, dict) else ()


def _values(gives: JsonValue) -> Mapping[str, JsonValue]:
    return gives if isinstance(gives, dict) else {"": gives}


def is_expression(given: JsonValue) -> bool:
    """`= heard + 1` is computed; anything else stands for itself."""
    return isinstance(given, str) and given.startswith("=")


# ---- deciding


def begin(run: Run, node: Node, spec: DecideStep, address: str) -> None:
    """Find the row that holds, keep what it gives, and go on."""
    scope = run.scope(address)
    given = {name: scope.evaluate(node.expressions[f"given.{name}"]) for name in spec.given}
    if node.table is None:
        raise TypeError(node.kind)
    number = node.table.row(given)
    tested = {name: given[name] for name in node.table.rows[number]}
    because = f"row {number + 1}: {in_words(tested)}" if tested else f"row {number + 1}: otherwise"
    run.emit(
        DecisionMade(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            row=number + 1,
            because=because,
            given=given,
            scope=addresses.scope_of(address),
            gives=_given(scope, node, spec, number),
        )
    )
    run.finish_step(address)


def _given(scope: Scope, node: Node, spec: DecideStep, number: int) -> JsonValue:
    gives = spec.table[number][GIVES]
    found = {
        name: scope.evaluate(node.expressions[f"{GIVES}.{number}.{name}"]) if is_expression(value) else value
        for name, value in _values(gives).items()
    }
    return found if isinstance(gives, dict) else found[""]
