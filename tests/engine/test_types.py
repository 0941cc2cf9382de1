"""Types: what is read is checked against what is declared, when the file is loaded and never later."""

import pytest

from definitions.yaml_source import SourceError
from engine.definition.compiler import canonical_json, compile_definition
from engine.definition.problems import DefinitionError
from engine.expressions import Expression, ExpressionError
from engine.value_types import (
    ANY,
    INTEGER,
    LIST,
    NUMBER,
    TEXT,
    YES_NO,
    Type,
    joined,
    list_of,
    maybe,
    of_value,
    record,
)
from tests.worlds import Play, program

VOTES = list_of(record(score=INTEGER, by=TEXT))
NAMES = {
    "form": record(severity=TEXT, score=maybe(INTEGER), share=NUMBER, good=YES_NO, votes=maybe(VOTES)),
    "votes": VOTES,
    "anything": ANY,
    "word": TEXT,
    "things": LIST,
}


@pytest.mark.parametrize(
    ("text", "sentence", "offset"),
    [
        ("form.sevrity == 'high'", "there is no field 'sevrity' in form; did you mean 'severity'?", 5),
        ("1 == 1 &&\n  form.sevrity == 'x'", "there is no field 'sevrity' in form", 17),
        ("'é' + form  .  sevrity", "there is no field 'sevrity'", 15),
        ("form['sevrity']", "there is no field 'sevrity' in form", 6),
        ("has(form.sevrity)", "there is no field 'sevrity'", 9),
        ("form.votes.exists(v, v.scroe > 1)", "there is no field 'scroe' in v; did you mean 'score'?", 23),
        ("votes[0].scroe", "there is no field 'scroe' in votes[0]; did you mean 'score'?", 9),
        ("votes.filter(v, v.score > 1).map(w, w.scroe)", "there is no field 'scroe' in w", 38),
        ("votes.map(v, {'a': v.score}).map(w, w.b)", "there is no field 'b' in w; known: a", 38),
        ("(things + votes).map(v, votes[0].x)", "there is no field 'x' in votes[0]", 33),
        ("form.severity.length", "there is no field 'length' in form.severity, which is a text", 14),
        ("form.votes.score", "there is no field 'score' in form.votes, which is a list of records", 11),
        ("form.severity > 1", "'>' cannot stand between a text and an integer", 14),
        ("form.severity == 1", "'==' cannot stand between a text and an integer", 14),
        ("form.severity + 1", "'+' cannot stand between a text and an integer", 14),
        ("form.share * 2", "write a whole number as 1.0", 11),
        ("form.good && form.severity", "expected true or false, but form.severity is a text", 13),
        ("votes.exists(v, v.by)", "expected true or false, but v.by is a text", 16),
        ("'x' in votes", "'in' cannot stand between a text and a list of records", 4),
        ("form.score.startsWith('1')", "expected a text, but form.score is an integer", 0),
        ("votes['x']", "no matching overload", 5),
        ("form.map(f, f)", "walks over a map, whose order is not fixed", 0),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_place(text: str, sentence: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression(text, NAMES)

    assert sentence in str(refused.value)
    assert refused.value.offset == offset


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("votes.map(v, v.score)", list_of(INTEGER)),
        ("form.votes.map(v, v.by)", list_of(TEXT)),
        ("form.votes.filter(v, v.score > 1)", VOTES),
        ("votes.map(v, v.score > 1, v.by)", list_of(TEXT)),
        ("votes.map(v, {'a': v.score, 'b': anything})", list_of(record(a=INTEGER, b=ANY))),
        ("votes.map(v, [v.by])", list_of(list_of(TEXT))),
        ("votes + []", VOTES),
        ("form.good ? votes : []", VOTES),
        ("things + votes", LIST),
        ("[]", LIST),
        ("[1, 'a']", LIST),
        ("votes[0].by", maybe(TEXT)),
        ("form.score", maybe(INTEGER)),
        ("form.score == null", YES_NO),
        ("form.score > 1.5", YES_NO),
        ("form.share > 1", YES_NO),
        ("form.good ? 'x' : form.score", ANY),
        ("size(form.votes) + 1", INTEGER),
        ("votes.exists_one(v, v.score == 1)", YES_NO),
        ("anything.x.y['z'][0] == 1 || anything", YES_NO),
        ("anything + 'x'", TEXT),
        ("word + string(form.score)", TEXT),
        ("things.all(t, t.x > 1 && t.y == 'a')", YES_NO),
        ("has(form.score) ? form.score : 0", maybe(INTEGER)),
        ("{'a': 1}", record(a=INTEGER)),
        ("{}", ANY),
        ("{word: 1}.x", INTEGER),
    ],
)
def test_what_an_expression_gives(text: str, kind: Type) -> None:
    assert Expression(text, NAMES).type == kind


def test_a_stored_expression_is_not_held_to_its_types() -> None:
    assert Expression("form.sevrity", NAMES, stored=True).evaluate({"form": {"sevrity": "high"}}) == "high"


def test_null_stays_null() -> None:
    assert Expression("form.score == null", NAMES).evaluate({"form": {"score": None}}) is True


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (TEXT, TEXT, TEXT),
        (TEXT, INTEGER, ANY),
        (TEXT, maybe(TEXT), maybe(TEXT)),
        (LIST, VOTES, LIST),
        (record(a=TEXT), record(a=TEXT, b=INTEGER), record(a=TEXT, b=maybe(INTEGER))),
        (record(a=TEXT), ANY, ANY),
    ],
)
def test_what_is_one_of_two(one: Type, other: Type, both: Type) -> None:
    assert joined(one, other) == both
    assert joined(other, one) == both


def test_the_type_of_a_literal() -> None:
    assert of_value([{"a": 1}, {"a": 2, "b": None}]) == list_of(record(a=INTEGER, b=ANY))
    assert of_value([]) == LIST
    assert of_value({}) == ANY


JUDGE = """
- for_each: cohorts
  over: {school: schools}
  steps:
  - task: judge
    title: Judge
    who: ceo
    form:
      note: {type: text, required: false}
      judgements: {table: {pupil: {type: text}, score: {type: integer}}}
"""


def loads(steps: str, head: str = "inputs: {schools: {type: list of school, default: all}}") -> None:
    program(f"{head}\nsteps:{JUDGE}{steps}")


@pytest.mark.parametrize(
    "steps",
    [
        "- set: {a: 'cohorts.map(c, c.judge.judgements)'}",
        "- set: {a: 'cohorts.map(c, c.judge.judgements.filter(j, j.score > 1).map(j, j.pupil))'}",
        "- set: {a: 'cohorts.filter(c, c.school in schools && c.judge.note == null)'}",
        "- set: {a: 'cohorts.map(c, c.judge)', b: 'a.map(j, j.outcome + j.by)'}",
        "- {for_each: x, over: {c: cohorts}, key: c.school, steps: [{set: {a: c.judge.judgements}}]}",
        "- {task: t, title: '{{ cohorts[0].judge.note }}', who: ceo}\n- {task: u, title: U, who: the person t.by}",
        # What only one way leaves may be read: it is null where the other was gone.
        """
- choose: c
  cases:
  - {when: size(schools) > 3, steps: [{set: {a: "{'x': 1}"}}]}
  - {steps: [{set: {a: "{'y': 1}"}}]}
- set: {b: "has(a.x) ? a.x : a.y"}
""",
        # What is set again in a later round may look different then.
        """
- set: {a: "{'x': 1}", l: "[{'x': 1}]"}
- repeat: r
  until: has(a.y)
  at_most: 2
  steps:
  - set: {b: "has(a.y) ? a.y : a.x", a: "{'y': 1}", m: "l.map(i, has(i.y))", l: "[{'y': 1}]"}
""",
        """
- set: {a: "{'x': 1}"}
- set: {b: "a"}
- task: again
  title: Again
  who: ceo
  show: {A: "has(a.y) ? a.y : 0"}
- set: {a: "{'y': 1}"}
- {task: t, title: T, who: ceo, outcomes: {back: {return_to: again}, on: }}
""",
    ],
)
def test_what_may_be_right_is_loaded(steps: str) -> None:
    loads(steps)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            "- set: {a: 'cohorts.map(c, c.judge.judgments)'}",
            "there is no field 'judgments' in c.judge; did you mean 'judgements'?",
        ),
        (
            "- set: {a: 'cohorts.map(c, c.judge.judgements.map(j, j.scroe))'}",
            "there is no field 'scroe' in j; did you mean 'score'?",
        ),
        ("- set: {a: 'cohorts.map(c, c.jugde)'}", "there is no field 'jugde' in c; did you mean 'judge'?"),
        (
            "- {task: t, title: T, who: ceo}\n- {task: u, title: U, who: the person t.bye}",
            "there is no field 'bye' in t; did you mean 'by'?",
        ),
        (
            "- {task: t, title: T, who: ceo}\n- {task: u, title: U, who: ceo, due: 3 days after t.dome}",
            "there is no field 'dome' in t; did you mean 'done'?",
        ),
        (
            "- {wait: w, until: 3 days after start}\n- set: {a: w.hapened}",
            "there is no field 'hapened' in w; did you mean 'happened'?",
        ),
        (
            "- set: {a: {function: rows, with: {members: cohorts, step: \"'jugde'\", table: \"'judgements'\"}}}",
            "there is no field 'jugde' in members; did you mean 'judge'?",
        ),
        (
            """
- set:
    a: {function: rows, with: {members: cohorts, step: "'judge'", table: "'judgements'", also: "['school']"}}
    b: a.map(x, x.scholl)
""",
            "there is no field 'scholl' in x; did you mean 'school'?",
        ),
        (
            "- set: {p: {function: pair_schools, with: {schools: schools, seed: key}}, b: 'p.map(x, x.moderater)'}",
            "there is no field 'moderater' in x; did you mean 'moderator'?",
        ),
    ],
)
def test_a_misspelt_field_is_told_when_the_file_is_loaded(steps: str, sentence: str) -> None:
    with pytest.raises(SourceError) as refused:
        loads(steps)

    assert sentence in str(refused.value)


def test_the_place_is_that_of_the_field() -> None:
    with pytest.raises(SourceError) as refused:
        program(
            "steps:\n- {task: visit, title: T, who: ceo}\n- {task: b, title: '{{ visit.rouned }}', who: ceo}"
        )

    line, column = str(refused.value).split(":")[1:3]
    assert int(column) == len("- {task: b, title: '{{ visit.") + 1
    assert "there is no field 'rouned' in visit; did you mean 'round'?" in str(refused.value)
    assert int(line) > 1


def test_a_definition_that_cycles_run_on_is_not_stopped_by_stricter_checks() -> None:
    strict = program(
        """
inputs: {schools: {type: list of school, default: all}}
steps:
- {task: visit, title: T, who: ceo}
- set: {a: visit.round}
- {task: later, title: T, who: ceo, due: 3 days after visit.done}
- choose: c
  cases: [{when: visit.outcome == 'x', steps: [{notify: n, to: ceo, subject: S, body: "{{ visit.round }}"}]}]
- {for_each: e, over: {x: "[visit]"}, steps: [{task: t, title: T, who: ceo, form: {r: {table: {n: {type: text}}}}}]}
- set: {r: {function: rows, with: {members: e, step: "'t'", table: "'r'"}}}
"""
    ).definition
    text = canonical_json(strict)
    for was, now in (
        ("visit.round", "visit.rouned"),
        ("visit.done", "visit.doen"),
        ("visit.outcome == 'x'", "visit.outcome"),
        ("[visit]", "visit"),
        ("'t'", "'tt'"),
    ):
        assert was in text
        text = text.replace(was, now)
    loose = type(strict).model_validate_json(text)

    with pytest.raises(DefinitionError) as refused:
        compile_definition(loose)
    assert len(refused.value.problems) == 6
    assert "set-1" in compile_definition(loose, stored=True).steps


def test_a_table_is_walked_over_as_it_was_answered() -> None:
    play = Play(
        program(
            """
steps:
- task: t
  title: T
  who: ceo
  form: {rows: {table: {n: {type: integer}}}}
- set: {a: "t.rows.map(r, r.n)"}
- {task: u, title: U, who: ceo}
"""
        )
    )

    play.complete("t", rows=[{"n": 3}, {"n": 4}])

    assert play.state.value("", "a") == [3, 4]
