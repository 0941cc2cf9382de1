"""Decision tables: which row holds, what it gives, and what is said of a table that cannot always decide."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from definitions.yaml_source import SourceError
from engine.definition.cells import ANOTHER, CellError, Domain, read_cell
from engine.definition.decision_table import Checked, Table, TooManyCombinationsError
from engine.errors import BrokenRuleError
from engine.events import DecisionMade
from reports.sentences import Sentences
from tests.worlds import Play, program

LET_ONE = "let one hold, or say `hit: first`"
HEAD = """
    inputs:
      band: {type: choice, of: [low, middle, high]}
      count: {type: integer}
      share: {type: number, default: 0.5}
      known: {type: yes-no, default: false}
      note: {type: text, default: none}
      year: {type: year-group, default: Y2}
    scales: {attainment: [WTS, EXS, GDS]}
"""


def table(rows: str, given: str = "{band: band, count: count}", hit: str = "unique") -> str:
    return HEAD + (
        f"    steps:\n    - decide: level\n      given: {given}\n      hit: {hit}\n      table: {rows}\n"
        '    - {task: look, title: "Look at {{ level }}", who: ceo}\n'
    )


def problems(text: str) -> list[str]:
    with pytest.raises(SourceError) as wrong:
        program(text)
    return [line.split(": ", 1)[1] for line in str(wrong.value).splitlines()]


COMPLETE = """[
          {band: low, gives: none}, {band: [middle, high], count: '< 3', gives: light},
          {band: middle, count: '>= 3', gives: light}, {band: high, count: '3..5', gives: full},
          {band: high, count: '> 5', gives: deep}]"""


@pytest.mark.parametrize(
    ("band", "count", "level"),
    [
        ("low", 9, "none"),
        ("middle", 2, "light"),
        ("middle", 3, "light"),
        ("high", 3, "full"),
        ("high", 5, "full"),
        ("high", 6, "deep"),
    ],
)
def test_the_row_that_holds_gives_the_value(band: str, count: int, level: str) -> None:
    play = Play(program(table(COMPLETE)), {"band": band, "count": count})

    assert play.task("look").title == f"Look at {level}"


def test_the_log_says_which_row_and_why_and_the_history_tells_it() -> None:
    play = Play(program(table(COMPLETE)), {"band": "high", "count": 4})

    (made,) = [event for _, event in play.log[play.root] if isinstance(event, DecisionMade)]
    assert (made.row, made.gives, made.given) == (4, "full", {"band": "high", "count": 4})
    told = Sentences(play.world.directory).say(made)
    assert told == "decided: level is full (row 4: band is high, count is 4)"


def test_a_record_is_given_with_computed_values() -> None:
    rows = "[{count: '< 3', gives: {days: 5, why: few}}, {gives: {days: '= count * 2', why: \"='many of ' + band\"}}]"
    text = table(rows).replace("{{ level }}", "{{ level.days }} {{ level.why }}")

    assert Play(program(text), {"band": "low", "count": 4}).task("look").title == "Look at 8 many of low"
    assert Play(program(text), {"band": "low", "count": 2}).task("look").title == "Look at 5 few"


def test_the_first_row_counts_where_the_table_says_so() -> None:
    rows = "[{band: high, gives: deep}, {count: '> 3', gives: full}, {gives: none}]"

    assert (
        Play(program(table(rows, hit="first")), {"band": "high", "count": 9})
        .task("look")
        .title.endswith("deep")
    )
    assert (
        Play(program(table(rows, hit="first")), {"band": "low", "count": 9})
        .task("look")
        .title.endswith("full")
    )
    assert (
        Play(program(table(rows, hit="first")), {"band": "low", "count": 1})
        .task("look")
        .title.endswith("none")
    )


def test_an_answer_may_be_tested_with_all_that_its_form_allows() -> None:
    text = """
        scales: {attainment: [WTS, EXS, GDS]}
        steps:
        - {task: judge, title: Judge, who: ceo, form: {value: {type: scale, of: attainment, also: [A]},
           sure: {type: yes-no, required: false}}, outcomes: {yes: , no: }}
        - decide: next
          given: {value: judge.value, sure: judge.sure, outcome: judge.outcome}
          table:
          - {outcome: no, gives: stop}
          - {outcome: yes, value: [">= EXS", A], gives: on}
          - {outcome: yes, value: WTS, sure: true, gives: help}
          - {gives: ask}
        - {task: look, title: "{{ next }}", who: ceo}
    """
    for answer, expected in (("GDS", "on"), ("A", "on"), ("WTS", "ask")):
        play = Play(program(text))
        play.complete("judge", "yes", value=answer)
        assert play.task("look").title == expected


def test_a_value_that_the_file_did_not_know_of_is_refused_by_name() -> None:
    text = """
        values: {size: null}
        steps:
        - decide: level
          given: {size: size}
          table: [{size: '< 3', gives: small}, {size: '>= 3', gives: large}]
    """
    with pytest.raises(
        BrokenRuleError, match="the step 'level' cannot go on: no row of the table holds when size is"
    ):
        Play(program(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            table("[{band: low, gives: 1}, {band: high, gives: 2}]"),
            ["no row holds when band is middle, count is 0; add one, or a last row without conditions"],
        ),
        (
            table("[{count: '1..3', gives: 1}, {count: '< 1', gives: 1}, {count: '> 4', gives: 2}]"),
            ["no row holds when band is low, count is 4; add one, or a last row without conditions"],
        ),
        (
            table("[{share: '< 3', gives: 1}, {share: '> 3', gives: 2}]", "{share: share}"),
            ["no row holds when share is 3; add one, or a last row without conditions"],
        ),
        (
            table("[{share: '<= 3', gives: 1}, {share: '>= 4', gives: 2}]", "{share: share}"),
            ["no row holds when share is 3.5; add one, or a last row without conditions"],
        ),
        (
            table("[{note: a, gives: 1}, {note: [b, c], gives: 2}]", "{note: note}"),
            ["no row holds when note is anything else; add one, or a last row without conditions"],
        ),
        (
            table("[{known: true, gives: 1}]", "{known: known}"),
            ["no row holds when known is false; add one, or a last row without conditions"],
        ),
        (
            table("[{band: [low, middle], gives: 1}, {band: [middle, high], count: '> 3', gives: 2}, {gives: 3}]"),
            [
                f"rows 1 and 2 both hold, for instance when band is middle, count is 4; {LET_ONE}"
            ],
        ),
        (
            table("[{band: [low, middle], gives: 1}, {band: low, gives: 2}, {gives: 3}]", hit="first"),
            ["row 2 is never reached: those before it cover every case"],
        ),
        (
            table("[{count: '<= 3', gives: 1}, {count: '> 3', gives: 2}, {gives: 3}]"),
            ["row 3 is never reached: those before it cover every case"],
        ),
        (
            table("[{gives: 3}, {band: low, gives: 1}]"),
            ["only the last row may be without conditions: those after it are never reached"],
        ),
        (
            table("[{band: hihg, gives: 1}, {gives: 2}]"),
            ["there is no choice 'hihg'; did you mean 'high'?"],
        ),
        (
            table("[{bnad: high, gives: 1}, {gives: 2}]"),
            ["there is no column 'bnad'; did you mean 'band'?"],
        ),
        (
            table("[{count: 2.5, gives: 1}, {gives: 2}]"),
            ["2.5 is not a whole number, and this column holds whole numbers"],
        ),
        (
            table("[{count: many, gives: 1}, {gives: 2}]"),
            ["'many' is not of this column, which holds whole numbers; write a value, `1..3`, `< 5`, `>= 3` or `any`"],
        ),
        (
            table("[{count: true, gives: 1}, {gives: 2}]"),
            ["True is yes or no, and this column holds whole numbers"],
        ),
        (
            table("[{count: 5..1, gives: 1}, {gives: 2}]"),
            ["'5..1' covers nothing: the lower bound comes first"],
        ),
        (
            table("[{year: '> Y6', gives: 1}, {gives: 2}]", "{year: year}"),
            ["this row never holds: year cannot be '> Y6'"],
        ),
        (
            table("[{band: [], gives: 1}, {gives: 2}]"),
            ["an empty list covers nothing; name a value, or write `any`"],
        ),
        (
            table("[{band: low}, {gives: 2}]"),
            ["this row gives nothing: add `gives`"],
        ),
        (
            table("[{band: low, gives: {days: 1}}, {gives: {dyas: 2}}]"),
            ["every row gives the same: the first gives values called days"],
        ),
        (
            table("[{band: low, gives: = cuont + 1}, {gives: 2}]"),
            ["there is no name 'cuont'; did you mean 'count'?"],
        ),
        (
            table("[{gives: 2}]", "{gives: count}"),
            ["'gives' says what a row gives; choose another name"],
        ),
    ],
)  # fmt: skip
def test_a_table_that_cannot_decide_says_what_is_wrong(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_a_question_that_may_stay_open_needs_a_row_for_that() -> None:
    text = """
        steps:
        - {task: ask, title: Ask, who: ceo, form: {size: {type: integer, at_least: 0, at_most: 9, required: false}}}
        - {decide: level, given: {size: ask.size}, table: [{size: 0..4, gives: 1}, {size: 5..9, gives: 2}]}
    """
    assert problems(text) == [
        "no row holds when size is not answered; add one, or a last row without conditions"
    ]
    program(text.replace(", required: false", ""))


def test_a_table_is_checked_exactly_however_many_combinations_it_has() -> None:
    columns = ", ".join(f"c{n}: count" for n in range(12))
    rows = ", ".join(f"{{c{n % 12}: {n}, gives: {n}}}" for n in range(1, 12))

    assert problems(table(f"[{rows}, {{c0: any, gives: 0}}]", f"{{{columns}}}"))[0].startswith(
        "rows 1 and 2 both"
    )


def test_a_table_too_wild_to_be_checked_says_so() -> None:
    domain = Domain("integer")
    rows = [
        {f"c{column}": read_cell(f"{n + column}..{n + column + 40}", domain) for column in range(8)}
        for n in range(0, 800, 7)
    ]

    with pytest.raises(TooManyCombinationsError, match="split the table into two"):
        Checked(rows, {f"c{column}": domain for column in range(8)}).gap()


# ---- against counting: whatever the table, the check finds what going through every combination finds

_integers = st.integers(-1, 4)
_numbers: st.SearchStrategy[JsonValue] = st.one_of(
    _integers,
    st.lists(_integers, min_size=1, max_size=2),
    st.tuples(_integers, _integers).map(lambda pair: f"{min(pair)}..{max(pair)}"),
    st.tuples(st.sampled_from(("<", "<=", ">", ">=")), _integers).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.just("any"),
)
_words: st.SearchStrategy[JsonValue] = st.sampled_from(["a", "b", ["a", "c"], "<= b", "b..c", None, "any"])
_DOMAINS = {
    "n": Domain("number"),
    "i": Domain("integer", least=0, most=3),
    "w": Domain("text", ("a", "b", "c"), ("a", "b", "c")),
    "t": Domain("text"),
    "y": Domain("yes-no", nullable=True),
}
_ALL: dict[str, list[JsonValue]] = {
    "n": [n / 4 for n in range(-12, 24)],
    "i": [0, 1, 2, 3],
    "w": ["a", "b", "c"],
    "t": ["a", "b", ANOTHER],
    "y": [True, False, None],
}
_rows = st.fixed_dictionaries(
    {},
    optional={
        "n": _numbers,
        "i": _numbers,
        "w": _words,
        "t": st.sampled_from(["a", ["a", "b"], "any"]),
        "y": st.booleans(),
    },
)


@settings(deadline=None)
@given(
    columns=st.sets(st.sampled_from(sorted(_DOMAINS)), min_size=1, max_size=3),
    written=st.lists(_rows, max_size=5),
)
def test_the_check_finds_what_trying_everything_finds(
    columns: set[str], written: list[dict[str, JsonValue]]
) -> None:
    names = sorted(columns)
    rows = [
        {name: read_cell(cell, _DOMAINS[name]) for name, cell in row.items() if name in columns}
        for row in written
    ]
    checked = Checked(rows, {name: _DOMAINS[name] for name in names})

    holding = [
        [
            n
            for n, row in enumerate(rows)
            if all(cell.holds(case[names.index(name)]) for name, cell in row.items())
        ]
        for case in product(*(_ALL[name] for name in names))
    ]
    assert (checked.gap() is not None) == any(not rows for rows in holding)
    two = {(a, b) for a, b, _ in checked.overlaps()}
    conditional = [n for n, otherwise in enumerate(checked.otherwise) if not otherwise]
    pairs = {(a, b) for found in holding for a in found for b in found if a < b}
    assert two == {(a, b) for a, b in pairs if a in conditional and b in conditional}
    for row in range(len(rows)):
        assert checked.unreachable(row) == (not any(found[:1] == [row] for found in holding))


@pytest.mark.parametrize("cell", [[["a"]], {"a": 1}, float("inf"), "9" * 400])
def test_what_is_no_cell_is_refused(cell: JsonValue) -> None:
    with pytest.raises(CellError):
        read_cell(cell, Domain("number"))


def test_yes_is_not_one() -> None:
    rows = ({"x": read_cell(1, Domain("any"))}, {"x": read_cell(True, Domain("any"))})  # noqa: FBT003

    assert Table(rows).row({"x": True}) == 1
