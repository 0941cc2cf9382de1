"""The functions a definition may call in `set`. A newcomer adds one with one line here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine import sampling
from engine.allocation.schools import propose_pairs
from engine.errors import UnknownNameError
from engine.expressions import ExpressionError, canonical
from engine.value_types import ANY, INTEGER, LIST, TEXT, Type, list_of, maybe, record

Types = Mapping[str, Type]
Values = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function over JSON values, with the names it takes and the type it gives."""

    call: Callable[..., JsonValue]
    takes: frozenset[str]
    needs: frozenset[str]
    returns: Type
    narrows: Callable[[Types, Values], Type] | None = None
    """What it gives for arguments of these types and these constant values. Raises ArgumentError."""


class ArgumentError(UnknownNameError):
    """An argument that names something that is not there."""

    def __init__(self, argument: str, name: str, known: Iterable[str], of: str) -> None:
        self.argument = argument
        super().__init__("field", name, known, of)


def _function(
    call: Callable[..., JsonValue],
    needs: str,
    may: str = "",
    *,
    returns: Type,
    narrows: Callable[[Types, Values], Type] | None = None,
) -> Function:
    needed = frozenset(needs.split())
    return Function(call, needed | frozenset(may.split()), needed, returns, narrows)


def rows(
    members: list[dict[str, JsonValue]], step: str, table: str, also: list[str] | None = None
) -> JsonValue:
    """Every row that the members of a for-each answered in a table, with values of the member beside it."""
    found: list[JsonValue] = []
    for member in members:
        answer = member.get(step)
        answered = answer.get(table) if isinstance(answer, dict) else None
        kept = {name: member.get(name) for name in also or ()}
        found += (
            [{**kept, **row} for row in answered or () if isinstance(row, dict)]
            if isinstance(answered, list)
            else []
        )
    return found


def _rows_type(types: Types, values: Values) -> Type:
    member = types.get("members", ANY).member
    step, table, also = (values.get(name) for name in ("step", "table", "also"))
    if not isinstance(step, str) or not isinstance(table, str):
        return list_of(ANY)
    answer = _known("step", member, step, "members")
    row = _known("table", answer, table, step).member
    names = also if isinstance(also, list) else []
    if row.kind != "record" or ("also" in types and also is not names):
        return LIST
    kept = {name: _known("also", member, name, "members") for name in names if isinstance(name, str)}
    return list_of(record(**{**kept, **dict(row.fields)}))


def _known(argument: str, kind: Type, name: str, of: str) -> Type:
    found = kind.field(name) if kind.kind == "record" else ANY
    if found is None:
        raise ArgumentError(argument, name, dict(kind.fields), of)
    return found


_ITEMS = list_of(
    record(
        code=TEXT,
        pupil=TEXT,
        school=TEXT,
        year_group=TEXT,
        teacher=TEXT,
        first_value=TEXT,
        confidence=TEXT,
        stratum=TEXT,
        reason=TEXT,
        **{"class": TEXT},
    )
)
_BANDS = list_of(record(school=TEXT, year_group=TEXT, value=TEXT, sampled=INTEGER, changed=INTEGER))
_PAIRS = list_of(record(school=TEXT, moderator=TEXT, adjudicator=maybe(TEXT), why=TEXT))

FUNCTIONS: dict[str, Function] = {
    "rows": _function(rows, "members step table", "also", returns=LIST, narrows=_rows_type),
    "draw_sample": _function(
        sampling.draw_sample, "judgements share at_least seed", "already only", returns=_ITEMS
    ),
    "extend_sample": _function(sampling.extend_sample, "judgements bands already seed", returns=_ITEMS),
    "propose_pairs": _function(propose_pairs, "schools seed", "avoid last distances", returns=_PAIRS),
    "pair_schools": _function(sampling.pair_schools, "schools seed", "avoid last", returns=_PAIRS),
    "weak_bands": _function(sampling.weak_bands, "items more_than at_least", returns=_BANDS),
}


def call(name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """What the function gives. Raises ExpressionError when it cannot work with these values."""
    try:
        return canonical(FUNCTIONS[name].call(**arguments))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # Functions are written for the values they expect; a definition may hand them others.
        raise ExpressionError(f"{name} cannot work with what it is given: {error}") from error
