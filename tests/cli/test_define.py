"""Commands about definitions, and the schema that editors read."""

import re
from pathlib import Path

from cli.exit_codes import ExitCode
from definitions.catalogue import BUILT_IN
from definitions.schema import scenario_schema_text, schema_text
from tests.cli.conftest import Shell


def test_the_schema_file_is_what_the_grammar_says() -> None:
    written = (BUILT_IN / "process.schema.json").read_text("utf-8")

    assert written == schema_text(), "write it anew with `termwise define schema --write`"
    scenarios = (BUILT_IN / "scenario.schema.json").read_text("utf-8")
    assert scenarios == scenario_schema_text(), "write it anew with `termwise define schema --write`"


async def test_definitions_are_listed_checked_and_drawn(shell: Shell) -> None:
    listed = await shell("define", "list", "--json")
    checked = await shell("define", "check")
    drawn = await shell("define", "diagram", "moderation")
    printed = await shell("define", "schema")

    assert [each["process"] for each in listed.json["definitions"]] == ["moderation", "tidy"]
    assert checked.code == 0
    assert checked.out.count("warning: ") == checked.out.count("sends work back without coded reasons") == 1
    assert checked.out.count("no problems") == 1
    assert drawn.out.startswith("flowchart TD\n")
    lines = [line.strip() for line in drawn.out.splitlines()]
    assert sum(line.startswith("subgraph") for line in lines) == lines.count("end") == 6
    assert printed.json["title"] == "Definition"


async def test_what_is_probably_not_meant_is_a_warning_which_fails_only_when_asked(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "definitions/tidy/process.yaml"
    text = file.read_text().replace("who: headteacher at school", "who: astronaut at school")
    file.write_text(text.replace("due: 3 school days after start", "due: 3 school days before opened"))

    told = await shell("define", "check", "tidy")
    sound = await shell("define", "check", "moderation", "--strict")
    document = await shell("define", "check", str(file), "--format", "sarif")

    warned = await shell("define", "check", "tidy", "--strict")
    assert (sound.code, told.code, warned.code) == (0, ExitCode.USAGE, ExitCode.USAGE)
    assert re.search(r"process.yaml:\d+:10: warning: nobody in Scholars", told.out)
    assert "there is no role 'astronaut'" in told.out
    assert re.search(
        r"process.yaml:\d+:10: '3 school days before opened' is before the step begins", told.out
    )
    [run] = document.json["runs"]
    assert {each["level"] for each in run["results"]} == {"warning", "error"}


async def test_scenarios_are_played_and_what_they_leave_untried_is_told(shell: Shell) -> None:
    played = await shell("define", "test", "moderation", "--require-coverage")
    untested = await shell("define", "test", "tidy", "--require-coverage")
    as_json = await shell("define", "test", "--json")

    assert played.code == 0
    assert "5 scenarios" in played.out
    assert untested.code == ExitCode.FINDINGS
    assert "tidy: no scenarios" in untested.out
    assert [each["process"] for each in as_json.json["definitions"]] == ["moderation", "tidy"]
    assert as_json.json["definitions"][0]["uncovered"] == []


async def test_a_scenario_that_fails_tells_the_story_until_then(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "definitions/tidy/scenarios"
    folder.mkdir()
    wrong = folder / "wrong.yaml"
    wrong.write_text(
        "scenario: It is over at once\nstart: {on: 2027-05-03, set: {tag: x}}\nexpect: {state: ended}\n"
    )

    told = await shell("define", "test", str(wrong))
    as_json = await shell("define", "test", "tidy", "--json")

    assert told.code == ExitCode.FINDINGS
    assert "Mon 3 May 2027  Daniel Okafor started Tidying x" in told.out
    assert "wrong.yaml:3:17: on 2027-05-03 this is not as expected" in " ".join(told.out.split())
    (scenario,) = as_json.json["definitions"][0]["scenarios"]
    assert scenario["failure"]["differences"] == [
        {"what": "the cycle", "expected": "ended", "found": "running"}
    ]
    assert scenario["failure"]["story"][0]["text"] == "Daniel Okafor started Tidying x"


async def test_a_scenario_that_cannot_be_read_is_told_and_the_others_are_played(
    shell: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "definitions/tidy/scenarios"
    folder.mkdir()
    start = "start: {on: 2027-05-03, set: {tag: x}}\n"
    (folder / "one.yaml").write_text(f"scenario: One\n{start}script: [{{complete: nowhere}}]\n")
    (folder / "two.yaml").write_text(f"scenario: Two\n{start}")

    told = await shell("define", "test", "tidy")
    as_json = await shell("define", "test", "tidy", "--json")

    assert told.code == as_json.code == ExitCode.FINDINGS
    assert "1 could not be read" in told.out
    one, two = as_json.json["definitions"][0]["scenarios"]
    assert "one.yaml:3:21: there is no step 'nowhere'" in one["unreadable"][0]
    assert (two["unreadable"], two["failure"]) == (None, None)


async def test_a_year_is_played_and_shows_who_has_how_much_to_do(shell: Shell) -> None:
    told = await shell("define", "simulate", "moderation")
    first = await shell("define", "simulate", "--json")
    again = await shell("define", "simulate", "--json")
    silent = await shell("define", "simulate", "tidy", "--start", "2027-05-03", "--nobody-answers")

    assert told.code == 0
    assert "Scholars Trust, 2026-27: 1 cycle (seed 1)" in told.out
    assert all(
        part in told.out for part in ("By process", "By week", "By role", "By person", "Days without school")
    )
    assert first.out == again.out
    assert [each["process"] for each in first.json["cycles"]] == ["moderation", "tidy"]
    assert (
        "tidy has no schedule: it is assumed to start at the beginning of the year"
        in first.json["assumptions"]
    )
    assert "Still open at the end" in silent.out
    assert "tidy: look, for headteacher" in silent.out


async def test_a_simulation_that_cannot_be_played_says_why(shell: Shell) -> None:
    year = await shell("define", "simulate", "--year", "2040-41")
    day = await shell("define", "simulate", "--start", "tomorrow")
    share = await shell("define", "simulate", "--late", "120")

    assert (year.code, day.code, share.code) == (ExitCode.UNKNOWN_NAME, ExitCode.USAGE, ExitCode.USAGE)
    assert "there is no academic year '2040-41'" in year.err
    assert "a day written like 2027-05-03" in day.err


async def test_a_file_is_drawn_in_every_format_and_written_where_it_is_wanted(
    shell: Shell, tmp_path: Path
) -> None:
    file = BUILT_IN / "moderation" / "process.yaml"
    target = tmp_path / "moderation.svg"

    written = await shell("define", "diagram", str(file), "--format", "svg", "--out", str(target))
    modelled = await shell("define", "diagram", "moderation", "--format", "bpmn")
    nowhere = await shell("define", "diagram", "moderation", "--out", str(tmp_path / "no" / "where.mmd"))
    unknown = await shell("define", "diagram", "moderatoin", "--format", "svg")

    assert (written.code, written.out.split()) == (0, ["Written:", str(target)])
    assert target.read_text("utf-8").startswith("<svg ")
    assert "bpmn:definitions" in modelled.out
    assert (nowhere.code, unknown.code) == (2, 4)
    assert "name another file" in nowhere.err
    assert "moderation" in unknown.err
