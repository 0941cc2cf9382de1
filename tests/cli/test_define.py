"""Commands about definitions, and the schema that editors read."""

from definitions.catalogue import BUILT_IN
from definitions.schema import schema_text
from tests.cli.conftest import Shell


def test_the_schema_file_is_what_the_grammar_says() -> None:
    written = (BUILT_IN / "process.schema.json").read_text("utf-8")

    assert written == schema_text(), "write it anew with `termwise define schema --write`"


async def test_definitions_are_listed_checked_and_drawn(shell: Shell) -> None:
    listed = await shell("define", "list", "--json")
    checked = await shell("define", "check")
    drawn = await shell("define", "diagram", "moderation")
    printed = await shell("define", "schema")

    assert [each["process"] for each in listed.json["definitions"]] == ["moderation", "tidy"]
    assert checked.code == 0
    assert checked.out.count("no problems") == 2
    assert drawn.out.startswith("flowchart TD\n")
    lines = [line.strip() for line in drawn.out.splitlines()]
    assert sum(line.startswith("subgraph") for line in lines) == lines.count("end") == 6
    assert printed.json["title"] == "Definition"
