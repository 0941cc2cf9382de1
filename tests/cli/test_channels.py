"""Places, mail that came back, and deadlines for a calendar, from the command line."""

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.activities.test_bounces import POSTFIX
from tests.cli.conftest import Shell

CLERK, TEACHER = "p-0004", "p-0011"


async def test_an_administrator_opens_and_closes_a_place(
    termwise: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = await termwise("channels", "open", "teams", by=CLERK)
    (tmp_path / "url").write_text("https://chat.example/sig-secret")
    monkeypatch.setenv("TERMWISE_TEAMS_URL_FILE", str(tmp_path / "url"))
    misspelt = await termwise("channels", "open", "teams", "--only", "task-overdew", by=CLERK)
    refused = await termwise("channels", "open", "teams", by=TEACHER)

    opened = await termwise("channels", "open", "teams", "--only", "task-overdue", by=CLERK)
    listed = await termwise("channels")
    closed = await termwise("channels", "close", "teams", by=CLERK)
    again = await termwise("channels", "close", "teams", by=CLERK)

    assert (unset.code, misspelt.code, refused.code, opened.code, closed.code, again.code) == (
        2,
        4,
        3,
        0,
        0,
        4,
    )
    assert "TERMWISE_TEAMS_URL_FILE" in unset.err
    assert "task-overdue" in misspelt.err
    assert "teams" in listed.out
    assert "sig-secret" not in listed.out + opened.out + refused.err


async def test_mail_that_came_back_for_nobody_we_know_marks_nobody(termwise: Shell, tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(POSTFIX)

    absent = await termwise("bounces", "import", str(tmp_path / "absent"), by=CLERK)
    read = await termwise("bounces", "import", str(tmp_path / "box"), "--json", by=CLERK)
    cleared = await termwise("bounces", "clear", TEACHER, by=CLERK)

    assert absent.code == 2
    assert read.json["messages"] == 1
    assert [each["what"] for each in read.json["reports"]] == ["no letter of ours is known by that id"]
    assert cleared.code == 0
    assert (await termwise("bounces")).out == "No address fails.\n"


async def test_deadlines_can_be_read_by_a_calendar_program(termwise: Shell) -> None:
    cycle = await termwise.started()
    assert await termwise.tasks(cycle)

    fed = await termwise("feed", "Claire Whitmore")

    assert fed.code == 0, fed.err
    events = Calendar.from_ical(fed.out).walk("VEVENT")
    assert [str(each["status"]) for each in events] == ["CONFIRMED"]
    assert all("termwise tasks show" in each["description"] for each in events)
