"""A value whose type is declared keeps it."""

import re

import pytest

from definitions.yaml_source import SourceError
from engine.errors import BrokenRuleError
from tests.worlds import Play, program

DECLARED = """
values:
  rate: {type: number, default: 1}
  seen: {table: {code: {type: text}, minutes: {type: integer}}, default: []}
  names: {type: list of text}
  best: {type: text, personal: true}
"""


def test_a_declared_value_begins_as_it_says() -> None:
    play = Play(program(DECLARED + "steps: [{task: t, title: T, who: ceo, show: {R: rate * 2.0}}]"))

    values = [play.state.value("", name) for name in ("rate", "seen", "names", "best")]

    assert values == [1.0, [], None, None]
    assert isinstance(values[0], float)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("x: {type: integer, default: few}", "expected integer, but it is 'few'"),
        ("x: {type: list of text, default: [1]}", "expected text, but it is 1"),
        ("x: {table: {a: {type: text}}, default: [{b: y}]}", "there is no column 'b'; known: a"),
        ("x: {type: text, table: {a: {type: text}}}", "say either `type` or `table`"),
        ("x: {type: txet}", "'txet' is not allowed here; expected 'text'"),
    ],
)
def test_a_declared_value_that_cannot_begin_is_refused(values: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=re.escape(sentence)):
        program(f"values: {{{values}}}\nsteps: [{{task: t, title: T, who: ceo}}]")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("seen: \"seen + [{'code': 'a', 'minutes': 2}]\"", None),
        ("seen: \"[{'code': 'a'}]\"", None),
        ("rate: 2", None),
        ("best: 'null'", None),
        ("best: t.by", None),
        ("seen: \"[{'coed': 'a'}]\"", "there is no field 'coed' in a member of seen; did you mean 'code'?"),
        ("seen: \"[{'code': 1}]\"", "'a member of seen.code' is declared as text, but this gives integer"),
        ("names: \"'x'\"", "'names' is declared as list of text, but this gives text"),
        (
            "names: \"['a'].map(x, seen.map(s, s.cod))[0]\"",
            "there is no field 'cod' in s; did you mean 'code'?",
        ),
        ("best: t.round", "'best' is declared as text, but this gives integer"),
    ],
)
def test_a_declared_value_keeps_its_type(given: str, sentence: str | None) -> None:
    text = f"{DECLARED}steps:\n- {{task: t, title: T, who: ceo}}\n- set:\n    {given}"
    if sentence is None:
        program(text)
    else:
        with pytest.raises(SourceError, match=re.escape(sentence)):
            program(text)


def test_a_declared_value_is_never_set_to_anything_else() -> None:
    play = Play(
        program(
            """
values: {names: {type: list of text}, loose: null}
steps:
- {task: t, title: T, who: ceo, form: {n: {type: integer}}}
- set: {loose: "t.n > 1 ? t.by : t.n"}
- set: {names: "loose"}
"""
        )
    )

    with pytest.raises(BrokenRuleError, match=r"'names' cannot be set: expected list of text, but it is '"):
        play.complete("t", n=2)


def test_a_declared_value_keeps_its_type_in_every_round() -> None:
    steps = """
steps:
- repeat: r
  until: size(seen) > 2
  at_most: 3
  steps:
  - task: t
    title: T
    who: ceo
    form: {rows: {table: {code: {type: text}, minutes: {type: integer}}}}
  - set: {seen: "seen + t.rows", names: "seen.map(s, s.CODE)"}
"""
    program(DECLARED + steps.replace("CODE", "code"))

    with pytest.raises(SourceError, match="there is no field 'cod' in s"):
        program(DECLARED + steps.replace("CODE", "cod"))
