"""`termwise cover`, `absences`, `interests` and `pairs`, on real servers."""

from datetime import date
from pathlib import Path

from tests.cli.conftest import Result, Shell

OFFICER, HEAD, DEPUTY = "Daniel Okafor", "Claire Whitmore", "Tariq Mahmood"
OTHER_HEAD = "Iwona Sroka"
TODAY = date.today().isoformat()  # noqa: DTZ011 - the day on the wall, as somebody types it


def said(result: Result) -> str:
    """Everything it wrote, in one line."""
    return " ".join((result.out + result.err).split())


async def test_a_deputy_sees_and_answers_what_is_asked_of_the_person(termwise: Shell) -> None:
    cycle = await termwise.started()
    [look] = await termwise.tasks(cycle)
    words = ("cover", "set", HEAD, "--by", DEPUTY, "--from", TODAY, "--reason", "At a course")
    form = ("--set", "mark=high", "--set", "rooms=3")

    before = await termwise("tasks", "complete", look, *form, by=DEPUTY)
    seen = await termwise(*words, "--dry-run", by=HEAD)
    assert "Nothing was changed." in seen.out
    assert "Tariq Mahmood stands in" in said(seen)
    assert (await termwise("cover", "list", "--json")).json["covers"] == []
    kept = await termwise(*words, by=HEAD)

    assert "is not asked to do" in said(before)
    assert kept.code == 0, kept.err
    assert "Tariq Mahmood covers for Claire Whitmore" in said(kept)
    assert "Claire Whitmore" in said(await termwise("cover", "list"))
    mine = await termwise("tasks", "--json", by=DEPUTY)
    assert look in [task["task"] for task in mine.json["tasks"]]
    claimed = await termwise("tasks", "claim", look, by=DEPUTY)
    assert claimed.code == 0, claimed.err
    assert "Tariq Mahmood for Claire Whitmore" in said(await termwise("tasks", by=HEAD))
    done = await termwise("tasks", "complete", look, *form, by=DEPUTY)
    assert done.code == 0, done.err
    assert "Tariq Mahmood for Claire Whitmore completed" in said(await termwise("history", cycle))


async def test_cover_is_ended_and_what_makes_no_sense_is_refused(termwise: Shell) -> None:
    await termwise.started()  # The folder of the trust is in the register then.
    ends = ("--from", TODAY)
    assert "may not say who covers" in said(
        await termwise("cover", "set", HEAD, "--by", DEPUTY, *ends, by=OTHER_HEAD)
    )
    assert "cannot cover for themselves" in said(
        await termwise("cover", "set", HEAD, "--by", HEAD, *ends, by=HEAD)
    )
    role = ("--role", "headteacher", "--school", "glenfield", "--by", DEPUTY)
    assert (await termwise("cover", "set", *role, *ends, by=HEAD)).code == 0
    [cover] = (await termwise("cover", "list", "--json")).json["covers"]

    ended = await termwise("cover", "end", cover["id"], by=HEAD)

    assert ended.code == 0, ended.err
    assert "Nobody covers for anybody" in (await termwise("cover", "list")).out


async def test_absences_and_interests_are_read_by_those_they_concern(termwise: Shell) -> None:
    await termwise.started()  # The folder of the trust is in the register then.
    away = await termwise("absences", "start", DEPUTY, "--from", TODAY, "--kind", "leave", by=HEAD)
    assert away.code == 0, away.err
    words = ("interests", "declare", "--type", "own-child", "--school", "hollins", "--note", "In the choir")
    declared = await termwise(*words, by=DEPUTY)
    assert declared.code == 0, declared.err
    assert "Tariq Mahmood has declared an interest." in declared.out

    for reader in (DEPUTY, HEAD):
        assert "Tariq Mahmood" in said(await termwise("absences", "list", by=reader))
        assert "choir" in said(await termwise("interests", "list", by=reader))
    for stranger in (OTHER_HEAD, OFFICER):
        assert "Nobody for whom you answer is away" in said(await termwise("absences", "list", by=stranger))
        assert (await termwise("interests", "list", "--json", by=stranger)).json["interests"] == []

    [absence] = (await termwise("absences", "list", "--json", by=HEAD)).json["absences"]
    [interest] = (await termwise("interests", "list", "--json", by=HEAD)).json["interests"]
    assert (await termwise("absences", "end", absence["id"], by=HEAD)).code == 0
    assert (await termwise("interests", "withdraw", interest["id"], by=DEPUTY)).code == 0
    assert "No interest is declared" in said(await termwise("interests", "list", by=DEPUTY))


async def test_whoever_steps_back_is_not_asked_any_more(termwise: Shell) -> None:
    cycle = await termwise.started()
    [look] = await termwise.tasks(cycle)

    back = await termwise("tasks", "recuse", look, by=HEAD)

    assert back.code == 0, back.err
    assert look not in [task["task"] for task in (await termwise("tasks", "--json", by=HEAD)).json["tasks"]]
    assert "declared an interest in 'Look around' at" in said(await termwise("history", cycle))


async def test_pairs_are_proposed_and_explained(termwise: Shell, tmp_path: Path) -> None:
    last = tmp_path / "last.csv"
    last.write_text("school,moderator\nglenfield,brook-lane\n")

    told = await termwise("pairs", "propose", "--seed", "writing", "--last", str(last))

    assert told.code == 0, told.err
    assert "judges Glenfield" in told.out
    assert "nothing was kept" in told.out
    rows = (await termwise("pairs", "propose", "--seed", "writing", "--last", str(last), "--json")).json[
        "pairs"
    ]
    assert {row["school"]: row["moderator"] for row in rows}["glenfield"] == "hollins"
    last.write_text("school\nglenfield\n")
    wrong = await termwise("pairs", "propose", "--seed", "writing", "--last", str(last))
    assert "last.csv:1: there is no column moderator" in said(wrong)
