"""Definitions that fit the grammar, and would take very long to check, or much memory."""

import json

from tests.definitions.hostile_expressions import costly
from tests.definitions.hostile_parts import (
    MOST,
    WIDE,
    digits,
    each,
    many,
    nested,
    sets,
    table,
    task,
    tasks,
    written,
)

DEFINITIONS = {
    "a thousand of everything": written(
        inputs=many(lambda _: {"type": "text"}, MOST),
        values={f"v{n}": n for n in MOST},
        steps=tasks(
            490,
            lambda n: {
                "title": f"{{{{ n{n} }}}}",
                "form": {f"q{m}": {"type": "text"} for m in range(30)},
                "outcomes": {"ok": None, "back": {"return_to": f"t{n}"}},
            },
        ),
    ),
    "texts that each read other names": written(
        inputs=many(lambda _: {"type": "integer"}, MOST),
        steps=[
            task(show={f"x{m}": f"n{m} + n{(m * 7 + n) % 1000}" for m in MOST}) | {"task": f"t{n}"}
            for n in range(2)
        ],
    ),
    "steps that are texts": written(steps=["x"] * 30_000),
    "a few inputs too many": written(inputs=many(lambda _: {"type": "text"}, WIDE)),
    "steps that are empty": written(steps=[{}] * 2_000),
    "unknown kinds": written(steps=[{f"tusk{n}": "x"} for n in WIDE]),
    "unknown keys": written(steps=[task(**many(lambda _: 1))]),
    "bad names": written(inputs={f"Bad {n}": {"type": "text"} for n in WIDE}),
    "inputs": written(inputs=many(lambda _: {"type": "text"})),
    "inputs and steps": written(
        inputs=many(lambda _: {"type": "text"}, MOST),
        steps=tasks(490, lambda n: {"title": f"{{{{ n{n} }}}}"}),
    ),
    "bad defaults": written(inputs=many(lambda _: {"type": "choice", "of": ["a"], "default": "b"}, MOST)),
    "values": written(values=many(lambda n: n, MOST)),
    "values with types": written(values=many(lambda _: {"type": "text", "default": 1}, MOST)),
    "a value of rows": written(values={"v": [{f"k{n}": n} for n in range(3_000)]}),
    "a deep value": written(values={"v": json.loads("[" * 50 + "]" * 50)}),
    "scales": written(scales=many(lambda _: ["a", "b"], MOST)),
    "a long scale": written(
        scales={"s": [f"s{n}" for n in range(1_000)]},
        steps=tasks(400, lambda _: {"form": {"q": {"type": "scale", "of": "s"}}}),
    ),
    "the same in a scale": written(scales={"s": ["x"] * 1_000}),
    "outcomes": written(outcomes=many(lambda n: {"title": "T", "when": f"size(a) == {n}"}, MOST)),
    "events": written(events=many(lambda _: {"values": {"v": {"type": "text"}}}, MOST)),
    "handlers": written(on=many(lambda _: {"do": "cancel"}, MOST)),
    "questions": written(
        steps=[
            task(
                form=many(
                    lambda n: {"type": "integer", "when": f"n{n - 1} > {n}"} if n else {"type": "integer"},
                    MOST,
                )
            )
        ]
    ),
    "questions that are not there": written(
        steps=[task(form=many(lambda n: {"type": "integer", "when": f"m{n} > 1"}, MOST))]
    ),
    "columns": written(steps=[task(form={"r": {"table": many(lambda _: {"type": "money"}, MOST)}})]),
    "rules": written(steps=[task(rules=[{"check": f"size(a) > {n}", "message": "M"} for n in MOST])]),
    "patterns": written(inputs=many(lambda n: {"type": "text", "pattern": f"((a{{100}}){{10}}){n}"}, MOST)),
    "a hostile pattern": written(inputs={"p": {"type": "text", "pattern": "(a{1000}){1000}"}}),
    "showing": written(steps=[task(show=many(lambda n: f"size(a) + {n}", MOST))]),
    "choices of an answer": written(steps=[task(outcomes=many(lambda _: {"return_to": "nobody"}, MOST))]),
    "ways back": written(steps=tasks(490, lambda n: {"outcomes": {"ok": None, "back": {"return_to": "t0"}}})),
    "too many steps": written(steps=tasks(1_500)),
    "too many settings": written(steps=sets(1_500, lambda _: "1")),
    "names of steps": written(steps=[task()] * 500),
    "settings of one step": written(steps=[{"set": many(lambda n: f"{n}", MOST)}]),
    "long settings": written(steps=sets(480, lambda n: "+".join([f"{n}"] * 300))),
    "settings that read the last": written(steps=sets(490, lambda n: f"v{n - 1} + 1" if n else "1")),
    "texts with holes": written(
        steps=tasks(90, lambda n: {"title": "".join(f"{{{{{n + m * 100}}}}}" for m in range(180))})
    ),
    "one text with holes": written(title="x", steps=[task(title="{{a}}" * 400)]),
    "holes that are open": written(steps=[task(title="{{" * 1_000)]),
    "many bad texts": written(steps=tasks(400, lambda n: {"title": "{{ nobody }}" * 150})),
    "cases": written(
        steps=[{"choose": "c", "cases": [{"when": f"size(a) == {n}"} for n in range(999)] + [{}]}]
    ),
    "costly cases": written(
        steps=[{"choose": "c", "cases": [{"when": costly(n)} for n in range(999)] + [{}]}]
    ),
    "branches": written(steps=[{"parallel": "p", "branches": many(lambda _: [task()], MOST)}]),
    "named branches": written(
        steps=[{"parallel": "p", "branches": {f"n{n}": [{"set": {f"v{n}": "1"}}] for n in range(480)}}]
    ),
    "members of members": written(steps=nested(each, 25)),
    "combinations": written(steps=[{"for_each": "e", "over": many(lambda _: "a", MOST), "steps": [task()]}]),
    "a table": written(steps=[table(200, 12, digits)]),
    "tables": written(steps=[table(200, 12, digits, f"d{n}") for n in range(30)]),
    "wide cells": written(steps=[table(200, 2, lambda row, _: [row * 200 + n for n in range(200)])]),
    "tables of numbers": written(
        steps=[table(200, 2, lambda row, column: row * (column + 1) + row / 7, f"d{n}") for n in range(120)]
    ),
    "a table that gives much": written(
        steps=[
            {
                "decide": "d",
                "given": {"c": "size(a)"},
                "table": [{"gives": many(lambda n: "= 1", range(200))}] * 40,
            }
        ]
    ),
    "numbers of a table": written(steps=[table(200, 1, lambda row, _: f"{'9' * 40}..{'9' * 41}")]),
    "deadlines": written(steps=tasks(490, lambda _: {"due": "the last day of " * 18})),
    "alternatives": written(steps=tasks(490, lambda _: {"who": " or ".join(["ceo"] * 42)})),
    "people": written(steps=tasks(490, lambda n: {"who": " or ".join(f"ceo at s{m}" for m in range(25))})),
    "schedules": written(schedule=[{"each": "term", "on": "5 days after term"}] * 1_000),
    "matches": written(steps=[{"wait": "w", "events": many(lambda _: {"match": {"v": "t"}}, MOST)}]),
    "tellings": written(
        steps=[{"notify": f"n{n}", "to": "ceo", "subject": "S", "body": "{{ t }}" * 280} for n in range(450)]
    ),
    "replies": written(steps=tasks(490, lambda _: {"reply": {"who": "ceo", "due": "5 days after opened"}})),
    "long names in order": written(
        steps=tasks(490, lambda n: {"task": f"{'x' * 58}{n}", "due": f"{'x' * 58}{n + 1}"})
    ),
    "unknown names": written(
        steps=tasks(
            480,
            lambda n: {
                "task": f"abcdefghijklmnopqrstuvwxyz_{n}",
                "title": f"{{{{ abcdefghijklmnopqrstuvwxyy_{n} }}}}",
            },
        )
    ),
    "words of a megabyte": written(purpose="x" * 1_000_000),
    "a plug-in": written(steps=[{"call": "c", "activity": "x", "with": many(lambda n: f"{n}", MOST)}]),
    "facts": written(steps=[{"record": "r", "type": "x", "values": many(lambda n: f"{n}", MOST)}]),
    "reports": written(outcomes={"done": {"title": "T", "reports": many(lambda n: f"{n}", MOST)}}),
    "four eyes": written(steps=[task("first"), *tasks(100, lambda _: {"not_done_by": ["first"] * 200})]),
    "escalations": written(
        steps=tasks(
            490,
            lambda _: {"due": "5 days after opened", "escalate": {str(n): "ceo" for n in range(1, 61)}},
        )
    ),
    "a run of itself": written(steps=[{"run": "r", "process": "hostile"}]),
}
"""By what is hostile about each."""
