"""`termwise define new`."""

from pathlib import Path

from tests.cli.conftest import Shell


async def test_a_new_definition_passes_its_check_and_its_first_scenario(shell: Shell, tmp_path: Path) -> None:
    own = tmp_path / "definitions"

    made = await shell("define", "new", "reading-visit", "--owner", "ceo", "--steps", "Hear readers, Talk")
    checked = await shell("define", "check", "reading-visit")
    tested = await shell("define", "test", "reading-visit", "--json")

    assert made.code == checked.code == tested.code == 0
    assert "which passes" in made.out
    assert len(tested.json["definitions"][0]["scenarios"]) == 1
    first = (own / "reading-visit/process.yaml").read_text("utf-8").splitlines()[0]
    assert (own / "reading-visit" / first.partition("$schema=")[2]).resolve().is_file()


async def test_a_definition_of_the_whole_trust_may_go_anywhere(shell: Shell, tmp_path: Path) -> None:
    given = ["--for", "trust", "--in", str(tmp_path / "elsewhere"), "--json", "--owner", "ceo"]

    made = await shell("define", "new", "plan", *given)

    assert made.code == 0
    tested = await shell("define", "test", str(tmp_path / "elsewhere" / "plan"), "--json")
    assert [Path(file).is_file() for file in made.json["files"]] == [True, True]
    assert tested.code == 0


async def test_nothing_is_written_over_and_nothing_is_left_of_what_cannot_be(
    shell: Shell, tmp_path: Path
) -> None:
    own = tmp_path / "definitions"
    before = (own / "tidy/process.yaml").read_text("utf-8")

    there = await shell("define", "new", "tidy", "--owner", "ceo")
    built_in = await shell("define", "new", "moderation", "--owner", "ceo")
    no_key = await shell("define", "new", "Reading Visit")
    no_role = await shell("define", "new", "visit", "--owner", "headtaecher")
    no_phrase = await shell("define", "new", "visit", "--owner", "ceo", "--who", "the headteacher")

    assert [each.code for each in (there, built_in, no_key, no_role, no_phrase)] == [2, 2, 2, 4, 2]
    assert "is there already" in there.err
    assert "joined by hyphens" in no_key.err
    assert "did you mean 'headteacher'" in no_role.err
    assert (own / "tidy/process.yaml").read_text("utf-8") == before
    assert not (own / "visit").exists()
