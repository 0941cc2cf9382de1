"""What people ask of each other about a task, typed: to do it for them, for more time, to look, to hurry."""

import re
from datetime import date

from cli.exit_codes import ExitCode
from definitions.trust import load_trust
from engine.dates import say_day
from tests.cli.conftest import ROOT, Shell

OFFICER, HEAD, DEPUTY, OTHER = "Daniel Okafor", "Claire Whitmore", "Tariq Mahmood", "Aisha Siddiqi"
FORM = ("--set", "mark=high", "--set", "rooms=3")


async def test_another_does_it_and_it_stays_ones_own(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)

    asked = await termwise("tasks", "delegate", task, "--to", DEPUTY, "--reason", "She is in court", by=HEAD)
    listed = await termwise("tasks", by=DEPUTY)
    refused = await termwise("tasks", "complete", task, *FORM, by=HEAD)
    on = await termwise("tasks", "delegate", task, "--to", OTHER, "--reason", "So am I", by=DEPUTY)
    done = await termwise("tasks", "complete", task, *FORM, "--minutes", "40", by=DEPUTY)
    story = await termwise("history", cycle)

    assert asked.out.startswith("Tariq Mahmood is asked to do it for you: Look around.")
    assert "Tariq Mahmood, delegated by Claire Whitmore" in listed.out
    assert "you have delegated 'Look around' to Tariq Mahmood; take it back first" in refused.err
    assert "so it is not yours to delegate; hand it back" in on.err
    assert (refused.code, on.code) == (ExitCode.REFUSED, ExitCode.REFUSED)
    assert done.code == 0
    told = " ".join(story.out.split())
    assert "Tariq Mahmood for Claire Whitmore completed 'Look around' at Glenfield" in told
    assert "it took 40 minutes" in told


async def test_it_is_handed_back_and_taken_back(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)
    words = ("tasks", "delegate", task, "--to", DEPUTY, "--reason", "Busy")

    await termwise(*words, by=HEAD)
    back = await termwise("tasks", "hand-back", task, "--reason", "So am I", by=DEPUTY)
    await termwise(*words, by=HEAD)
    taken = await termwise("tasks", "hand-back", task, by=HEAD)
    nothing = await termwise("tasks", "hand-back", task, by=HEAD)

    assert back.out == "With Claire Whitmore again: Look around.\n"
    assert taken.out == "Yours again: Look around.\n"
    assert "is not delegated" in nothing.err
    assert (await termwise("tasks", "show", task, "--json")).json["delegated_by"] is None


async def test_more_time_is_asked_for_and_given_by_somebody_else(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield,hollins")
    tasks = await termwise.tasks(cycle)
    due = {task: (await termwise("tasks", "show", task, "--json")).json for task in tasks}
    heads = {task: HEAD if due[task]["school"] == "glenfield" else "Alison Duffield" for task in tasks}
    calendar = load_trust(ROOT / "examples/scholars").calendar
    later = calendar.shift(date.fromisoformat(due[tasks[0]]["due_on"]), 9)
    late = later.isoformat()

    for task in tasks:
        asked = await termwise(
            "tasks", "ask-for-time", task, "--until", late, "--reason", "The decorators", by=heads[task]
        )
        assert asked.out.startswith(f"Asked for time until {say_day(later)}"), asked.err
    own = await termwise("tasks", "grant", tasks[0], by=heads[tasks[0]])
    listed = await termwise("tasks", "--requests", by=OFFICER)
    dry = await termwise("tasks", "grant", "--cycle", cycle, "--dry-run", by=OFFICER)
    given = await termwise("tasks", "grant", tasks[0], "nothing", by=OFFICER)
    both = await termwise("tasks", "grant", *tasks, "--reason", "Agreed", by=OFFICER)
    again = await termwise("tasks", "grant", *tasks, by=OFFICER)

    assert "whoever asks for more time does not decide about it; it is for Daniel Okafor" in own.err
    assert f"asks for time until {say_day(later)}: The decorators" in " ".join(listed.out.split())
    assert "2 of 2 tasks would be done. Nothing was changed." in dry.out
    assert given.code == ExitCode.UNKNOWN_NAME
    assert both.code == 0
    assert "2 of 2 tasks done." in both.out
    assert again.code == ExitCode.REFUSED
    assert (await termwise("tasks", "show", tasks[0], "--json")).json["due_on"] == late
    assert (
        await termwise("tasks", "--requests", by=OFFICER)
    ).out == "No undecided tasks for Daniel Okafor.\n"


async def test_one_that_is_refused_stops_none_of_the_others(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield,hollins")
    tasks = await termwise.tasks(cycle)
    await termwise("tasks", "skip", tasks[0], "--code", "no-rooms", by=OFFICER)

    result = await termwise("tasks", "skip", *tasks, "--code", "no-rooms", by=OFFICER)
    json = await termwise(
        "tasks", "skip", "--cycle", cycle, "--step", "look", "--code", "no-rooms", "--json", by=OFFICER
    )

    assert result.code == ExitCode.PARTIAL
    assert "1 of 2 tasks done; the others are as they were." in result.out
    assert "was already skipped by Daniel Okafor" in " ".join(result.out.split())
    assert json.json == {"dry_run": False, "tasks": []}
    assert await termwise.tasks(cycle) == []


async def test_tasks_are_named_or_described_not_both(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)

    both = await termwise("tasks", "skip", task, "--cycle", cycle, "--code", "no-rooms", by=OFFICER)
    neither = await termwise("tasks", "skip", "--code", "no-rooms", by=OFFICER)

    assert (both.code, neither.code) == (ExitCode.USAGE, ExitCode.USAGE)
    assert "not both" in both.err
    assert "say which tasks: their ids, or --cycle, --school, --step or --late" in neither.err


async def test_people_talk_about_a_task(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)

    first = await termwise("tasks", "comment", task, "Is the cellar a room?", by=HEAD)
    second = await termwise("tasks", "comment", task, "Yes.", by=OFFICER)
    stranger = await termwise("tasks", "comment", task, "No.", by="Olivia Marsden")
    long = await termwise("tasks", "comment", task, "x" * 2001, by=HEAD)
    await termwise(
        "tasks", "attach", task, "--label", "Plan", "--link", "https://files.example/plan", by=HEAD
    )
    unsafe = await termwise(
        "tasks", "attach", task, "--label", "It", "--link", "javascript:alert(1)", by=HEAD
    )
    shown = " ".join((await termwise("tasks", "show", task)).out.split())

    assert first.out == "Said: Look around. Nobody else is told.\n"
    assert second.out == "Said: Look around. Told: Claire Whitmore.\n"
    assert "may not comment on 'Look around'" in stranger.err
    assert "the comment has 2,001 characters; write 1 to 2,000" in long.err
    assert "begins with javascript:" in unsafe.err
    assert "Is the cellar a room?" in shown
    assert re.search(r"Daniel Okafor, \w+ \d+ \w+ \d{4}, \d\d:\d\d Yes\.", shown)
    assert "Plan https://files.example/plan (Claire Whitmore)" in shown


async def test_whoever_is_asked_is_nudged_once_a_day(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)

    first = await termwise("tasks", "nudge", task, by=OFFICER)
    again = await termwise("tasks", "nudge", task, by=OFFICER)
    late = await termwise("tasks", "nudge", "--cycle", cycle, "--dry-run", by=OFFICER)
    stranger = await termwise("tasks", "nudge", task, by="Olivia Marsden")

    # By day it goes at once, at night and in the holidays in the next school morning.
    assert re.match(r"(Reminded: Claire Whitmore|A reminder goes out on \w.*08:00): Look around", first.out)
    assert again.code == ExitCode.REFUSED
    assert "one a school day is enough" in again.err
    assert late.out == "No task is meant by that.\n"
    assert "may not nudge" in stranger.err


async def test_what_is_refused_stays_and_says_why(termwise: Shell) -> None:
    cycle = await termwise.started()
    (task,) = await termwise.tasks(cycle)
    due = (await termwise("tasks", "show", task, "--json")).json["due_on"]
    until = load_trust(ROOT / "examples/scholars").calendar.shift(date.fromisoformat(due), 9).isoformat()
    await termwise("tasks", "ask-for-time", task, "--until", until, "--reason", "Ill", by=HEAD)

    result = await termwise("tasks", "refuse", task, "--reason", "The visit is on Monday", by=OFFICER)

    shown = (await termwise("tasks", "show", task, "--json")).json
    assert result.out == "The deadline stays: Look around.\n"
    assert (shown["due_on"], shown["request"]) == (due, None)


async def test_all_tasks_of_a_step_are_answered_at_once(termwise: Shell) -> None:
    cycle = await termwise.started("all")
    for task, head in [
        (row["task"], row["candidates"][0])
        for row in (await termwise("tasks", "--all", "--cycle", cycle, "--json")).json["tasks"]
    ]:
        assert (await termwise("tasks", "complete", task, *FORM, by=head)).code == 0
    chosen = ("tasks", "complete", "--cycle", cycle, "--step", "agree", "--outcome", "yes_it_is")

    listed = await termwise(*chosen, "--dry-run", by=OFFICER)
    done = await termwise(*chosen, by=OFFICER)

    assert listed.out.count("Agree with what was seen") == 3  # a school each
    assert done.code == 0, done.err
    assert done.out.count("Agree with what was seen") == 3  # a school each
    assert await termwise.tasks(cycle, "agree") == []
