"""`termwise members`: who takes part in a for-each that runs."""

from tests.cli.conftest import Shell

OFFICER = "Daniel Okafor"


async def test_a_member_is_added_listed_and_taken_out(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield")

    added = await termwise(
        "members", "add", cycle, "rooms", "--set", "school=hollins", "--reason", "Joined in May", by=OFFICER
    )
    assert added.code == 0, added.err
    assert "Added to rooms" in added.out
    assert "Now Alison Duffield (Hollins): Look around" in added.out

    listed = (await termwise("members", "list", cycle, "--json")).json["members"]
    assert [(each["member"], each["state"]) for each in listed] == [
        ("glenfield", "under way"),
        ("hollins", "under way"),
    ]
    assert "hollins" in (await termwise("members", "list", cycle)).out

    removed = await termwise(
        "members", "remove", cycle, "rooms", "glenfield", "--reason", "An inspection", by=OFFICER
    )
    assert removed.code == 0, removed.err
    assert len(await termwise.tasks(cycle)) == 1
    told = (await termwise("history", cycle)).out
    assert "Daniel Okafor took glenfield out of rooms: An inspection" in " ".join(told.split())


async def test_members_are_listed_while_what_an_event_began_is_open(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield")
    words = ["--set", "school=glenfield", "--reason", "Noise"]
    assert (await termwise("raise", cycle, "complaint-received", *words, by=OFFICER)).code == 0

    listed = await termwise("members", "list", cycle, "--json")

    assert [each["member"] for each in listed.json["members"]] == ["glenfield"]


async def test_mistakes_change_nothing_and_say_what_to_do(termwise: Shell) -> None:
    cycle = await termwise.started("glenfield")

    async def refused(*words: str, by: str = OFFICER) -> str:
        result = await termwise("members", *words, "--reason", "so", by=by)
        assert result.code != 0
        return " ".join(result.err.split())

    assert "there is no running for-each 'rom'; did you mean 'rooms'?" in await refused(
        "add", cycle, "rom", "--set", "school=hollins"
    )
    assert "school: is missing; rooms runs over school" in await refused("add", cycle, "rooms")
    assert "there is no school 'holins'; did you mean 'hollins'?" in await refused(
        "add", cycle, "rooms", "--set", "school=holins"
    )
    assert "may not change who takes part" in await refused(
        "add", cycle, "rooms", "--set", "school=hollins", by="Alison Duffield"
    )
    assert "there is no member of rooms 'hollins'" in await refused("remove", cycle, "rooms", "hollins")
    assert "cannot read '[1' as JSON" in await refused("add", cycle, "rooms", "--set", "school=[1")
    assert len(await termwise.tasks(cycle)) == 1
