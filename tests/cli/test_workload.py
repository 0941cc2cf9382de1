"""`termwise workload`, and the warning before a cycle is started."""

import csv
import io
from datetime import date

import pytest

from tests.cli.conftest import Shell

HEAD, OTHER = "Claire Whitmore", "Iwona Sroka"


async def test_people_see_their_own_weeks_and_those_they_lead(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield")
    await termwise.says("workload", "Claire Whitmore")

    (own,) = [
        week
        for week in (await termwise("workload", "--json", by=HEAD)).json["weeks"]
        if week["person"] == "p-0005" and week["to_do"]
    ]
    assert own["to_do"] == 15
    assert "Whitmore" not in (await termwise("workload", by=OTHER)).out

    (task,) = await termwise.tasks(cycle)
    answers = ["--set", "mark=high", "--set", "rooms=3", "--minutes", "50"]
    assert (await termwise("tasks", "complete", task, *answers, by=HEAD)).code == 0
    await termwise.says("workload", "0:50", "--person", HEAD)

    told = await termwise("workload", "summary")
    assert "Fewer than ten people have work" in told.out
    assert "50" not in told.out
    assert (await termwise("workload", "summary", "--json")).json["minutes"] is None


async def test_the_summary_can_be_written_as_csv(termwise: Shell) -> None:
    await termwise.started("all")

    told = (await termwise("workload", "summary", "--format", "csv")).out

    assert next(csv.reader(io.StringIO(told))) == ["role", "people", "middle", "busy", "over", "weeks"]


async def test_a_dry_run_warns_of_weeks_that_would_be_too_full(
    termwise: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--set", "tag=warned", "--set", "schools=glenfield", "--dry-run"]

    calm = await termwise("start", "tidy", *given, by="Daniel Okafor")
    assert calm.code == 0, calm.err
    assert "Too much" not in calm.out

    monkeypatch.setenv("TERMWISE_WORKLOAD_LIMIT", "10")
    told = " ".join((await termwise("start", "tidy", *given, by="Daniel Okafor")).out.split())
    assert "Too much in one week" in told
    assert "Claire Whitmore would have 15 min in the week of" in told
    assert "the limit is 10 min" in told
    found = (await termwise("start", "tidy", *given, "--json", by="Daniel Okafor")).json["overloads"]
    assert ("p-0005", 15) in {(each["person"], each["more"]) for each in found}
    assert all(date.fromisoformat(each["monday"]).weekday() == 0 for each in found)


async def test_weeks_that_make_no_sense_are_refused(shell: Shell) -> None:
    result = await shell("workload", "--weeks", "0")

    assert result.code == 2
    assert "from 1 to 60" in result.err
