"""The functions a definition may call in `set`. A newcomer adds one with one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine import sampling
from engine.expressions import ExpressionError, canonical


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function over JSON values, with the names it takes and the type it gives."""

    call: Callable[..., JsonValue]
    takes: frozenset[str]
    needs: frozenset[str]
    returns: str


def _function(call: Callable[..., JsonValue], needs: str, may: str = "", returns: str = "list") -> Function:
    needed = frozenset(needs.split())
    return Function(call, needed | frozenset(may.split()), needed, returns)


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


FUNCTIONS: dict[str, Function] = {
    "rows": _function(rows, "members step table", "also"),
    "draw_sample": _function(sampling.draw_sample, "judgements share at_least seed", "already only"),
    "extend_sample": _function(sampling.extend_sample, "judgements bands already seed"),
    "pair_schools": _function(sampling.pair_schools, "schools seed", "avoid last"),
    "weak_bands": _function(sampling.weak_bands, "items more_than at_least"),
}


def call(name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """What the function gives. Raises ExpressionError when it cannot work with these values."""
    try:
        return canonical(FUNCTIONS[name].call(**arguments))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # Functions are written for the values they expect; a definition may hand them others.
        raise ExpressionError(f"{name} cannot work with what it is given: {error}") from error
