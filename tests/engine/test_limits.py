"""Limits: an expression that would take too long, or give too much, is refused before it does."""

import pytest
from pydantic import JsonValue

from engine.cost import MAX_WEIGHT
from engine.errors import BrokenRuleError
from engine.expressions import Expression, ExpressionError
from engine.portions import PORTION
from engine.value_types import ANY, INTEGER, LIST, TEXT, list_of, record
from tests.work import lines_run
from tests.worlds import Play, program

NAMES = {"a": LIST, "b": LIST, "t": TEXT, "big": TEXT, "form": ANY}
MANY: dict[str, JsonValue] = {
    "a": list(range(2_000)),
    "b": list(range(2_000)),
    "t": "a" * 5_000,
    "big": "a" * 100_000,
}


@pytest.mark.parametrize(
    "text",
    [
        "a.map(x, a.map(y, x + y))",
        "a.map(x, a)",
        "a.map(x, a + a)",
        "a.map(x, big + big)",
        "a.filter(x, size(big + big) > 0)",
        "a.filter(x, big.contains('aab'))",
        "a.filter(x, a == b)",
        "a.filter(x, a.map(y, y) == a)",
        "['0123456789']" + ".map(s, s + s + s + s)" * 20,
        "[[1, 2, 3, 4]]" + ".map(s, s + s)" * 20,
        "[a]" + ".map(s, [s, s])" * 20,
        "[a]" + ".map(s, size(t) > 1 ? s + s : s)" * 15,
        "[[a]]" + ".map(s, size(t) > 1 ? s : s + [s])" * 15,
        "[1].map(y, [" + ",".join(["a"] * 400) + "])",
        "[" + ",".join(["a"] * 400) + "]",
    ],
)
def test_what_would_take_too_long_is_refused_at_once(text: str) -> None:
    expression = Expression(text, NAMES)

    def refused() -> None:
        with pytest.raises(ExpressionError, match="would take too long on these values"):
            expression.evaluate(MANY)

    assert lines_run(refused) < 3_000_000


@pytest.mark.parametrize("text", ["(" * 990 + "1" + ")" * 990, "[" * 990 + "1" + "]" * 990])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(text, NAMES).evaluate({})


def test_a_hostile_pattern_comes_to_an_end() -> None:
    # One that tries every way would still be at it when the sun goes out.
    assert Expression("t.matches('(a+)+b')", NAMES).evaluate(MANY) is False


@pytest.mark.parametrize(
    "text",
    [
        "a.map(x, x + 1)",
        "a.filter(x, x > 3).map(x, {'x': x, 'y': t == 'b'})",
        "b + a.map(x, x)",
        "a.filter(x, x in b)",
        "a.all(x, x >= 0)",
    ],
)
def test_two_thousand_members_are_not_too_many(text: str) -> None:
    Expression(text, NAMES).evaluate(MANY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.map(x, x + 1)", [x + 1 for x in range(9_000)]),
        ("a.filter(x, x % 2 == 0).map(x, -x)", [-x for x in range(0, 9_000, 2)]),
        ("form.rows.map(r, r)", list(range(9_000))),
        ("a.filter(x, x in [1, 8999])", [1, 8_999]),
    ],
)
def test_a_long_list_is_walked_over_in_portions(text: str, expected: list[int]) -> None:
    rows: list[JsonValue] = list(range(9_000))
    names = {"a": LIST, "form": record(rows=list_of(INTEGER), n=INTEGER)}

    assert Expression(text, names).evaluate({"a": rows, "form": {"rows": rows, "n": 1}}) == expected


def test_portions_are_only_for_what_is_the_same_in_portions() -> None:
    rows: list[JsonValue] = list(range(PORTION * 2))
    whole = Expression("a.filter(x, size(a) == 500 && x > 497)", NAMES)

    assert whole.evaluate({"a": rows}) == [498, 499]
    with pytest.raises(ExpressionError, match="too long"):
        Expression("a.filter(x, size(a) > 1)", NAMES).evaluate({"a": list(range(5_000))})


def test_what_is_kept_cannot_double_for_ever() -> None:
    with pytest.raises(ExpressionError, match="gives more than may be kept"):
        Expression("a + a", {"a": TEXT}).evaluate({"a": "x" * (MAX_WEIGHT * 40)})


def test_the_step_that_would_take_too_long_is_named() -> None:
    play = Play(
        program(
            """
values: {a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
steps:
- {task: t, title: T, who: ceo}
- set:
    b: "a.map(w, a.map(x, a.map(y, a.map(z, [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a]))))"
"""
        )
    )

    with pytest.raises(BrokenRuleError, match=r"the step 'set-1' cannot go on: .* would take too long"):
        play.complete("t")
