"""`termwise calendar`: what the calendar says, and what becomes of it."""

import asyncio
import json
from pathlib import Path

from tests.cli.conftest import Shell

CLERK = "Hannah Lister"


def said(text: str) -> str:
    return " ".join(text.split())


async def test_the_calendar_is_read_in_years_grids_and_days(shell: Shell) -> None:
    listed = await shell("calendar", "list", "--school", "glenfield")
    assert "2026-27 summer 1" in listed.out
    assert "Scholars, version 1" in listed.out

    month = await shell("calendar", "show", "--month", "2027-05", "--school", "glenfield")
    assert month.code == 0, month.err
    assert "31 B" in month.out
    assert "Mon 31 May 2027: a bank holiday (Spring bank holiday)" in month.out
    term = await shell("calendar", "show", "--term", "2026-27 autumn term")
    assert "26 Oct" in term.out
    assert max(map(len, term.out.splitlines())) <= 80

    day = await shell("calendar", "day", "2027-06-07", "--school", "glenfield")
    assert day.out == "Mon 7 Jun 2027: an INSET day, staff only.\nIt lies in 2026-27 summer 2.\n"
    assert (await shell("calendar", "day", "2027-06-07", "--json")).json["kind"] == "pupil day"


async def test_a_phrase_gives_a_day_and_says_why(shell: Shell) -> None:
    words = ["5 school days before session", "--set", "session=2027-05-26", "--school", "hollins"]
    due = await shell("calendar", "due", *words)
    assert due.code == 0, due.err
    assert "Wed 19 May 2027, 17:00" in due.out
    assert "5 school days before Wed 26 May 2027 (session), Hollins calendar 2026-27 v1" in said(due.out)

    rolled = await shell(
        "calendar", "due", "31 October", "--opened", "2026-09-01", "--roll", "next school day", "--json"
    )
    assert rolled.json["on"] == "2026-11-02"
    wrong = await shell("calendar", "due", "5 schol days before session")
    assert "did you mean 'school days'?" in wrong.err
    assert (await shell("calendar", "due", "session")).code == 4


async def test_mistakes_are_one_sentence_with_the_remedy(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    file.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:INSET day\nEND:VEVENT\n")

    for words, complaint in (
        (["import"], "say a FILE, or --bank-holidays and no file"),
        (["import", str(file)], "dates.ics:2:1: 'INSET day' has no DTSTART; say its day"),
        (["import", str(file), "--school", "a", "--authority", "b"], "say --school or --authority"),
        (["show", "--month", "Mai"], "'Mai' is no month; write one such as 2027-02"),
        (["day", "2040-01-01"], "add the academic year"),
        (["day", "2027-01-04", "--school", "glenfeld"], "did you mean 'glenfield'?"),
        (["set", "inset", "2027-02-03", "--to", "2027-02-01"], "is before"),
        (["set", "authority", "rutland", "--school", "hollins"], "no dates of 'rutland' were imported"),
    ):
        found = (
            await shell("calendar", *words, by=CLERK)
            if words[0] in {"import", "set"}
            else await shell("calendar", *words)
        )
        assert complaint in said(found.err), found
        assert found.code != 0


async def test_a_closure_is_first_shown_then_made_and_the_deadlines_follow(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield,hollins")
    due = {row["school"]: row["due_on"] for row in await rows(termwise)}
    day = (await termwise("calendar", "due", "1 school day after opened", "--json")).json["on"]
    await termwise.says("cycles", cycle)  # What runs is listed a moment later.
    words = ["calendar", "set", "closure", day, "--school", "glenfield", "--reason", "Snow"]

    seen = await termwise(*words, "--dry-run")
    assert seen.code == 0, seen.err
    assert "closed (Snow), was a pupil day" in said(seen.out)
    assert "Look around (Tidying" in seen.out
    assert "Nothing was changed." in seen.out
    assert (await termwise("calendar", "day", day, "--school", "glenfield", "--json")).json[
        "kind"
    ] == "pupil day"

    refused = await termwise(*words, by="Katarzyna Wrona")
    assert "Katarzyna Wrona may not change the calendar" in refused.err
    done = await termwise(*words, "--json", by=CLERK)
    assert done.code == 0, done.err
    (moved,) = done.json["deadlines"]
    assert (moved["school"], moved["was"]) == ("glenfield", due["glenfield"])
    assert (await termwise("calendar", "day", day, "--school", "glenfield", "--json")).json[
        "kind"
    ] == "closed"
    assert (await termwise("calendar", "list", "--json")).json["version"] == 2
    again = await termwise(*words, by=CLERK)
    assert "Nothing is different." in again.out

    async with asyncio.timeout(20):
        while (now := {row["school"]: row["due_on"] for row in await rows(termwise)}) == due:
            await asyncio.sleep(0.1)
    assert now == {"glenfield": moved["due"], "hollins": due["hollins"]}
    told = await termwise.says("history", "The date of", cycle)
    assert "glenfield: closed on" in said(told.out)
    late = await termwise("show", cycle)
    assert late.code == 0


async def rows(termwise: Shell) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await termwise("tasks", "--all", "--json")).json["tasks"]
    return found


async def test_an_exported_calendar_can_be_imported_and_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "glenfield.ics"
    assert (
        await shell("calendar", "export", "--ics", "--school", "glenfield", "--output", str(file))
    ).code == 0
    assert "BEGIN:VCALENDAR" in (await shell("calendar", "export")).out

    seen = await shell("calendar", "import", str(file), "--school", "glenfield", "--dry-run", "--json")

    assert seen.code == 0, seen.err
    assert seen.json["days"] == []
    assert seen.json["not_understood"] == []


async def test_the_governments_bank_holidays_are_shown_before_they_count(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "bank-holidays.json"
    events = [{"title": "Royal wedding", "date": "2027-06-16", "notes": "", "bunting": True}]
    file.write_text(json.dumps({"england-and-wales": {"division": "england-and-wales", "events": events}}))

    seen = await shell("calendar", "import", str(file), "--dry-run")

    assert "Wed 16 Jun 2027: bank holiday (Royal wedding), was a pupil day" in said(seen.out)
    computed = await shell("calendar", "import", "--bank-holidays", "--dry-run", "--json")
    assert computed.code == 0, computed.err


CONFIDENCE = """
process: secret
version: 1
title: A confidence
purpose: To be tested.
owner: school-improvement-officer
confidentiality: sensitive
retention: plans
key: "one"
name: "A confidence"
outcomes: {done: {title: Done}}
steps:
- {task: talk, title: Talk in confidence, who: ceo, due: 5 school days after opened}
"""


async def test_who_may_not_see_a_task_is_told_only_that_there_are_others(
    termwise: Shell, tmp_path: Path
) -> None:
    (tmp_path / "definitions/secret").mkdir()
    (tmp_path / "definitions/secret/process.yaml").write_text(CONFIDENCE)
    started = await termwise("start", "secret", "--json", by="Daniel Okafor")
    assert started.code == 0, started.err
    await termwise.says("cycles", started.json["instance"])
    day = (await termwise("calendar", "due", "1 school day after opened", "--json")).json["on"]
    words = ["calendar", "set", "inset", day, "--dry-run"]

    teacher = await termwise(*words, by="Katarzyna Wrona")
    clerk = await termwise(*words, by=CLERK)
    chief = await termwise(*words, by="Marion Ashdown")

    assert "Katarzyna Wrona may not change the calendar" in teacher.err
    assert "Talk in confidence" not in teacher.out + teacher.err
    assert "1 of what you may not see" in clerk.out
    assert "Talk in confidence" not in clerk.out
    assert "Talk in confidence" in chief.out
