"""How people are written to, and which letters wait: by the commands, on real servers."""

import asyncio

from cli.exit_codes import ExitCode
from tests.cli.conftest import Shell

HEAD, ADMINISTRATOR, OFFICER = "Claire Whitmore", "Hannah Lister", "Daniel Okafor"


async def waiting(termwise: Shell) -> list[dict[str, str]]:
    """The letters that the courier has put off."""
    for _ in range(200):
        letters = (await termwise("outbox", "list", "--json")).json["letters"]
        held = [each for each in letters if each["held"]]
        if held:
            return held
        await asyncio.sleep(0.1)
    return []


async def test_what_a_person_chose_is_what_the_courier_does_and_administrators_see_it(
    termwise: Shell,
) -> None:
    before = await termwise("preferences", "show", by=HEAD)
    dry = await termwise("preferences", "set", "--pace", "weekly", "--dry-run", by=HEAD)
    chosen = await termwise("preferences", "set", "--pace", "weekly", by=HEAD)
    await termwise.started()
    (letter,) = await waiting(termwise)
    listed = await termwise("outbox", "list")
    shown = await termwise("outbox", "show", letter["message_id"][:8])
    retried = await termwise("outbox", "retry", "--all", by=ADMINISTRATOR)
    stopped = await termwise("outbox", "retry", "--all", by=OFFICER)
    ambiguous = await termwise("outbox", "retry", by=ADMINISTRATOR)

    assert "the custom of the trust" in before.out
    assert "would be written to like this" in dry.out
    assert "once a week, on Monday morning" in chosen.out
    assert letter["recipient"] == "p-0005"
    assert "waits for the weekly letter" in " ".join(listed.out.split())
    assert f"{HEAD} (p-0005), by mail" in shown.out
    assert "None of them has failed." in retried.out
    assert stopped.code != ExitCode.OK
    assert "that is for an administrator of the trust" in stopped.err
    assert "name the letters, or say --all" in ambiguous.err


async def test_others_may_not_choose_and_mistakes_are_said_in_a_sentence(termwise: Shell) -> None:
    refused = await termwise("preferences", "set", HEAD, "--pace", "daily", by=OFFICER)
    allowed = await termwise("preferences", "set", HEAD, "--pace", "daily", "--json", by=ADMINISTRATOR)
    nothing = await termwise("preferences", "set", by=HEAD)
    clock = await termwise("preferences", "set", "--quiet-from", "late", by=HEAD)
    limit = await termwise("preferences", "set", "--quiet-from", "23:30", by=HEAD)
    unknown = await termwise("outbox", "show", "0123456789")

    assert "Daniel Okafor may not choose how Claire Whitmore is written to" in refused.err
    assert allowed.json["preferences"]["pace"] == "daily"
    assert "say what to choose" in nothing.err
    assert "'late' is no time of day" in clock.err
    assert "quiet hours begin between 16:00 and 22:00, not at 23:30" in limit.err
    assert "there is no letter '0123456789'; `termwise outbox list`" in unknown.err


async def test_what_others_chose_and_their_letters_are_for_administrators(termwise: Shell) -> None:
    own = await termwise("preferences", "show", HEAD, by=HEAD)
    other = await termwise("preferences", "show", HEAD, "--json", by=OFFICER)
    administrator = await termwise("preferences", "show", HEAD, by=ADMINISTRATOR)
    operator = await termwise("preferences", "show", HEAD)
    listed = await termwise("outbox", "list", "--json", by=HEAD)
    shown = await termwise("outbox", "show", "0123456789", by=HEAD)
    allowed = await termwise("outbox", "list", by=ADMINISTRATOR)

    assert [each.code for each in (own, administrator, operator, allowed)] == [ExitCode.OK] * 4
    assert "Daniel Okafor may not read how Claire Whitmore is written to" in other.err
    assert list(other.json) == list(listed.json) == ["error"]
    assert not shown.out
    for each in (listed, shown):
        assert "Claire Whitmore may not read the letters of others" in " ".join(each.err.split())
