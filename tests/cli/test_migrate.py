"""A definition changes while cycles run on it: what changed, who could move, and moving."""

import os
from pathlib import Path

from tests.cli.conftest import Shell

BY = "Daniel Okafor"


def rewrite(*pairs: tuple[str, str]) -> Path:
    """The next version of the process `tidy`, where cycles are started from."""
    file = Path(os.environ["TERMWISE_DEFINITIONS"]) / "tidy/process.yaml"
    text = file.read_text()
    for old, new in (("version: 1", "version: 2"), *pairs):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    return file


async def pinned(termwise: Shell, cycle: str) -> str:
    return str((await termwise("show", cycle, "--json")).json["definition"])


async def test_a_cycle_is_looked_at_and_moved(termwise: Shell) -> None:
    cycle = await termwise.started()
    old = await pinned(termwise, cycle)
    rewrite(
        ("Agree with what was seen", "Agree with it"), ("guidance: Look everywhere.", "guidance: Look well.")
    )
    await termwise.says("cycles", cycle)

    told = await termwise("define", "diff", f"tidy@{old[:10]}", "tidy", "--running")
    looked = await termwise("migrate", "tidy", "--dry-run")
    moved = await termwise("migrate", "tidy", "--reason", "Agreed", "--json", by=BY)
    again = await termwise("migrate", "tidy", "--reason", "Agreed", by=BY)

    assert 'The guidance was "Look everywhere.", is now "Look well."' in told.out
    assert "tidy/process.yaml:" in told.out.replace("\n", "").replace(" ", "")
    assert "1 running, 1 could move" in told.out
    assert (looked.code, "1 of 1 may move. Nothing was moved." in looked.out) == (0, True)
    assert [each["moved"] for each in moved.json["instances"]] == [True]
    assert "every running instance has it" in again.out
    shown = await termwise("show", cycle)
    assert "version 2" in shown.out
    assert "moved it to version 2 of Tidying up: Agreed" in " ".join(
        (await termwise("history", cycle)).out.split()
    )
    [task] = await termwise.tasks(cycle)
    assert "Look well." in (await termwise("tasks", "show", task)).out
    assert await pinned(termwise, cycle) == moved.json["digest"]


async def test_what_cannot_move_says_why_and_stays(termwise: Shell) -> None:
    cycle = await termwise.started()
    old = await pinned(termwise, cycle)
    rewrite(
        ("task: look\n", "task: glance\n"), ("return_to: look", "return_to: glance"), ("look.", "glance.")
    )
    await termwise.says("cycles", cycle)

    moved = await termwise("migrate", "tidy", "--reason", "Agreed", by=BY)

    assert moved.code == 0
    assert "Cannot move: rooms[glenfield]/look is open: this task is gone." in moved.out
    assert "0 of 1 moved; 1 cannot." in moved.out
    assert await pinned(termwise, cycle) == old


async def test_a_canary_moves_one_cycle_and_a_digest_moves_it_back(termwise: Shell) -> None:
    one, other = await termwise.started(), await termwise.started("brook-lane")
    old = await pinned(termwise, one)
    rewrite(("Agree with what was seen", "Agree with it"))
    await termwise.says("cycles", other)

    await termwise("migrate", "tidy", "--school", "glenfield", "--reason", "A try", by=BY)
    new = await pinned(termwise, one)
    untouched = await pinned(termwise, other)
    await termwise.says("migrate", "1 of 1 may move", "tidy", "--to", old[:10], "--dry-run")
    back = await termwise("migrate", "tidy", "--to", old[:10], "--cycle", one, "--reason", "Not good", by=BY)

    assert new != old == untouched
    assert back.code == 0, back.err
    assert await pinned(termwise, one) == old


async def test_moving_needs_a_reason_and_somebody_who_may(termwise: Shell) -> None:
    cycle = await termwise.started()
    rewrite(("Agree with what was seen", "Agree with it"))
    await termwise.says("cycles", cycle)

    without = await termwise("migrate", "tidy", by=BY)
    stranger = await termwise("migrate", "tidy", "--reason", "So", by="Claire Whitmore")

    assert (without.code, "--reason TEXT" in without.err) == (2, True)
    assert (stranger.code, "Stopped at" in stranger.out) == (3, True)
    assert "may not move it" in " ".join(stranger.out.split())


async def test_a_file_and_a_strange_digest_are_told_apart(termwise: Shell) -> None:
    await termwise.started()
    file = rewrite(("Agree with what was seen", "Agree with it"))

    diff = await termwise("define", "diff", str(file), "tidy")
    strange = await termwise("define", "diff", "tidy@ffffff", "tidy")

    assert "There is no difference." in diff.out
    assert (strange.code, "there is no stored version of tidy 'ffffff'" in strange.err) == (4, True)
