"""Erasing somebody, as an administrator types it."""

from datetime import UTC, datetime, timedelta

from tests.cli.conftest import Shell

CHIEF, LEAVER = "Hannah Lister", "Lucy Fenwick"
WHY = ["--reason", "It was asked for"]


async def test_somebody_who_has_left_is_erased_and_reads_so_everywhere(termwise: Shell) -> None:
    who = (await termwise("people", "show", LEAVER, "--json")).json["id"]
    left = ["--leaves", "--to", str(datetime.now(UTC).date() - timedelta(days=2)), "--correct", "Left"]
    gone = await termwise("people", "set", LEAVER, *left, by=CHIEF)
    assert gone.code == 0, gone.err

    shown = await termwise("records", "erase", LEAVER, *WHY, "--dry-run", by=CHIEF)
    done = await termwise("records", "erase", LEAVER, *WHY, by=CHIEF)

    assert (shown.code, done.code) == (0, 0), shown.err + done.err
    assert f"Erasing {LEAVER} ({who})" in shown.out
    assert "Nothing was changed." in shown.out
    assert "It is gone." in done.out
    person = (await termwise("people", "show", who, "--json")).json
    assert (person["name"], person["email"]) == ("erased", f"{who}@erased.invalid")
    story = await termwise("people", "history", who)
    assert LEAVER not in story.out
    assert f"what was personal of {who} is erased" in story.out
    assert (await termwise("records", "erase", who, *WHY, by=CHIEF)).code == 0
    back = await termwise("people", "set", who, "--name", LEAVER, by=CHIEF)
    assert "was erased, and nothing is said of them again" in back.err
