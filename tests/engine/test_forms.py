"""Answers: every type of question, and one plain sentence for each mistake."""

import pytest
from pydantic import JsonValue

from engine.errors import InvalidInputError
from tests.worlds import Play, program

FORM = """
    scales: {attainment: [WTS, EXS, GDS]}
    steps:
    - task: answer
      title: Answer
      who: ceo
      form:
        words: {type: text, required: false}
        whole: {type: integer, at_least: 0, at_most: 30, required: false}
        number: {type: number, required: false}
        sure: {type: yes-no, required: false}
        day: {type: date, required: false}
        pick: {type: choice, of: [red, blue], required: false}
        mark: {type: scale, of: attainment, also: [A], required: false}
        who: {type: person, required: false}
        page: {type: link, required: false}
        rows:
          required: false
          at_least: 2
          unique: code
          table:
            code: {type: text}
            mark: {type: scale, of: attainment, required: false}
            teacher: {type: person, required: false}
"""


def answer(**values: JsonValue) -> dict[str, JsonValue]:
    """What is kept of an answer."""
    play = Play(program(FORM))
    event = play.complete("answer", **values)[0]
    assert event.kind == "task-completed"
    return {name: value for name, value in event.values.items() if value is not None}


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("words", " Well done ", "Well done"),
        ("whole", 30, 30),
        ("number", 12.5, 12.5),
        ("number", "12.5", 12.5),
        ("sure", "yes", True),
        ("sure", False, False),
        ("day", "2027-03-31", "2027-03-31"),
        ("pick", "blue", "blue"),
        ("mark", "A", "A"),
        ("who", "p-0001", "p-0001"),
        ("page", "https://example.org/x", "https://example.org/x"),
        (
            "rows",
            [{"code": "1", "mark": "GDS"}, {"code": "2"}],
            [{"code": "1", "mark": "GDS", "teacher": None}, {"code": "2", "mark": None, "teacher": None}],
        ),
    ],
)
def test_an_answer_is_kept_as_it_was_meant(question: str, given: JsonValue, kept: JsonValue) -> None:
    assert answer(**{question: given}) == {question: kept}


@pytest.mark.parametrize(
    ("question", "given", "sentence"),
    [
        ("words", "  ", "words: is empty; it must be answered"),
        ("words", "x" * 5_001, "words: is too long; at most 5000 characters"),
        ("words", 5, "words: must be text"),
        ("whole", 1.5, "whole: must be a whole number such as 12"),
        ("whole", True, "whole: must be a whole number such as 12"),
        ("whole", 31, "whole: 31 is out of range; it must be at most 30"),
        ("whole", -1, "whole: -1 is out of range; it must be at least 0"),
        ("number", "much", "number: must be a number such as 12.5"),
        ("number", "nan", "number: must be a number such as 12.5"),
        ("sure", "perhaps", "sure: must be yes or no (true or false)"),
        ("day", "31 March", "day: '31 March' is not a date; write one such as 2027-03-31"),
        ("day", "2027-02-30", "day: '2027-02-30' is not a date; write one such as 2027-03-31"),
        ("day", "20270331", "day: '20270331' is not a date; write one such as 2027-03-31"),
        ("pick", "green", "pick: 'green' is not one of 'red' or 'blue'"),
        ("mark", "B", "mark: 'B' is not one of 'WTS', 'EXS', 'GDS' or 'A'"),
        ("who", "p-0009999", "who: there is no person 'p-0009999'; did you mean"),
        ("page", "example.org", "page: 'example.org' is not a link; it must begin with https://"),
        ("wrods", "x", "wrods: is not a question of this form"),
        ("rows", "many", "rows: must be a list of rows"),
        ("rows", ["a", "b"], "rows, row 1: must be a row with a value for each column"),
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
            "rows: has too many rows; at most 5000 are allowed",
        ),
    ],
)
def test_a_mistake_gets_a_plain_sentence(question: str, given: JsonValue, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        answer(**{question: given})

    assert any(problem.startswith(sentence) for problem in refused.value.problems), refused.value.problems


def test_all_mistakes_are_listed_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        answer(words="", whole="x", day="soon")

    assert len(refused.value.problems) == 3
