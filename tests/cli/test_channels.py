"""Places, mail that came back, and deadlines for a calendar, from the command line."""

import asyncio
from pathlib import Path

import pytest
from icalendar import Calendar

from cli.exit_codes import ExitCode
from tests.activities.test_bounces import POSTFIX
from tests.cli.conftest import Shell, services
from tests.post_office import PostOffice

CLERK, TEACHER = "p-0004", "p-0011"
COMES_BACK = "Mail to somebody comes back"
#: Of Glenfield.
HEAD, DEPUTY = "p-0005", "p-0006"


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


async def test_a_task_that_somebody_else_does_is_cancelled_in_the_calendar_it_was_in(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)
    before = await termwise("feed", HEAD, by=HEAD)
    moved = await termwise("tasks", "reassign", task, "--to", DEPUTY, "--reason", "Away", by="Daniel Okafor")
    assert moved.code == 0, moved.err
    await termwise.says("feed", "STATUS:CANCELLED", HEAD)

    after = await termwise("feed", HEAD, by=HEAD)
    theirs = await termwise("feed", DEPUTY, by=DEPUTY)

    (first,), (then,), (other,) = (
        Calendar.from_ical(each.out).walk("VEVENT") for each in (before, after, theirs)
    )
    assert first["uid"] == then["uid"] == other["uid"]
    assert then["sequence"] > first["sequence"]
    assert [str(each["status"]) for each in (first, then, other)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "Look around" in first["summary"]
    assert "Look around" not in then["summary"]


async def test_deadlines_are_for_the_person_and_those_who_lead_them(termwise: Shell) -> None:
    cycle = await termwise.started()
    assert await termwise.tasks(cycle)

    own = await termwise("feed", HEAD, by=HEAD)
    led = await termwise.says("feed", "Look around", HEAD, "--as", "p-0001")

    assert (own.code, led.code) == (0, 0), led.err
    assert "Look around" in own.out
    for other in (TEACHER, "p-0051", CLERK):
        for form in ((), ("--json",)):
            refused = await termwise("feed", HEAD, *form, by=other)
            assert refused.code == ExitCode.UNKNOWN_NAME
            assert refused.out == "" or 'deadlines":' not in refused.out
            assert "Look around" not in refused.out + refused.err
            assert "no deadlines of theirs that you may read" in refused.out + refused.err


async def test_the_history_of_the_register_is_told_to_administrators(
    termwise: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("https://chat.example/sig-secret")
    monkeypatch.setenv("TERMWISE_TEAMS_URL_FILE", str(tmp_path / "url"))
    opened = await termwise("channels", "open", "teams", "--reason", "Agreed by the heads", by=CLERK)
    assert opened.code == 0, opened.err

    told = await termwise("history", "register", by=CLERK)
    plain = await termwise("history", "register", "--json")
    refused = await termwise("history", "register", by=TEACHER)

    sentence = "Hannah Lister: the place teams is told of everything (Agreed by the heads)"
    assert sentence in " ".join(told.out.split())
    assert sentence in [each["text"] for each in plain.json["history"]]
    assert refused.code == ExitCode.REFUSED
    assert refused.out == ""
    assert "termwise people history" in refused.err


async def test_mail_refused_for_good_holds_the_next_letter_and_is_told_to_administrators_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice()
    office.open()
    for name, value in {
        "TERMWISE_SMTP_HOST": "127.0.0.1",
        "TERMWISE_SMTP_PORT": str(office.port),
        "TERMWISE_SMTP_STARTTLS": "false",
        "TERMWISE_HOLD_LETTERS": "false",
    }.items():
        monkeypatch.setenv(name, value)
    email = "claire.whitmore@scholars.example"
    office.refused[email] = ["550 5.1.1 no such mailbox"]
    async with services():
        await shell.started()
        failing = await shell.says("bounces", "Claire Whitmore")
        await shell.started()
        held = await shell.says("outbox", "address", "list")
        told = await _told(office)
        cleared = await shell("bounces", "clear", HEAD, "--reason", "It is back", by=CLERK)
        await _mailed(office, email)
    office.close()

    assert "5.1.1" in failing.out
    assert held.code == cleared.code == 0
    assert told == [
        "hannah.lister@scholars.example",
        "marion.ashdown@scholars.example",
        "priya.raval@scholars.example",
    ]
    assert _told_of_it(office) == told, "once, and never again"


def _told_of_it(office: PostOffice) -> list[str]:
    """Who got the letter about mail that comes back."""
    sent = zip(office.mails, office.envelopes, strict=True)
    return sorted(address for mail, (_, to) in sent for address in to if mail["Subject"] == COMES_BACK)


async def _told(office: PostOffice) -> list[str]:
    """The same, once all administrators were told."""
    async with asyncio.timeout(30):
        while len(_told_of_it(office)) < 3:
            await asyncio.sleep(0.05)
    return _told_of_it(office)


async def _mailed(office: PostOffice, email: str) -> None:
    async with asyncio.timeout(60):
        while not any(email in to for _, to in office.envelopes):
            await asyncio.sleep(0.05)
