"""Scenarios, people and calendars that are larger, deeper or stranger than anybody needs."""

import json

from tests.definitions.hostile_parts import WIDE, Part, many


def scenario(**parts: Part) -> str:
    return json.dumps({"scenario": "S"} | parts, ensure_ascii=False)


def person(number: int, **parts: Part) -> dict[str, Part]:
    return {"id": f"p-{number:04d}", "name": "A", "email": f"{number}@trust.example"} | parts


def people(*found: Part, **parts: Part) -> str:
    return json.dumps({"people": found} | parts, ensure_ascii=False)


def calendar(**parts: Part) -> str:
    years = [{"name": "2026-27", "half_terms": {"autumn 1": ["2026-08-26", "2026-10-16"]}}]
    return json.dumps({"name": "c", "years": years} | parts, ensure_ascii=False)


def year(name: str, first: str, last: str) -> dict[str, Part]:
    return {"name": name, "half_terms": {"autumn 1": [first, last]}}


SCENARIOS = {
    "nothing": "",
    "lists in lists": "[" * 5_000,
    "unknown steps": scenario(usually=many(lambda _: {}, range(4_000))),
    "unknown inputs": scenario(start={"set": many(lambda n: n, range(4_000))}),
    "unknown tasks": scenario(script=[{"complete": f"judge_{n} at x"} for n in range(3_000)]),
    "long selectors": scenario(script=[{"complete": "judge at " + "x " * 900}] * 500),
    "steps that are not": scenario(script=[{"cmplete": "x"}] * 4_000),
    "empty entries": scenario(script=[{}] * 4_000),
    "days": scenario(script=[{"on": "999 days after today"}] * 4_000),
    "unknown days": scenario(script=[{"on": "5 days after "}] * 4_000),
    "a deep value": scenario(start={"set": {"schools": json.loads("[" * 50 + "]" * 50)}}),
    "unknown events": scenario(expect={"events": [{"event": f"x-{n}"} for n in range(4_000)]}),
    "itself": scenario(like="play.yaml"),
    "another": scenario(like="../" * 600 + "etc/passwd"),
    "a NUL": 'scenario: S\nlike: "a\\0b"\ntrust: "a\\0b"\n',
    "a long name": scenario(like="x" * 100_000),
    "a long trust": scenario(trust="x" * 1_900),
    "strange letters": scenario(usually={"\u202e\u0301\u200b": {}}, script=[{"complete": "\u202e" * 500}]),
    "a megabyte": scenario(script=[{"cancel": "x" * 1_000_000}]),
}
PEOPLE = {
    "nothing": "",
    "a list": "[]",
    "texts": people(*["x"] * 2_000),
    "empty ones": people(*[{}] * 4_000),
    "one many times": people(*[person(1)] * 5_000),
    "unknown managers": people(*(person(n, line_manager=f"p-9{n}") for n in range(1_000, 5_000))),
    "unknown schools": people(
        person(1, posts=[{"role": "ceo", "school": f"s-{n}", "from": "2020-09-01"} for n in range(3_000)])
    ),
    "bad ids": people(*(person(n, id=f"x{n}") for n in range(3_000))),
    "a long id": people(person(1, id="p-" + "0" * 1_000_000)),
    "a long role": people(person(1, posts=[{"role": "a-" * 400_000 + "!", "from": "2020-09-01"}])),
    "strange names": people(person(1, name="\u202e\u0301\U0001f9d1\u200d" * 10_000, id="\u202e")),
    "unknown keys": people(**many(lambda _: 1)),
    "a day that never was": people(person(1, posts=[{"role": "ceo", "from": "2027-02-30"}] * 3_000)),
}
CALENDARS = {
    "nothing": "",
    "ten thousand years": calendar(years=[year("2026-27", "0001-01-01", "9999-12-31")]),
    "far apart": calendar(
        years=[year("2026-27", "0001-01-01", "0001-02-01"), year("2027-28", "9999-01-01", "9999-02-01")]
    ),
    "a school for ever": calendar(
        schools={"ash": {"half_terms": {"2026-27 autumn 1": ["0001-01-01", "9999-12-31"]}}}
    ),
    "the same year": calendar(years=[year("2026-27", "2026-08-26", "2026-10-16")] * 2_000),
    "unknown half terms": calendar(
        schools={f"s{n}": {"half_terms": {"2026-27 winter": ["2026-08-26", "2026-10-16"]}} for n in WIDE}
    ),
    "days of INSET": calendar(inset=["2026-09-01"] * 30_000),
    "bad days": calendar(inset=["2026-09-31"] * 20_000),
    "no zone": calendar(time_zone="../" * 1_000 + "\0"),
    "a long zone": calendar(time_zone="x" * 100_000),
    "numbers": calendar(version=999_999_999_999_999_999, years=1e308),
}
