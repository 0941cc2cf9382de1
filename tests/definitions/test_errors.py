"""Every mistake in a file is shown at its place, with a sentence that helps. `^` stands before the place."""

from pathlib import Path
from textwrap import dedent

import pytest

from definitions.loader import load_program, program_from
from definitions.yaml_source import Mark, SourceError, parse, read

HEADER = """\
process: example
version: 1
title: An example
purpose: To be tested.
owner: ceo
confidentiality: trust
retention: plans
key: only
name: The example
values: {place: ash, number: 1, rows: []}
outcomes: {done: {title: Done}}
"""


def problems(text: str) -> list[tuple[Mark, str]]:
    """What is wrong with a text."""
    with pytest.raises(SourceError) as caught:
        program_from(parse(text, "process.yaml"))
    return caught.value.problems


def marked(text: str) -> tuple[str, Mark]:
    """A text without its marker, and the place where it stood."""
    before, marker, after = dedent(text).partition("^")
    assert marker
    lines = before.split("\n")
    return before + after, Mark(len(lines), len(lines[-1]) + 1)


def in_steps(text: str) -> tuple[list[tuple[Mark, str]], Mark]:
    """The problems of a definition with these steps, and the place that was marked."""
    body, mark = marked(text)
    return problems(HEADER + body), Mark(mark.line + HEADER.count("\n"), mark.column)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\n^\tb: 2\n", "a tab stands in the indentation; use spaces"),
        ("a: 1\n^a: 2\n", "'a' stands twice; the first is in line 1"),
        ("a: {b: 1, ^b: 2}\n", "'b' stands twice; the first is in line 1"),
        ("a: 1\n2: x\n^2: y\n", "'2' stands twice"),
        ("a: ^!!binary aGk=\n", "the tag 'tag:yaml.org,2002:binary' is not allowed"),
        ("a: ^!!int seven\n", "is not allowed; write plain values"),
        ("a: ^!python/object:os.system {}\n", "is not allowed; write plain values"),
        ("a: ^&a [*a]\n", "an alias contains itself"),
        ("a: ^*nothing\n", "is not YAML here"),
        ("a: [1, 2\nb: 3^\n", "is not YAML here"),
        ("a: one: ^two\n", "quote texts that contain ': '"),
        ("^true: 1\n", "a key must be a plain text"),
        ("^[a]: 1\n", "a key must be a plain text"),
        ("a: ^1.0e999\n", "1.0e999 is too large a number"),
        ("a: 1\n--- ^\nb: 2\n", "is not YAML here"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_at_its_place(text: str, sentence: str) -> None:
    body, mark = marked(text)

    (found,) = problems(body)

    assert found[0].line == mark.line
    assert sentence in found[1]
    if "is not YAML" not in found[1] and "contains itself" not in found[1]:
        assert found[0] == mark


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n"])
def test_an_empty_file_says_so(text: str) -> None:
    (found,) = problems(text)

    assert found[1] in {"the file is empty", "the file: expected keys with values; found None"}


def test_a_file_that_is_a_list_says_what_was_expected() -> None:
    (found,) = problems("- a\n- b\n")

    assert found == (Mark(1, 1), "the file: expected keys with values; found ['a', 'b']")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100, "is nested deeper than 60 levels"),
        ("- " * 100 + "x", "is nested deeper than 60 levels"),
        ("- x\n" * 100_001, "has more than 100000 parts"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n"
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            "aliases stand for more than 100000 parts",
        ),
    ],
)
def test_hostile_files_are_refused_quickly(text: str, sentence: str) -> None:
    (found,) = problems(text)

    assert sentence in found[1]


def test_files_that_are_too_large_not_there_or_not_text_are_refused(tmp_path: Path) -> None:
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * 2_000_001)
    latin.write_bytes("title: Tŷ".encode("utf-16"))

    for file, sentence in [
        (large, "the file is larger than 2000 kB"),
        (latin, "is not UTF-8 text; save it as UTF-8"),
        (tmp_path / "none.yaml", "cannot be read: No such file or directory"),
    ]:
        with pytest.raises(SourceError) as caught:
            read(file)
        assert str(caught.value) == f"{file}:1:1: {sentence}"


TASK = "- task: first\n  title: First\n  who: ceo\n"


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        # What the grammar refuses.
        (
            "steps:\n- task: first\n  ^titel: First\n  who: ceo\n  title: T\n",
            "no key 'titel'; did you mean 'title'?",
        ),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo\n  form:\n    a: {type: ^txt}\n",
            "'txt' is not allowed here",
        ),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo\n  form:\n    a: {type: text, ^lable: A}\n",
            "did you mean 'label'?",
        ),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo\n  form:\n    a: {table: {b: {type: text, ^label_: B}}}\n",
            "did you mean 'label'?",
        ),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo\n  outcomes: {a: {^return: b}}\n",
            "did you mean 'return_to'?",
        ),
        ("steps:\n- task: ^First One\n  title: T\n  who: ceo\n", "'First One' is not a name; use lower-case"),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo\n  form:\n    ^Bad-Name: {type: text}\n",
            "is not a name",
        ),
        ("steps:\n- task: first\n  title: T\n  who: ceo\n  minutes: ^-5\n", "greater than or equal to 0"),
        ("steps:\n- task: first\n  ^title: [a]\n  who: ceo\n", "title: expected a text; found ['a']"),
        ("steps:\n- task: ^first\n  title: T\n", "'who' is missing; add it"),
        ("steps:\n- ^tsk: first\n  title: T\n", "there is no kind of step 'tsk'; did you mean 'task'?"),
        (
            "steps:\n- repeat: ^again\n  until: 'true'\n  steps:\n  - set: {a: '1'}\n",
            "'at_most' is missing; add it",
        ),
        (
            "steps:\n- repeat: again\n  until: 'true'\n  at_most: ^99\n  steps:\n  - set: {a: '1'}\n",
            "less than or equal to 50",
        ),
        ("^steps: []\n", "steps: at least 1 must stand here"),
        ("steps:\n- set: {a: {function: rows, ^wth: {}}}\n", "did you mean 'with'?"),
        (
            "steps:\n- choose: way\n  cases:\n  - ^wen: 'true'\n",
            "there is no key 'wen'; did you mean 'when'?",
        ),
        (f"steps:\n{TASK}^report:\n  a: 1\n", "report: expected a text"),
        # What the compiler refuses.
        (f"steps:\n{TASK}- task: ^first\n  title: T\n  who: ceo\n", "two steps are called 'first'"),
        ("steps:\n- task: ^place\n  title: T\n  who: ceo\n", "'place' is already an input or a value"),
        ("steps:\n- task: ^package\n  title: T\n  who: ceo\n", "means something else in expressions"),
        (
            f"steps:\n{TASK}- task: b\n  title: T\n  who: ceo\n  outcomes: {{ok: null, no: {{return_to: ^frist}}}}\n",
            "no earlier step of the same block 'frist'; did you mean 'first'?",
        ),
        (
            f"steps:\n{TASK}  due: 5 school ^dayz after opened\n",
            "found 'dayz' at character 10; did you mean 'day'?",
        ),
        (f"steps:\n{TASK}  due: 5 school days after ^sesion\n", "there is no date or step 'sesion'"),
        (f"steps:\n{TASK}  due: '5 school days after ^sesion'\n", "there is no date or step 'sesion'"),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo or ^Head Teacher\n",
            "cannot read who 'Head Teacher'",
        ),
        (
            "steps:\n- task: first\n  title: T\n  who: ceo or headteacher at ^plase\n",
            "there is no name 'plase'; did you mean 'place'?",
        ),
        ("steps:\n- task: first\n  title: About {{ ^plase }}\n  who: ceo\n", "did you mean 'place'?"),
        ("steps:\n- task: first\n  title: About ^{{ place\n  who: ceo\n", "must come in pairs"),
        (f"steps:\n{TASK}  show: {{A: number + ^plase}}\n", "did you mean 'place'?"),
        (f"steps:\n{TASK}  show: {{A: 'number + ^plase'}}\n", "did you mean 'place'?"),
        (f"steps:\n{TASK}  show:\n    A: |\n      number +\n        ^plase\n", "did you mean 'place'?"),
        (
            f"steps:\n{TASK}  show:\n    A: >-\n      number +\n      number + ^plase\n",
            "did you mean 'place'?",
        ),
        (f"steps:\n{TASK}  show:\n    A: number +\n      number + ^plase\n", "did you mean 'place'?"),
        (
            f'steps:\n{TASK}  show:\n    A: "place + \\"q\\" +\n      place + ^plase"\n',
            "did you mean 'place'?",
        ),
        (f"steps:\n{TASK}  show:\n    A: 'place + ''q'' + ^plase'\n", "did you mean 'place'?"),
        (f"steps:\n{TASK}  ^escalate: {{2: ceo}}\n", "escalation needs a deadline: add `due`"),
        (f"steps:\n{TASK}  not_done_by: ^second\n", "there is no earlier task in reach 'second'"),
        (f"steps:\n{TASK}  form:\n    ^by: {{type: text}}\n", "'by' is kept for the answer itself"),
        (f"steps:\n{TASK}  form:\n    ^a: {{type: choice}}\n", "a choice needs its choices"),
        (f"steps:\n{TASK}  form:\n    a: {{type: scale, of: ^marks}}\n", "there is no scale 'marks'"),
        (
            f"steps:\n{TASK}  form:\n    ^a: {{type: link, at_least: 2}}\n",
            "only numbers, money, dates, texts and lists",
        ),
        (
            f"steps:\n{TASK}  form:\n    ^a: {{type: integer, at_least: 2, at_most: 1}}\n",
            "both at least and at most",
        ),
        (
            f"steps:\n{TASK}  form:\n    a: {{type: money, at_least: ^ten pounds}}\n",
            "is not an amount of money",
        ),
        (f"steps:\n{TASK}  form:\n    a: {{type: date, at_most: ^May}}\n", "'May' is not a date"),
        (f"steps:\n{TASK}  form:\n    a: {{type: text, pattern: ^'('}}\n", "this is no regular expression"),
        (f"steps:\n{TASK}  form:\n    ^a: {{type: date, pattern: a}}\n", "only a text has a `pattern`"),
        (f"steps:\n{TASK}  form:\n    a: {{type: text, pattern_words: ^two}}\n", "the words for a `pattern`"),
        (
            f"steps:\n{TASK}  form:\n    a: {{type: text, when: ^b}}\n    b: {{type: yes-no}}\n",
            "'b' reads b, which comes only later; move it up",
        ),
        (f"steps:\n{TASK}  form:\n    a: {{type: text, when: ^bee}}\n", "there is no name 'bee'"),
        (f"steps:\n{TASK}  form:\n    a: {{type: text, value: ^a}}\n", "'a' reads a, which comes only later"),
        (f"steps:\n{TASK}  form:\n    a: {{type: text, when: ^place}}\n", "expected a condition"),
        (f"steps:\n{TASK}  form:\n    a: {{type: integer, value: ^place}}\n", "expected integer, but"),
        (
            f"steps:\n{TASK}  form:\n    a: {{type: money, value: ^'sum([place])'}}\n",
            "sum() adds numbers, but it is given a list of text",
        ),
        (
            f"steps:\n{TASK}  form:\n    a: {{type: integer}}\n  rules:\n  - {{check: 'a > ^bb', message: No}}\n",
            "there is no name 'bb'",
        ),
        (
            f"steps:\n{TASK}  form:\n    a: {{type: integer}}\n  rules:\n  - {{check: a > 1, message: No, at: ^b}}\n",
            "there is no question 'b'",
        ),
        (
            f"steps:\n{TASK}  form:\n    a: {{table: {{b: {{type: text}}}}, rules: [{{check: ^c, message: No}}]}}\n",
            "there is no name 'c'",
        ),
        (f"inputs:\n  a: {{type: money, default: ^ten}}\nsteps:\n{TASK}", "is not an amount of money"),
        (f"inputs:\n  ^a: {{type: choices}}\nsteps:\n{TASK}", "a choice needs its choices"),
        (f"inputs:\n  a: {{type: scale, of: ^marks}}\nsteps:\n{TASK}", "there is no scale 'marks'"),
        (
            f"steps:\n{TASK}  form:\n    a: {{table: {{b: {{type: text}}}}, unique: ^c}}\n",
            "there is no column 'c'",
        ),
        (
            "steps:\n- for_each: all_of\n  over: {one: ^place}\n  steps:\n  - set: {a: '1'}\n",
            "expected a list",
        ),
        (
            "steps:\n- for_each: all_of\n  over: {^all_of: rows}\n  steps:\n  - set: {a: '1'}\n",
            "already the name of a step",
        ),
        (
            "steps:\n- choose: way\n  cases:\n  - ^steps: [{set: {a: '1'}}]\n  - when: number == 1\n",
            "only the last case may leave out `when`",
        ),
        (
            "steps:\n- choose: way\n  cases:\n  - when: ^number\n",
            "expected a condition that is true or false",
        ),
        (
            "steps:\n- set:\n    a: {function: ^rowz, with: {}}\n",
            "there is no function 'rowz'; did you mean 'rows'?",
        ),
        (
            "steps:\n- set:\n    ^a: {function: rows, with: {members: rows, step: \"'x'\"}}\n",
            "needs the argument 'table'",
        ),
        ("steps:\n- set:\n    ^key: '1'\n", "'key' is an input and never changes"),
        ("steps:\n- set:\n    a: '{1: 2}.map(k, ^k)'\n", "walks over a map, whose order is not fixed"),
        ("steps:\n- ^wait: long\n", "a wait needs `until`, `event`, or both"),
        (
            "steps:\n- repeat: ^again\n  until: 'true'\n  at_most: 2\n  steps:\n  - set: {number: \"'text'\"}\n",
            "'number' is integer the first time and text when this is done again",
        ),
    ],
)
def test_a_mistake_is_shown_at_its_place_with_a_sentence_that_helps(steps: str, sentence: str) -> None:
    found, mark = in_steps(steps)

    assert len(found) == 1
    assert sentence in found[0][1]
    if "walks over" in sentence or sentence.startswith(("a wait", "only the last")):
        assert found[0][0].line == mark.line
    else:
        assert found[0][0] == mark, found


def test_all_problems_are_listed_in_the_order_of_the_file() -> None:
    steps = """\
        steps:
        - task: first
          title: "{{ plase }}"
          who: Head
          due: soon
          show: {A: numbr}
        - task: first
          title: T
          who: ceo
        """

    found = problems(HEADER.replace("key: only", "key: '{{ nothing }}'") + dedent(steps))

    assert [mark.line for mark, _ in found] == [8, 14, 15, 16, 17, 18]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("header", "line", "sentence"),
    [
        (
            "inputs: {day: {type: date, default: 2 days before later}, later: {type: date}}",
            12,
            "no date or step 'later'",
        ),
        ("inputs: {pick: {type: choice, of: [a, b], default: c}}", 12, "there is no choice 'c'"),
        ("inputs: {number: {type: integer}}", 10, "'number' is already an input"),
        ("inputs: {key: {type: text}}", 12, "'key' means something else"),
        ("outcomes: {a: {title: A}, b: {title: B}}", 11, "only the last outcome may leave out `when`"),
        ("outcomes: {a: {title: A, when: number == 1}}", 11, "the last outcome must leave out `when`"),
        ("key: '{{ key }}'", 8, "there is no name 'key'"),
    ],
)
def test_mistakes_in_the_header_are_shown_too(header: str, line: int, sentence: str) -> None:
    name = header.split(":", maxsplit=1)[0]
    kept = [header if row.startswith(f"{name}:") else row for row in HEADER.splitlines()]
    text = "\n".join(kept if header in kept else [*kept, header]) + f"\nsteps:\n{TASK}"

    ((mark, found),) = problems(text)

    assert mark.line == line
    assert sentence in found


def test_a_loaded_file_is_named_in_every_line(tmp_path: Path) -> None:
    file = tmp_path / "process.yaml"
    file.write_text("process: Bad\nversion: 0\n", encoding="utf-8")

    with pytest.raises(SourceError) as caught:
        load_program(file)

    assert all(line.startswith(f"{file}:") for line in str(caught.value).splitlines())
