"""Answers: every type of question, what is asked and computed, rules, and one plain sentence for each mistake."""

import pytest
from pydantic import JsonValue

from engine.errors import BrokenRuleError, InvalidInputError
from tests.work import lines_run
from tests.worlds import Play, program

FORM = """
    scales: {attainment: [WTS, EXS, GDS]}
    steps:
    - task: answer
      title: Answer
      who: ceo
      form:
        words: {type: text, required: false}
        plate: {type: text, required: false, at_most: 6, pattern: "[A-Z]{2}[0-9]+",
          pattern_words: "two letters and a number, such as AB12"}
        whole: {type: integer, label: How many, at_least: 0, at_most: 30, required: false}
        number: {type: number, required: false}
        cost: {type: money, at_least: 0.5, at_most: "£1,000", required: false}
        sure: {type: yes-no, required: false}
        day: {type: date, at_least: "2026-09-01", required: false}
        pick: {type: choice, of: [red, blue], required: false}
        picks: {type: choices, of: [red, blue, green], at_least: 1, required: false}
        mark: {type: scale, of: attainment, also: [A], required: false}
        who: {type: person, required: false}
        place: {type: school, required: false}
        year: {type: year-group, required: false}
        subject: {type: subject, required: false}
        term: {type: term, required: false}
        half: {type: half-term, required: false}
        page: {type: link, required: false}
        papers: {type: file, required: false}
        texts: {type: list of text, at_most: 3, required: false}
        numbers: {type: list of integer, required: false}
        days: {type: list of date, required: false}
        places: {type: list of school, required: false}
        years: {type: list of year-group, required: false}
        people: {type: list of person, required: false}
        subjects: {type: list of subject, required: false}
        terms: {type: list of term, required: false}
        halves: {type: list of half-term, required: false}
        rows:
          required: false
          at_least: 2
          unique: code
          table:
            code: {type: text}
            mark: {type: scale, of: attainment, required: false}
            teacher: {type: person, required: false}
        pairs:
          required: false
          at_most: 2
          unique: [school, year]
          table:
            school: {type: school, label: The school}
            year: {type: year-group}
"""


def complete(definition: str, **values: JsonValue) -> dict[str, JsonValue]:
    """What is kept of an answer."""
    event = Play(program(definition)).complete("answer", **values)[0]
    assert event.kind == "task-completed"
    return dict(event.values)


def answer(**values: JsonValue) -> dict[str, JsonValue]:
    """What is kept of an answer to the form with every type, without what was not answered."""
    return {name: value for name, value in complete(FORM, **values).items() if value is not None}


def problems(definition: str, **values: JsonValue) -> tuple[str, ...]:
    """What is said of a mistaken answer."""
    with pytest.raises(InvalidInputError) as refused:
        complete(definition, **values)
    return refused.value.problems


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("words", " Well done ", "Well done"),
        ("plate", "AB12", "AB12"),
        ("whole", 30, 30),
        ("whole", "12", 12),
        ("number", 12.5, 12.5),
        ("number", "12.5", 12.5),
        ("cost", "£999.99", 99_999),
        ("cost", "1,000", 100_000),
        ("cost", "0.5", 50),
        ("cost", 99_999, 99_999),
        ("sure", "yes", True),
        ("sure", False, False),
        ("day", "2027-03-31", "2027-03-31"),
        ("pick", "blue", "blue"),
        ("picks", "green, red", ["green", "red"]),
        ("picks", ["blue"], ["blue"]),
        ("mark", "A", "A"),
        ("who", "p-0001", "p-0001"),
        ("who", "chief", "p-0001"),
        ("place", "ash", "ash"),
        ("place", "Ash", "ash"),
        ("year", "Year 2", "Y2"),
        ("subject", "MA", "mathematics"),
        ("subject", "Physical education", "physical-education"),
        ("term", "2026-27 autumn", "2026-27 autumn"),
        ("half", "2026-27 autumn 2", "2026-27 autumn 2"),
        ("page", "https://example.org/x", "https://example.org/x"),
        ("papers", "DOC-2027/14", "DOC-2027/14"),
        ("texts", "a, b", ["a", "b"]),
        ("numbers", "3, 3", [3, 3]),
        ("days", ["2027-03-31"], ["2027-03-31"]),
        ("places", "all", ["ash", "beech", "cedar"]),
        ("years", "Y2, Reception", ["Y2", "R"]),
        ("people", "Chief, p-0002", ["p-0001", "p-0002"]),
        ("subjects", "en, ma", ["english", "mathematics"]),
        ("terms", "2026-27 autumn, 2026-27 spring", ["2026-27 autumn", "2026-27 spring"]),
        ("halves", "2026-27 autumn 1", ["2026-27 autumn 1"]),
        (
            "rows",
            [{"code": "1", "mark": "GDS"}, {"code": "2"}],
            [{"code": "1", "mark": "GDS", "teacher": None}, {"code": "2", "mark": None, "teacher": None}],
        ),
        (
            "pairs",
            [{"school": "ash", "year": "Y2"}, {"school": "ash", "year": "Y6"}],
            [{"school": "ash", "year": "Y2"}, {"school": "ash", "year": "Y6"}],
        ),
    ],
)
def test_an_answer_is_kept_as_it_was_meant(question: str, given: JsonValue, kept: JsonValue) -> None:
    once = answer(**{question: given})

    assert once == {question: kept}
    assert answer(**once) == once


@pytest.mark.parametrize(
    ("question", "given", "sentence"),
    [
        ("words", "  ", "words: is empty; it must be answered"),
        ("words", "x" * 5_001, "words: has 5,001 characters; at most 5,000 are allowed"),
        ("words", 5, "words: must be text, and 5 is not"),
        ("plate", "AB12345", "plate: has 7 characters; at most 6 are allowed"),
        ("plate", "xAB1", "plate: 'xAB1' does not fit; write two letters and a number, such as AB12"),
        ("whole", 1.5, "How many (whole): 1.5 is not a whole number; write one such as 12"),
        ("whole", True, "How many (whole): true is not a whole number; write one such as 12"),
        (
            "whole",
            "9" * 19,
            f"How many (whole): '{'9' * 19}' is too large; a whole number has at most 18 digits",
        ),
        ("whole", 31, "How many (whole): 31 is out of range; it must be at most 30"),
        ("whole", -1, "How many (whole): -1 is out of range; it must be at least 0"),
        ("number", "much", "number: 'much' is not a number; write one such as 12.5"),
        ("number", "nan", "number: 'nan' is not a number; write one such as 12.5"),
        (
            "cost",
            "12.505",
            "cost: '12.505' is not an amount of money; write pounds and pence such as £1,234.50",
        ),
        ("cost", 12.5, "cost: 12.5 is not an amount of money; write pounds and pence such as £1,234.50"),
        ("cost", "12,34", "cost: '12,34' is not an amount of money"),
        ("cost", "0.49", "cost: £0.49 is out of range; it must be at least £0.50"),
        ("cost", "1000.01", "cost: £1,000.01 is out of range; it must be at most £1,000.00"),
        ("sure", "perhaps", "sure: 'perhaps' is neither yes nor no; write yes or no"),
        ("day", "31 March", "day: '31 March' is not a date; write one such as 2027-03-31"),
        ("day", "2027-02-30", "day: '2027-02-30' is no day of any year; write one such as 2027-03-31"),
        ("day", "20270331", "day: '20270331' is not a date; write one such as 2027-03-31"),
        ("day", "2026-08-31", "day: 2026-08-31 is out of range; it must be on or after 2026-09-01"),
        ("pick", "green", "pick: 'green' is not a choice here; choose 'red' or 'blue'"),
        ("pick", "Bleu", "pick: 'Bleu' is not a choice here; did you mean 'blue'?"),
        ("picks", [], "picks: has no values; at least 1 must be given"),
        ("picks", "red, red", "picks: 'red' stands twice"),
        ("picks", "red, pink", "picks: 'pink' is not a choice here; choose 'red', 'blue' or 'green'"),
        ("mark", "B", "mark: 'B' is not a choice here; choose 'WTS', 'EXS', 'GDS' or 'A'"),
        ("who", "p-0009999", "who: there is no person 'p-0009999'; did you mean"),
        ("who", "Cheif", "who: there is no person 'Cheif'; did you mean 'Chief'?"),
        ("place", "asch", "place: there is no school 'asch'; did you mean 'ash'?"),
        ("year", "7", "year: '7' is not a year group; write one of N1, N2, R, Y1"),
        ("subject", "mathematic", "subject: there is no subject 'mathematic'; did you mean 'mathematics'?"),
        ("term", "2026-27 autum", "term: there is no term '2026-27 autum'; did you mean '2026-27 autumn'?"),
        ("half", "autumn 3", "half: there is no half term 'autumn 3'"),
        ("page", "example.org", "page: 'example.org' is not a link; it must begin with https://"),
        ("papers", "data:text/plain,hello", "papers: holds a file; keep the file where files are kept"),
        ("papers", " ", "papers: ' ' does not say where a file is; give its link or its document number"),
        ("texts", "a,b,c,d", "texts: has 4 values; at most 3 are allowed"),
        ("texts", 5, "texts: expected a list of text, found 5; write values joined by commas"),
        ("numbers", "1, x", "numbers: 'x' is not a whole number; write one such as 12"),
        ("places", "ash, ash", "places: 'ash' stands twice"),
        ("wrods", "x", "wrods: is not a question of this form; did you mean 'words'?"),
        ("rows", "many", "rows: 'many' is not a list of rows; give a row for each"),
        ("rows", ["a", "b"], "rows, row 1: 'a' is not a row; give a value for each column"),
        ("rows", [{"code": "1"}], "rows: has 1 row; at least 2 rows must be given"),
        ("rows", [{"code": "1"}, {"code": "1"}], "rows, row 2: code '1' stands already in row 1"),
        ("rows", [{"code": "1"}, {}], "rows, row 2, code: is missing; it must be answered"),
        (
            "rows",
            [{"code": "1", "teacher": "x"}, {"code": "2"}],
            "rows, row 1, teacher: there is no person 'x'",
        ),
        (
            "rows",
            [{"code": str(n)} for n in range(5_001)],
            "rows: has 5,001 rows; at most 5,000 rows may be given",
        ),
        ("pairs", [{}] * 3, "pairs: has 3 rows; at most 2 rows may be given"),
        (
            "pairs",
            [{"school": "ash", "year": "Y2"}] * 2,
            "pairs, row 2: The school (school) 'ash' and year 'Y2' stands already in row 1",
        ),
        ("pairs", [{"year": "Y2"}], "pairs, row 1, The school (school): is missing; it must be answered"),
    ],
)
def test_a_mistake_gets_a_plain_sentence(question: str, given: JsonValue, sentence: str) -> None:
    told = problems(FORM, **{question: given})

    assert any(problem.startswith(sentence) for problem in told), told


def test_all_mistakes_are_listed_at_once() -> None:
    assert len(problems(FORM, words="", whole="x", day="soon")) == 3


VISIT = """
    inputs:
      seats: {type: integer, default: 30}
    steps:
    - task: answer
      title: Answer
      who: ceo
      form:
        present: {type: integer, label: Present}
        absent: {type: integer, required: false}
        all: {type: integer, value: present + absent, at_most: 100}
        share: {type: number, value: double(present) / double(seats)}
        late: {type: yes-no}
        why: {type: text, when: late, label: Why it was late}
        detail: {type: text, when: "why == 'other'"}
        costs:
          required: false
          table:
            what: {type: text}
            each: {type: money}
            how_many: {type: integer, required: false}
            total: {type: money, value: each * how_many}
            receipt: {type: file, when: total > 5000}
          rules:
          - {check: how_many != 13, message: Thirteen are never bought, at: how_many}
          - {check: total <= seats * 1000, message: This is more than ten pounds a seat}
        sum: {type: money, value: "sum(costs.map(c, c.total))"}
        claim: {type: money, required: false, when: size(costs) > 0}
      rules:
      - {check: present <= seats, message: More children than seats, at: present}
      - {check: claim <= sum, message: The claim is more than the costs}
"""


def test_what_is_not_asked_is_kept_as_null_and_what_is_computed_is_kept() -> None:
    kept = complete(VISIT, present=24, absent=1, late="no")

    assert kept == {
        "present": 24, "absent": 1, "all": 25, "share": 0.8, "late": False, "why": None, "detail": None,
        "costs": None, "sum": 0, "claim": None,
    }  # fmt: skip


def test_rows_compute_and_are_summed() -> None:
    costs: list[JsonValue] = [
        {"what": "books", "each": "£12.50", "how_many": 4},
        {"what": "pens", "each": "0.10", "how_many": 3},
        {"what": "bus", "each": "5.00"},
    ]
    kept = complete(VISIT, present=1, absent=0, late=False, costs=costs, claim="40.00")

    assert kept["costs"] == [
        {"what": "books", "each": 1_250, "how_many": 4, "total": 5_000, "receipt": None},
        {"what": "pens", "each": 10, "how_many": 3, "total": 30, "receipt": None},
        {"what": "bus", "each": 500, "how_many": None, "total": None, "receipt": None},
    ]
    assert (kept["sum"], kept["claim"]) == (5_030, 4_000)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"late": True}, ["Why it was late (why): is missing; it must be answered"]),
        ({"why": "snow"}, ["Why it was late (why): is asked only where 'late' holds; leave it empty"]),
        ({"late": True, "why": "other"}, ["detail: is missing; it must be answered"]),
        ({"all": 3}, ["all: is computed from the other answers; leave it empty"]),
        ({"absent": 99}, ["all: 123 is out of range; it must be at most 100"]),
        ({"present": 31}, ["Present (present): More children than seats"]),
        ({"late": "x", "why": "snow"}, ["late: 'x' is neither yes nor no; write yes or no"]),
        (
            {"present": 31, "costs": [{"what": "a", "each": "1.00", "how_many": 13}], "claim": "14.00"},
            [
                "costs, row 1, how_many: Thirteen are never bought",
                "Present (present): More children than seats",
            ],
        ),
        (
            {"costs": [{"what": "a", "each": "1.00", "how_many": 2}], "claim": "3.00"},
            ["The claim is more than the costs"],
        ),
        (
            {"costs": [{"what": "a", "each": "400.00", "how_many": 1, "receipt": "DOC-1"}]},
            ["costs, row 1: This is more than ten pounds a seat"],
        ),
        (
            {"costs": [{"what": "a", "each": "60.00", "how_many": 1}]},
            ["costs, row 1, receipt: is missing; it must be answered"],
        ),
    ],
)
def test_what_is_asked_computed_or_ruled_out_is_said(given: dict[str, JsonValue], told: list[str]) -> None:
    assert problems(VISIT, **{"present": 24, "absent": 1, "late": False, **given}) == tuple(told)


def test_an_expression_that_fails_on_full_answers_is_a_fault_of_the_definition() -> None:
    form = """
        steps:
        - task: answer
          title: Answer
          who: ceo
          form: {a: {type: integer}, b: {type: integer, value: 10 / a}}
    """

    with pytest.raises(BrokenRuleError, match=r"the step 'answer' cannot go on: '10 / a' failed: .*zero"):
        complete(form, a=0)


def test_a_computed_value_is_of_the_type_that_was_declared() -> None:
    form = """
        values: {found: maybe}
        steps:
        - task: answer
          title: Answer
          who: ceo
          form: {rows: {table: {a: {type: text}}, required: false}, b: {type: date, value: "found"}}
    """

    with pytest.raises(BrokenRuleError, match="the value of 'b' 'maybe' is not a date"):
        complete(form)


def test_reading_a_form_costs_as_much_as_it_has_rows() -> None:
    form = """
        scales: {attainment: [WTS, EXS, GDS]}
        steps:
        - task: answer
          title: Answer
          who: ceo
          form:
            rows:
              unique: pupil
              table:
                pupil: {type: text}
                class: {type: text}
                teacher: {type: person}
                value: {type: scale, of: attainment, also: [A, L]}
                confidence: {type: choice, of: [secure, borderline-up, borderline-down]}
    """
    row = {"class": "Y6A", "teacher": "p-0003", "value": "EXS", "confidence": "secure"}

    def work(count: int) -> int:
        play = Play(program(form))
        rows: list[JsonValue] = [{"pupil": f"{number}", **row} for number in range(count)]
        return lines_run(lambda: play.complete("answer", rows=rows))

    few, many, more = (work(count) for count in (10, 60, 600))

    assert many - few < 50 * 200
    assert more - many < (many - few) * 540 / 50 * 1.2
