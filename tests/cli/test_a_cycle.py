"""A cycle from the command line: started, answered, sent back, looked at, ended."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shell

OFFICER, HEAD = "Daniel Okafor", "claire.whitmore@scholars.example"


async def test_a_cycle_is_played_from_start_to_end(termwise: Shell) -> None:
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)

    shown = await termwise("tasks", "show", look[:8])
    answered = await termwise(
        "tasks", "complete", look, "--set", "mark=high", "--set", "rooms=3", "--set", "with_help=yes",
        "--set", "helper=Tariq Mahmood", "--set", "seen_on=2027-05-26", by=HEAD,
    )  # fmt: skip
    (agree,) = await termwise.tasks(cycle, "agree")
    offered, sent = await termwise("tasks", "show", agree), agree
    returned = await termwise("tasks", "return", agree, "--reason", "the cellar", by=OFFICER)
    (again,) = await termwise.tasks(cycle)
    await termwise("tasks", "complete", again, "--set", "mark=low", "--set", "rooms=4", by=HEAD)
    (agree,) = await termwise.tasks(cycle, "agree")
    await termwise("tasks", "complete", agree, "--outcome", "yes_it_is", by=OFFICER)
    raised = await termwise("raise", cycle, "visitor-came", "--reason", "at last", by=HEAD)

    assert "low, middling, high" in shown.out
    assert "Look everywhere." in shown.out
    assert "3 school days after" in shown.out
    assert answered.out.startswith("Done: Look around.")
    assert "Now Daniel Okafor (Glenfield): Agree with what was seen" in answered.out
    assert f"To send it back\n  termwise tasks return {sent} --reason ..." in offered.out
    assert returned.out.startswith("Sent back (not_so): Agree")
    assert "All is tidy" in raised.out
    history = await termwise("history", cycle)
    assert "Daniel Okafor sent 'Agree with what was seen'" in history.out
    assert "the cellar" in history.out
    assert "It ended: All is tidy" in history.out
    ended = await termwise.says("cycles", cycle, "--state", "ended")
    assert "3 of 3 tasks done" in ended.out
    assert (await termwise("tasks", "--cycle", cycle, "--all")).out == "No open tasks for anybody.\n"


async def test_a_task_is_put_off_brought_back_and_skipped(termwise: Shell) -> None:
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)
    due = (await termwise("tasks", "show", look, "--json")).json["due_on"]

    offered = await termwise("tasks", "show", look)
    deferred = await termwise("tasks", "defer", look, "--until", due, "--code", "ill", by=HEAD)
    listed = await termwise("tasks", "--cycle", cycle, "--all", "--state", "deferred")
    inbox = await termwise("tasks", by=HEAD)
    shown = await termwise("tasks", "show", look)
    refused = await termwise("tasks", "complete", look, "--set", "mark=high", by=HEAD)
    back = await termwise("tasks", "resume", look, by=OFFICER)
    skipped = await termwise(
        "tasks", "skip", look, "--code", "no-rooms", "--comment", "it burnt", by=OFFICER
    )  # fmt: skip

    assert f"termwise tasks skip {look} --code no-rooms" in offered.out
    assert f"termwise tasks defer {look} --until DAY --code ill|decorators" in offered.out
    assert "to skip no-rooms: There are no rooms to put off ill: The head" in " ".join(offered.out.split())
    assert deferred.out.startswith("Put off until ")
    assert "back on" in listed.out
    assert inbox.out.endswith("1 task put off; `--state deferred` says until when\n")
    assert "put off until" in shown.out
    assert f"termwise tasks resume {look}" in shown.out
    assert (refused.code, "is deferred until" in refused.err) == (3, True)
    assert back.out.startswith("Back: Look around.")
    assert skipped.out.startswith("Skipped: Look around.")
    history = (await termwise("history", cycle)).out
    assert "put off 'Look around'" in history
    assert "There are no rooms: it burnt" in " ".join(history.split())
    board = await termwise.says("board", "skipped 1", cycle)
    assert "1 skipped" in board.out


async def test_what_was_typed_is_kept_in_the_type_the_form_declares(termwise: Shell) -> None:
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)

    await termwise(
        "tasks", "complete", look, "--set", "mark=high", "--set", "rooms=3", "--set", "with_help=no",
        "--set", "helper=Tariq Mahmood", by=HEAD,
    )  # fmt: skip

    told = (await termwise("history", cycle, "--full", "--json")).json["history"]
    assert any(each["kind"] == "task-completed" for each in told)
    (agree,) = await termwise.tasks(cycle, "agree")
    assert (await termwise("tasks", "show", agree, "--json")).json["shown"] == {"Mark": "high", "Rooms": 3}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("form.yaml", "mark: low\nrooms: 2\nshelves:\n- {name: A, books: 12}\n"),
        ("form.json", '{"mark": "low", "rooms": "2", "shelves": [{"name": 7, "books": "12"}]}'),
        ("form.csv", "name,books\nA,12\nB,7\n"),
    ],
)
async def test_a_form_may_come_from_a_file(termwise: Shell, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (look,) = await termwise.tasks(await termwise.started())
    rest = ["--set", "mark=low", "--set", "rooms=2"] if name.endswith("csv") else []

    done = await termwise("tasks", "complete", look, "--form", str(tmp_path / name), *rest, by=HEAD)

    assert done.code == 0, done.err


async def test_a_task_is_given_to_somebody_else(termwise: Shell) -> None:
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)

    moved = await termwise(
        "tasks", "reassign", look, "--to", "Tariq Mahmood", "--reason", "I am away", by=HEAD
    )

    assert moved.out.startswith("Now with Tariq Mahmood: Look around.")
    assert "Look around" in (await termwise("tasks", "--mine", by="Tariq Mahmood")).out
    assert (await termwise("tasks", "--mine", by=HEAD)).out == "No open tasks for Claire Whitmore.\n"


async def test_the_board_and_the_cycle_are_shown_by_the_beginning_of_the_id(termwise: Shell) -> None:
    cycle = await termwise.started("all")

    board = await termwise.says("board", "Looking", cycle)
    shown = await termwise("show", cycle[:-3])

    assert "Glenfield" in board.out
    assert "Hollins" in board.out
    assert "3 tasks" in shown.out
    assert "by Daniel Okafor" in shown.out
    assert all(len(line) <= 80 for line in (board.out + shown.out).splitlines())


async def test_a_cycle_is_cancelled_with_a_reason(termwise: Shell) -> None:
    cycle = await termwise.started("all")

    result = await termwise("cancel", cycle, "--reason", "snow", by=OFFICER)

    assert result.out.startswith(f"Cancelled: {cycle}.")
    assert "Daniel Okafor cancelled it: snow" in (await termwise("history", cycle)).out
    assert "3 tasks were withdrawn" in (await termwise("history", cycle)).out


async def test_the_dry_run_shows_everything_and_starts_nothing(termwise: Shell) -> None:
    words = ["start", "moderation", "--set", "half_term=2026-27 summer 1", "--set", "submission=2027-06-25"]

    seen = await termwise(*words, "--dry-run", by=OFFICER)
    plain = await termwise(*words, "--dry-run", "--json", by=OFFICER)

    assert seen.code == 0
    assert "class-teacher: Aisha Siddiqi, Rebecca Stanyon; 1 h 30 min" in seen.out
    assert "5 school days before Wed 26 May 2027 (session)" in seen.out
    assert "due Fri 25 Jun 2027: submission" in seen.out
    assert plain.json["minutes"] == {"class-teacher": 540}
    assert len(plain.json["first"]) == 6
    assert (await termwise("cycles", "--state", "all", "--json")).json == {"cycles": []}


async def test_records_are_verified_and_rebuilt(termwise: Shell) -> None:
    cycle = await termwise.started()
    await termwise.says("cycles", cycle)

    rebuilt = await termwise("records", "rebuild")
    verified = await termwise("records", "verify", "--json")

    assert rebuilt.out.startswith("Rebuilt inbox, up to event")
    assert verified.code == 0
    assert verified.json["problems"] == []


async def test_the_clock_of_a_school_stands_still_and_goes_on(termwise: Shell) -> None:
    cycle = await termwise.started()
    call = ("--set", "school=glenfield", "--reason", "The call came")

    for _ in range(2):  # Typing it again is no second call.
        stopped = await termwise("raise", cycle, "inspection-notified", *call, by=HEAD)
        assert stopped.code == 0, stopped.err
    shown = await termwise("show", cycle)
    state = (await termwise("show", cycle, "--json")).json
    (look,) = await termwise.tasks(cycle)
    task = await termwise("tasks", "show", look)
    wrong = await termwise(
        "raise", cycle, "inspection-notified", "--set", "school=hollins", "--reason", "x", by=HEAD
    )
    ended = await termwise("raise", cycle, "inspection-ended", *call, by=HEAD)
    again = await termwise("raise", cycle, "inspection-notified", *call, by=HEAD)

    assert "Glenfield: inspection-notified, since" in " ".join(shown.out.split())
    assert "Clock stands still: inspection-notified, since" in " ".join(task.out.split())
    assert [(each["event"], each["school"]) for each in state["stopped"]] == [
        ("inspection-notified", "glenfield")
    ]
    assert "takes no part" in wrong.err
    assert (ended.code, again.code) == (0, 0), ended.err + again.err
    history = " ".join((await termwise("history", cycle)).out.split())
    assert history.count("The clock stands still at Glenfield") == 2
    assert history.count("The clock goes on at Glenfield") == 1
