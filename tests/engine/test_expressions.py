"""Expressions, templates and addresses: small languages that never guess."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from engine import addresses
from engine.expressions import Expression, ExpressionError, canonical
from engine.templates import Template
from engine.value_types import ANY, INTEGER, LIST, TEXT


def test_it_reads_only_the_names_it_may_use() -> None:
    expression = Expression("a.b + size(c)", {"a": ANY, "b": TEXT, "c": LIST, "d": ANY})

    assert expression.names >= {"a", "c"}
    assert "d" not in expression.names
    assert expression.evaluate({"a": {"b": 2}, "c": [1]}) == 3


@pytest.mark.parametrize(
    ("text", "sentence", "offset"),
    [
        ("1 + nubmer", "there is no name 'nubmer'; did you mean 'number'?", 4),
        ("1 +\n nubmer", "there is no name 'nubmer'", 5),
        ("1 +", "Syntax error", 3),
        ("'a' + 1", "no matching overload", 4),
        ("1" * 2_001, "has 2001 characters; at most 2000", 0),
        ("{'a': 1}.exists(k, k == 'a')", "walks over a map, whose order is not fixed", 0),
        ("anything.map(k, k)", "walks over a value of unknown type", 0),
        ("[1].map(x, anything.map(k, k))", "walks over a value of unknown type", 0),
        ("{'a': anything.all(k, true)}", "walks over a value of unknown type", 0),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, sentence: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(text, {"number": INTEGER, "anything": ANY})

    assert sentence in str(refused.value)
    assert refused.value.offset == offset


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a.missing", "'a.missing' failed: "),
        ("a.list[7]", "failed: "),
        ("1 / a.zero", "divi"),
        ("1.0 / 0.0", "gives inf, which cannot be kept"),
        ("b'bytes'", "which cannot be kept"),
        ("timestamp('2027-01-01T00:00:00Z')", "which cannot be kept"),
        ("{1: 2}", "which cannot be kept"),
        (r"'\u0000'", "which cannot be kept"),
    ],
)
def test_what_fails_on_its_values_is_an_error_never_a_truth(text: str, sentence: str) -> None:
    expression = Expression(text, {"a": ANY})

    with pytest.raises(ExpressionError) as failed:
        expression.evaluate({"a": {"list": [1], "zero": 0}})

    assert sentence in str(failed.value)


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ExpressionError, match="Exceeded max recursion depth"):
        Expression("+".join("1" * 200), {})


def test_hostile_loops_end() -> None:
    expression = Expression("a.all(x, a.all(y, a.all(z, x + y + z >= 0)))", {"a": LIST})

    with pytest.raises(ExpressionError, match="budget"):
        expression.evaluate({"a": list(range(200))})


def test_the_null_of_the_interpreter_is_not_used_up() -> None:
    expression = Expression("[a, null, {'b': a}, [a]]", {"a": ANY})
    before = sys.getrefcount(None)

    for _ in range(1_000):
        assert expression.evaluate({"a": None}) == [None, None, {"b": None}, [None]]

    assert sys.getrefcount(None) > before - 500


def test_a_name_without_a_value_reads_as_null() -> None:
    assert Expression("a == null", {"a": ANY}).evaluate({}) is True


def test_equal_values_are_written_alike() -> None:
    assert list(canonical({"b": [{"d": 1, "c": 2}], "a": 1})) == ["a", "b"]  # type: ignore[arg-type]
    assert repr(canonical({"b": {"y": 1, "x": 2}})) == "{'b': {'x': 2, 'y': 1}}"


@pytest.mark.parametrize(
    ("text", "value", "rendered"),
    [
        ("Hello {{ a }}!", "you", "Hello you!"),
        ("{{ a }}{{ a }}", ["x", 1], "x, 1x, 1"),
        ("{{ a }}", True, "yes"),
        ("{{ a }}", None, ""),
        ("no holes", None, "no holes"),
        ("{{ a.b }}", {"b": 2.5}, "2.5"),
    ],
)
def test_a_template_fills_its_holes(text: str, value: JsonValue, rendered: str) -> None:
    assert Template(text, {"a": ANY}).render({"a": value}) == rendered


@pytest.mark.parametrize(
    ("text", "offset"), [("Hello {{ b }}", 9), ("Hello {{ a", 6), ("Hello a }}", 8), ("{{ a }} {{  b }}", 12)]
)
def test_a_template_that_cannot_be_read_says_where(text: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        Template(text, {"a": ANY})

    assert refused.value.offset == offset


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
BLOCKS = st.one_of(
    st.text(max_size=100).map(lambda key: lambda at: addresses.item(at, addresses.safe_key(key))),
    st.integers(1, 20).map(lambda n: lambda at: addresses.round_of(at, n)),
    st.integers(0, 5).map(lambda n: lambda at: addresses.case(at, n)),
    st.integers(0, 5).map(lambda n: lambda at: addresses.branch(at, n)),
)


@given(st.lists(st.tuples(NAMES, st.integers(1, 4), BLOCKS), max_size=4), NAMES, st.integers(1, 4))
def test_an_address_tells_all_it_was_made_of(
    parts: list[tuple[str, int, object]], name: str, again: int
) -> None:
    block = scope = addresses.ROOT
    for owner, times, inside in parts:
        outer, address = block, addresses.step(block, owner, times)
        block = inside(address)  # type: ignore[operator]
        assert addresses.owner_of(block) == address
        assert addresses.name_of(address) == owner
        assert addresses.again_of(address) == times
        assert addresses.block_of(address) == outer
        if block.endswith("]"):
            assert addresses.outer_scope(block) == scope
            scope = block

    address = addresses.step(block, name, again)

    assert addresses.block_of(address) == block
    assert addresses.name_of(address) == name
    assert addresses.again_of(address) == again
    assert addresses.scope_of(address) == scope
