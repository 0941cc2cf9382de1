"""Mistakes of people and files: one sentence with the remedy, a code that means something, and nothing changed."""

import asyncio
import gc
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from cli.exit_codes import ExitCode
from tests.cli.conftest import ROOT, Shell, services

OFFICER, HEAD = "Daniel Okafor", "Claire Whitmore"


async def events(shell: Shell) -> int:
    return int((await shell("records", "verify", "--json")).json["events"])


async def test_an_unknown_school_is_named_with_the_nearest(shell: Shell) -> None:
    result = await shell("start", "tidy", "--set", "tag=x", "--set", "schools=glenfeld", by=OFFICER)

    assert result.code == ExitCode.REFUSED
    assert result.err == "termwise: schools: there is no school 'glenfeld'; did you mean 'glenfield'?\n"
    assert await events(shell) == 0


async def test_a_process_is_not_started_while_nobody_holds_a_role(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMWISE_TRUST", str(_without_head_of("hollins", tmp_path / "trust")))
    words = ["start", "tidy", "--set", f"tag={uuid4().hex}"]

    dry = await shell(*words, "--dry-run", by=OFFICER)
    result = await shell(*words, by=OFFICER)

    assert "nobody is headteacher at Hollins Primary School" in dry.out
    assert result.code == ExitCode.REFUSED
    assert "nobody is headteacher at Hollins Primary School" in result.err
    assert await events(shell) == 0


def _without_head_of(school: str, folder: Path) -> Path:
    folder.mkdir()
    for file in (ROOT / "examples/scholars").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    people = yaml.load((folder / "people.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - ours, all texts
    for person in people["people"]:
        posts = person.get("posts", [])
        person["posts"] = [p for p in posts if (p["role"], p.get("school")) != ("headteacher", school)]
    (folder / "people.yaml").write_text(yaml.dump(people))
    return folder


UNFIT = [
    (
        ["mark=superb", "rooms=3"],
        "How tidy it is (mark): 'superb' is not a choice here; choose 'low', 'middling' or 'high'",
    ),
    (["mark=low"], "rooms: is missing; it must be answered"),
    (["mark=low", "rooms=many"], "rooms: 'many' is not a whole number; write one such as 12"),
    (["mark=low", "rooms=0"], "rooms: 0 is out of range; it must be at least 1"),
    (
        ["mark=low", "rooms=1", "colour=red"],
        "colour: is not a question of this form; there are mark, rooms, seen_on, with_help, helper, shelves",
    ),
    (
        ["mark=low", "rooms=1", "seen_on=31 May"],
        "seen_on: '31 May' is not a date; write one such as 2027-03-31",
    ),
    (["mark=low", "rooms=1", "with_help=maybe"], "with_help: 'maybe' is neither yes nor no; write yes or no"),
]


async def test_an_answer_that_does_not_fit_the_form_is_refused(termwise: Shell) -> None:
    (look,) = await termwise.tasks(await termwise.started())
    before = await events(termwise)

    for answers, said in UNFIT:
        given = [word for answer in answers for word in ("--set", answer)]
        result = await termwise("tasks", "complete", look, *given, by=HEAD)
        assert (result.code, result.err) == (ExitCode.REFUSED, f"termwise: {said}\n")

    assert await events(termwise) == before


async def test_a_task_is_done_once_and_by_whom_it_is_asked(termwise: Shell) -> None:
    (look,) = await termwise.tasks(await termwise.started())
    complete = ["tasks", "complete", look, "--set", "mark=low", "--set", "rooms=1"]

    wrong = await termwise(*complete, by=OFFICER)
    right = await termwise(*complete, by=HEAD)
    before = await events(termwise)
    twice = await termwise(*complete, by=HEAD)

    assert wrong.code == twice.code == ExitCode.REFUSED
    assert wrong.err.startswith(
        "termwise: Daniel Okafor is not asked to do 'Look around'; it is for Claire Whitmore"
    )
    assert right.code == ExitCode.OK
    assert twice.err.startswith("termwise: 'Look around' was already completed by Claire Whitmore on ")
    assert await events(termwise) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("process: x\n\tversion: 1\n", ":2:1: a tab stands in the indentation; use spaces"),
        ("process: x\nversion: 1\nprocess: y\n", ":3:1: 'process' stands twice; the first is in line 1"),
        ("steps: [\n", "is not YAML here"),
        ("", ":1:1: the file is empty"),
    ],
)
async def test_a_broken_definition_is_shown_with_its_place(
    shell: Shell, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "process.yaml").write_text(text)

    result = await shell("define", "check", str(tmp_path / "process.yaml"))

    assert result.code == ExitCode.USAGE
    assert said in result.out


async def test_an_alias_bomb_is_an_error_and_not_a_hang(shell: Shell, tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (tmp_path / "process.yaml").write_text("\n".join(lines))

    result = await asyncio.wait_for(shell("define", "check", str(tmp_path / "process.yaml"), "--json"), 5)

    assert result.code == ExitCode.USAGE
    assert "aliases" in result.json["problems"][0]["message"]


async def test_a_broken_form_file_changes_nothing(termwise: Shell, tmp_path: Path) -> None:
    (look,) = await termwise.tasks(await termwise.started())
    before = await events(termwise)
    broken = {
        "tab.yaml": ("mark: low\n\trooms: 1\n", ":2:1: a tab stands in the indentation"),
        "twice.yaml": ("mark: low\nmark: high\n", ":2:1: 'mark' stands twice"),
        "bad.json": ('{"mark": }', ":1:10: is not JSON here"),
        "columns.csv": ("name,book\nA,1\n", ":1:1: there is no column 'book'; did you mean 'books'?"),
        "cells.csv": ("name,books\nA,1,2\n", ":2:1: has more cells than the first line has columns"),
        "form.txt": ("mark: low", "is not a form; write one as .yaml, .json, or .csv for a table"),
    }
    for name, (text, said) in broken.items():
        (tmp_path / name).write_text(text)
        result = await termwise("tasks", "complete", look, "--form", str(tmp_path / name), by=HEAD)
        assert result.code == ExitCode.USAGE
        assert said in result.err

    assert (
        await termwise("tasks", "complete", look, "--form", "nowhere.yaml", by=HEAD)
    ).code == ExitCode.USAGE
    assert await events(termwise) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["tasks", "show", "zzz"],
            ExitCode.UNKNOWN_NAME,
            "there is no task 'zzz'; `termwise tasks` lists them",
        ),
        (["show", "nothing"], ExitCode.UNKNOWN_NAME, "there is no cycle 'nothing'"),
        (
            ["start", "tidi", "--as", "p-0002"],
            ExitCode.UNKNOWN_NAME,
            "there is no process 'tidi'; did you mean 'tidy'?",
        ),
        (["start", "tidy", "--as", "Nobody"], ExitCode.UNKNOWN_NAME, "there is no person 'Nobody'"),
        (["start", "tidy"], ExitCode.USAGE, "say whose with --as PERSON"),
        (["start", "tidy", "--set", "tag", "--as", "p-0002"], ExitCode.USAGE, "write it as name=value"),
        (
            ["start", "tidy", "--set", "tag=1", "--as", "p-0003"],
            ExitCode.REFUSED,
            "Priya Raval may not start tidy",
        ),
        (["tasks", "--school", "hogwarts"], ExitCode.UNKNOWN_NAME, "there is no school 'hogwarts'"),
        (["tasks", "--mine"], ExitCode.USAGE, "say whose with --as PERSON"),
        (["taks"], ExitCode.USAGE, 'Did you mean "tasks"?'),
        (["tasks", "--lat"], ExitCode.USAGE, "Did you mean --late?"),
        (["tasks", "return"], ExitCode.USAGE, "TASK is missing; see `termwise tasks return --help`"),
        (["tasks", "skip", "x"], ExitCode.USAGE, "--code is missing: write --code and what it is"),
        (
            ["tasks", "defer", "x", "--code", "ill", "--until", "1/12/2026"],
            ExitCode.USAGE,
            "--until: '1/12/2026' is not a date; write one such as 2027-05-26",
        ),
        (
            ["calendar", "day", "31/05/2027"],
            ExitCode.USAGE,
            "termwise: '31/05/2027' is not a date; write one such as 2027-05-26",
        ),
        (
            ["calendar", "set", "half-term", "2026-27 summer 2", "2027-07-16", "2027-06-07", "--dry-run"],
            ExitCode.USAGE,
            "2027-06-07 is before 2027-07-16; give the first day, and then the last",
        ),
        (["records", "rebuild", "bord"], ExitCode.UNKNOWN_NAME, "did you mean 'board'?"),
    ],
)
async def test_a_slip_of_the_hand_is_one_sentence(
    shell: Shell, words: list[str], code: ExitCode, said: str
) -> None:
    result = await shell(*words)

    assert result.code == code
    assert result.err.startswith("termwise: ")
    assert said in result.err
    assert result.err.count("\n") == 1
    assert await events(shell) == 0


async def test_with_json_an_error_is_json_too(shell: Shell) -> None:
    result = await shell("show", "nothing", "--json")

    assert result.json["error"]["code"] == "unknown-name"
    assert result.err.startswith("termwise: there is no cycle")


async def test_a_command_whose_answer_was_lost_is_typed_again_and_counts_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with services():
        (look,) = await shell.tasks(await shell.started())
    complete = ["tasks", "complete", look, "--set", "mark=low", "--set", "rooms=1"]
    before = await events(shell)

    with monkeypatch.context() as impatient:
        impatient.setattr("workers.client.ANSWER_WITHIN", timedelta(seconds=0.5))
        lost = await shell(*complete, by=HEAD)
    async with services():
        again = await shell(*complete, by=HEAD)

    assert lost.code == ExitCode.OUTCOME_UNKNOWN
    assert "Send it again, which cannot count twice" in lost.err
    assert again.code == ExitCode.OK
    assert await events(shell) == before + 2, "completed, and the next task opened"


@pytest.mark.parametrize("years", ["-5", "101"])
async def test_a_period_that_cannot_be_is_said_in_a_sentence(shell: Shell, years: str) -> None:
    result = await shell("records", "retention", "plans", "--years", years, "--reason", "So", by=OFFICER)

    assert result.code == ExitCode.USAGE
    assert result.err == "termwise: --years is a number from 0 to 100; for longer, write --for-ever\n"


async def test_an_unknown_command_is_named_with_what_there_is(shell: Shell) -> None:
    few, many = await shell("database", "nonsense"), await shell("records", "nonsense")

    assert few.code == many.code == ExitCode.USAGE
    assert few.err == (
        "termwise: there is no command 'nonsense'; known: backup, migrate, restore, roles; "
        "see `termwise database --help`\n"
    )
    assert ", ;" not in many.err
    assert "difference, erase, export" in many.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("export --format xes --table tasks", "--table says nothing for xes; it is for csv"),
        ("export --format csv --case school", "--case says nothing for csv; it is for xes"),
    ],
)
async def test_an_export_refuses_what_its_format_has_no_use_for(shell: Shell, words: str, said: str) -> None:
    result = await shell("records", *words.split())

    assert result.code == ExitCode.USAGE
    assert said in result.err


async def test_an_order_to_the_register_without_an_answer_is_one_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with services():
        await shell.started()
    monkeypatch.setattr("workers.registering.ANSWER_WITHIN", timedelta(seconds=0.3))
    unheard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: unheard.append(what))

    lost = await shell("records", "hold", HEAD, "--reason", "Case 1", by="Hannah Lister")
    gc.collect()

    assert lost.code == ExitCode.OUTCOME_UNKNOWN
    assert lost.err.count("\n") == 1
    assert unheard == []
