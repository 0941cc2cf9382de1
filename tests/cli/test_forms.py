"""A task with every type of question, from the command line: shown, drafted, refused with reasons, answered."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import Shell

OFFICER, HEAD = "Daniel Okafor", "Claire Whitmore"
CLAIM = """
process: claim
version: 1
title: Claims
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
key: "{{ tag }}"
name: "Claim {{ tag }}"
outcomes: {done: {title: All is claimed}}
inputs:
  tag: {type: text}
  limit: {type: money, label: The most that is paid back, default: 250}
  prices: {table: {what: {type: text}, price: {type: money}}, unique: what}
scales:
  mark: [low, middling, high]
steps:
- task: answer
  title: Claim what was paid
  who: school-improvement-officer
  form:
    words: {type: text, label: What it was for, pattern: "[A-Za-z ]+", pattern_words: letters only}
    whole: {type: integer, at_least: 1}
    number: {type: number}
    cost: {type: money, label: What was paid, at_most: 1000}
    sure: {type: yes-no}
    why: {type: text, when: sure == false, label: Why you are not sure}
    day: {type: date}
    pick: {type: choice, of: [red, blue]}
    picks: {type: choices, of: [red, blue, green]}
    mark: {type: scale, of: mark}
    who: {type: person}
    place: {type: school}
    year: {type: year-group}
    subject: {type: subject}
    term: {type: term}
    half: {type: half-term}
    page: {type: link}
    papers: {type: file}
    texts: {type: list of text}
    numbers: {type: list of integer}
    days: {type: list of date}
    places: {type: list of school}
    years: {type: list of year-group}
    people: {type: list of person}
    subjects: {type: list of subject}
    terms: {type: list of term}
    halves: {type: list of half-term}
    lines:
      table:
        what: {type: text}
        cost: {type: money}
        twice: {type: money, value: cost + cost}
    total: {type: money, value: "sum(lines.map(l, l.cost))"}
  rules:
  - {check: cost <= limit, message: More than is paid back, at: cost}
- task: look
  title: Look at it
  who: school-improvement-officer
  show:
    Cost: pounds(answer.cost)
    Total: pounds(answer.total)
    Subjects: answer.subjects
    Prices: prices.map(p, p.price)
"""
GIVEN = {
    "words": "A visit", "whole": "3", "number": "0.5", "cost": "£1,000.00", "sure": "yes", "day": "2027-05-26",
    "pick": "red", "picks": "red, green", "mark": "high", "who": "Tariq Mahmood", "place": "glenfield",
    "year": "Year 2", "subject": "EN", "term": "2026-27 autumn", "half": "2026-27 autumn 1",
    "page": "https://trust.example/x", "papers": "DOC-1", "texts": "a, b", "numbers": "1, 1", "days": "2027-05-26",
    "places": "all", "years": "Y2, Y6", "people": "Tariq Mahmood", "subjects": "english, MA",
    "terms": "2026-27 autumn", "halves": "2026-27 autumn 1",
}  # fmt: skip


def said(given: dict[str, str]) -> list[str]:
    """The words of a command that give these."""
    return [word for name, value in given.items() for word in ("--set", f"{name}={value}")]


@pytest.fixture
async def task(termwise: Shell, tmp_path: Path) -> str:
    """The open task of a fresh claim."""
    folder = tmp_path / "definitions/claim"
    folder.mkdir()
    (folder / "process.yaml").write_text(CLAIM)
    (tmp_path / "prices.csv").write_text("what,price\nbus,£120.50\nlunch,3\n")
    words = ["claim", "--set", f"tag={uuid4().hex}", "--form", str(tmp_path / "prices.csv")]
    started = await termwise("start", *words, "--json", by=OFFICER)
    assert started.code == 0, started.err
    (found,) = await termwise.tasks(started.json["instance"], "answer")
    return found


async def test_every_type_is_asked_drafted_and_answered(termwise: Shell, task: str, tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text("what,cost\nbus,£120.50\nlunch,12\n")
    shown = await termwise("tasks", "show", task, by=OFFICER)
    kept = await termwise("tasks", "draft", task, *said(GIVEN), by=OFFICER)
    again = await termwise(
        "tasks", "draft", task, "--form", str(tmp_path / "lines.csv"), "--set", "words=", by=OFFICER
    )
    mine = await termwise("tasks", "show", task, "--json", by=OFFICER)
    refused = await termwise("tasks", "complete", task, "--set", "why=no", by=OFFICER)
    broken = await termwise("tasks", "complete", task, "--set", "words=A trip", by=OFFICER)
    done = await termwise(
        "tasks", "complete", task, "--set", "words=A trip", "--set", "cost=99.5", by=OFFICER
    )
    (look,) = (await termwise("tasks", "--mine", "--json", by=OFFICER)).json["tasks"]

    assert "an amount such as £1,234.50, at most £1,000.00" in " ".join(shown.out.split())
    assert "computed, not asked" in shown.out
    assert "Not taken when\ncost: More than is paid back\n" in shown.out
    assert "£1,000.00" in kept.out
    assert "Draft kept, not sent: Claim what was paid." in again.out
    assert mine.json["draft"]["subjects"] == ["english", "mathematics"]
    assert mine.json["draft"]["lines"] == [{"what": "bus", "cost": 12050}, {"what": "lunch", "cost": 1200}]
    assert "words" not in mine.json["draft"]
    assert "What it was for (words): is missing; it must be answered" in refused.err
    assert (
        "Why you are not sure (why): is asked only where 'sure == false' holds; leave it empty" in refused.err
    )
    assert broken.err.strip().endswith("What was paid (cost): More than is paid back")
    assert done.out.startswith("Done, from the draft of ")
    assert look["shown"] == {
        "Cost": "£99.50", "Total": "£132.50", "Subjects": ["english", "mathematics"], "Prices": [12050, 300],
    }  # fmt: skip
    gone = await termwise("tasks", "draft", task, by=OFFICER)
    assert gone.out == "No draft of yours: Claim what was paid.\n"
    late = await termwise("tasks", "draft", task, "--set", "whole=1", by=OFFICER)
    assert "the task is closed, so no draft of it is kept" in late.err


async def test_a_draft_is_checked_as_it_is_written_and_only_by_those_who_are_asked(
    termwise: Shell, task: str
) -> None:
    wrong = await termwise("tasks", "draft", task, "--set", "whole=many", "--set", "total=3", by=OFFICER)
    stranger = await termwise("tasks", "draft", task, "--set", "whole=1", by=HEAD)
    await termwise("tasks", "draft", task, "--set", "whole=1", by=OFFICER)
    cleared = await termwise("tasks", "draft", task, "--clear", by=OFFICER)

    assert "whole: 'many' is not a whole number; write one such as 12" in wrong.err
    assert "total: is computed from the other answers; leave it empty" in wrong.err
    assert "Claire Whitmore is not asked to do 'Claim what was paid'; it is for Daniel Okafor" in stranger.err
    assert cleared.out.startswith("No draft of yours")


async def test_wrong_rows_of_an_input_are_told_by_their_number(
    termwise: Shell, task: str, tmp_path: Path
) -> None:
    del task
    (tmp_path / "wrong.csv").write_text("what,price\nbus,dear\nbus,3\n")
    words = ["claim", "--set", "tag=x", "--form", str(tmp_path / "wrong.csv")]

    refused = await termwise("start", *words, by=OFFICER)

    assert "prices, row 1, price: 'dear' is not an amount of money" in refused.err
    assert "prices, row 2: what 'bus' stands already in row 1" in refused.err
