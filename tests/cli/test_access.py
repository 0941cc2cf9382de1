"""What one person may not see, no command tells them."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest

from cli.exit_codes import ExitCode
from tests.cli.conftest import Result, Shell, services

APPRAISAL = """
process: appraisal
version: 1
title: Appraisal
purpose: To be tested.
owner: ceo
start_by: [headteacher, school-improvement-officer]
confidentiality: personal
about: appraisee
retention: appraisals
key: "{{ tag }}"
name: "An appraisal"
outcomes: {done: {title: Reviewed, reports: {mark: review.mark}}}
inputs:
  tag: {type: text}
  appraisee: {type: person}
  school: {type: school}
  words: {type: text, label: What it is about}
steps:
- task: review
  title: "Review the year"
  who: headteacher at school
  stage: Reviewing
  show: {About: words}
  form: {mark: {type: text}}
- task: read
  title: "Read your review"
  who: the person appraisee
  stage: Reading
"""
#: Glenfield's head and a teacher of hers; the head of another school; the trust's administrator and chief executive.
HEAD, TEACHER, OTHER, CLERK, CEO = "p-0005", "p-0021", "p-0051", "p-0004", "p-0001"
WORDS = "Behind with her marking"
SAID = "Come and see me"
#: Another teacher at Glenfield.
COLLEAGUE = "p-0020"
#: In place of its id.
CYCLE = "CYCLE"
TODAY = str(date.today())  # noqa: DTZ011 - the day on the wall, as somebody types it
READING = (
    ("tasks", "--all"),
    ("tasks", "--all", "--state", "completed"),
    ("tasks", "--all", "--school", "glenfield"),
    ("cycles", "--state", "all"),
    ("board", CYCLE),
    ("show", CYCLE),
    ("history", CYCLE),
    ("history", CYCLE, "--full"),
    ("members", "list", CYCLE),
    ("report", CYCLE, "moderation-agreement"),
    ("report", "dashboard"),
    ("report", "outcomes"),
    ("report", "outcomes", "--steps"),
    ("report", "audit"),
    ("search", "appraisal"),
    ("search", "review"),
    ("search", "marking"),
    ("people", "activity", HEAD),
    ("tasks", "--all", "--known-on", TODAY),
    ("cycles", "--state", "all", "--known-on", TODAY),
    ("board", CYCLE, "--known-on", TODAY),
    ("show", CYCLE, "--known-on", TODAY),
    ("history", CYCLE, "--known-on", TODAY),
    ("outbox", "list"),
    ("refusals",),
    ("records", "subject-access", "Meera Solanki"),
    ("records", "export", "--format", "cloudevents"),
    ("records", "export", "--format", "cloudevents", "--cycle", CYCLE),
    ("records", "export", "--format", "xes"),
    ("records", "export", "--format", "ocel", "--names"),
    ("records", "export", "--format", "csv", "--table", "tasks"),
    ("records", "export", "--format", "csv", "--table", "events"),
    ("records", "export", "--format", "csv", "--table", "cycles"),
)


@dataclass(frozen=True)
class Appraised:
    """An appraisal under way: the head has written, the teacher is to read."""

    shell: Shell
    cycle: str

    async def __call__(self, *words: str, by: str | None = None) -> Result:
        """Type a command, with the id of the cycle for CYCLE."""
        return await self.shell(*(self.cycle if word == CYCLE else word for word in words), by=by)

    async def task(self) -> str:
        """The id of the task of the teacher."""
        (task,) = await self.shell.tasks(self.cycle, "read")
        return task


@pytest.fixture
async def appraised(shell: Shell, tmp_path: Path) -> Appraised:
    (tmp_path / "definitions/appraisal").mkdir()
    (tmp_path / "definitions/appraisal/process.yaml").write_text(dedent(APPRAISAL))
    async with services():
        tag = uuid4().hex
        values = (f"tag={tag}", f"appraisee={TEACHER}", "school=glenfield", f"words={WORDS}")
        cycle, given = f"appraisal:{tag}", [f"--set={pair}" for pair in values]
        started = await shell("start", "appraisal", *given, by=CEO)
        assert started.code == 0, started.err
        (task,) = await shell.tasks(cycle, "review")
        done = await shell("tasks", "complete", task, "--set", f"mark={WORDS}", by=HEAD)
        assert done.code == 0, done.err
        (task,) = await shell.tasks(cycle, "read")
        said = await shell("tasks", "comment", task, SAID, by=HEAD)
        assert said.code == 0, said.err
        await shell.says("cycles", cycle)
        await shell.says("search", WORDS, "marking")
        await shell.says("report", "task completed", "audit")
        await shell.says("report", "Glenfield", "dashboard")
        await shell.says("report", "running", "outcomes")
    return Appraised(shell, cycle)


def _traces(said: str) -> list[str]:
    known = (
        "appraisal:",
        TEACHER,
        "Meera Solanki",
        WORDS,
        SAID,
        "Review the year",
        "Read your review",
        "An appraisal",
    )
    return [each for each in known if each in said]


async def test_the_head_of_another_school_learns_nothing_by_any_command(appraised: Appraised) -> None:
    for words in READING:
        for form in ((), ("--json",)):
            result = await appraised(*words, *form, by=OTHER)
            said = result.out + result.err
            for typed in (appraised.cycle, *words):  # What was typed may be said again.
                said = said.replace(typed, "")
            assert not _traces(said), (words, said)

    task = await appraised.task()
    for command in (
        ["show", task],
        ["draft", task],
        ["claim", task],
        ["complete", task],
        ["reassign", task, "--to", OTHER, "--reason", "Curious"],
    ):
        result = await appraised("tasks", *command, by=OTHER)
        assert result.code != 0, command
        assert not _traces(result.out + result.err), command
        assert f"there is no task '{task}'" in result.err


async def test_those_concerned_see_it_and_others_as_much_as_they_may(appraised: Appraised) -> None:
    task = await appraised.task()

    for concerned in (HEAD, TEACHER):
        assert WORDS in (await appraised("show", CYCLE, by=concerned)).out
        assert "Read your review" in (await appraised("tasks", "show", task, by=concerned)).out
    outline = await appraised("show", CYCLE, by=CEO)
    assert outline.code == 0
    assert "Reading" in outline.out
    assert WORDS not in outline.out
    assert json.loads((await appraised("show", CYCLE, "--json", by=CEO)).out)["inputs"] == {}
    told = await appraised("history", CYCLE, by=CEO)
    assert "Not for you to see" in told.out
    assert "Meera" not in told.out
    assert SAID in (await appraised("tasks", "show", task, by=TEACHER)).out
    for form in ((), ("--json",)):
        assert SAID not in (await appraised("tasks", "show", task, *form, by=CEO)).out
    listed = await appraised("tasks", "--all", by=CEO)
    assert "A task of Reading" in listed.out
    assert "Meera" not in listed.out


async def test_the_lists_of_the_trust_tell_each_as_much_as_they_may_see(appraised: Appraised) -> None:
    """The head wrote words into a task; so did nobody else."""
    for concerned in (HEAD, None):
        assert WORDS in (await appraised("search", "behind marking", by=concerned)).out
    assert WORDS not in (await appraised("search", "behind marking", by=CEO)).out
    assert "Read your review" in (await appraised("search", "read review", by=TEACHER)).out
    own = json.loads((await appraised("people", "activity", HEAD, "--json", by=HEAD)).out)["activity"]
    did = {each["title"] for each in own if each["part"] == "did"}
    assert did == {"Review the year", "Read your review"}  # She said something about the second.
    done = await appraised("report", "audit", "--instance", CYCLE, by=CLERK)
    assert "task completed" in done.out
    assert not {WORDS, "Review the year"} & {*_traces(done.out)}
    assert "task completed" not in (await appraised("report", "audit", "--refused", by=CLERK)).out
    assert "for administrators" in (await appraised("report", "audit", by=CEO)).err
    (school,) = json.loads((await appraised("report", "dashboard", "--json", by=HEAD)).out)["schools"]
    assert (school["school"], school["open"], school["on_time"]) == ("glenfield", 1, 1)
    assert json.loads((await appraised("report", "dashboard", "--json", by=COLLEAGUE)).out)["schools"] == []
    ends = json.loads((await appraised("report", "outcomes", "--json", by=CEO)).out)["outcomes"]
    assert [(each["process"], each["outcomes"]) for each in ends] == [("appraisal", {"running": 1})]


async def test_an_export_has_what_its_reader_may_see(appraised: Appraised) -> None:
    async def export(written: str, *more: str, by: str) -> str:
        result = await appraised("records", "export", "--format", written, *more, by=by)
        assert result.code == 0, result.err
        return result.out

    for concerned in (HEAD, TEACHER):
        assert WORDS in await export("cloudevents", by=concerned)
        assert "Review the year" in await export("csv", by=concerned)
    # The chief executive sees that it is, and nothing that is in it.
    lines = [json.loads(line) for line in (await export("cloudevents", by=CEO)).splitlines()]
    assert [each["data"]["kind"] for each in lines[1:]] == ["instance-started"]
    assert (lines[1]["data"]["inputs"], lines[1]["data"]["person"], "hash" in lines[1]) == ({}, None, False)
    assert "appraisal:" in await export("csv", "--table", "cycles", by=CEO)
    assert (await export("csv", by=CEO)).count("\n") == 1
    for written in ("xes", "ocel", "cloudevents"):
        found = await export(written, "--names", by=CEO)
        assert not {WORDS, TEACHER, "Meera Solanki", "Read your review"} & {*_traces(found)}, written


async def test_who_may_change_the_register_learns_no_more_of_what_is_open(appraised: Appraised) -> None:
    """Of an appraisal the administrator of the trust sees an outline; dry runs say no more."""
    today = date.today()  # noqa: DTZ011 - the day on the wall, as somebody types it
    ends = str(today - timedelta(days=1))
    for command in (
        ["people", "set", TEACHER, "--leaves", "--to", ends, "--correct", "Left last week"],
        ["cover", "set", TEACHER, "--by", "p-0020", "--from", str(today)],
        ["absences", "start", TEACHER, "--from", str(today)],
    ):
        for form in ((), ("--json",)):
            result = await appraised(*command, "--dry-run", *form, by=CLERK)
            assert result.code == 0, result.err
            assert not {WORDS, "Read your review", "Review the year"} & {*_traces(result.out)}, command

    left = await appraised(
        "people", "set", TEACHER, "--leaves", "--to", ends, "--correct", "x", "--dry-run", by=CLERK
    )
    assert "1 of what you may not see" in left.out


async def test_nothing_and_forbidden_look_the_same(appraised: Appraised) -> None:
    there = await appraised("show", CYCLE, by=OTHER)
    nowhere = await appraised("show", "appraisal:nothing", by=OTHER)

    assert there.code == nowhere.code == ExitCode.UNKNOWN_NAME
    assert there.err.replace(appraised.cycle, "appraisal:nothing") == nowhere.err


async def test_the_operator_who_keeps_the_database_sees_all(appraised: Appraised) -> None:
    assert WORDS in (await appraised("show", CYCLE)).out
