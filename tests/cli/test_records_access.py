"""All that is held about a person is gathered, without the names of others; by administrators alone."""

import json
import stat
from pathlib import Path
from typing import Any

from tests.cli.conftest import Shell

HEAD, CHIEF, OFFICER = "Claire Whitmore", "Hannah Lister", "Daniel Okafor"


def in_section(pack: Any, section: str) -> list[Any]:  # noqa: ANN401
    return [line for line in pack["lines"] if line["section"] == section]


async def test_all_that_is_held_about_a_person_is_in_one_page_and_one_file(
    termwise: Shell, tmp_path: Path
) -> None:
    cycle = await termwise.started()
    (look,) = await termwise.tasks(cycle)
    officer = f"Ask {OFFICER} about the cellar"
    await termwise("tasks", "comment", look, officer, by=HEAD)
    await termwise("tasks", "draft", look, "--set", f"helper={OFFICER}", by=HEAD)
    begun = await termwise("records", "subject-access", HEAD, "--output", str(tmp_path / "early"), by=CHIEF)
    assert begun.code == 0, begun.err
    (early,) = (tmp_path / "early").glob("*.json")
    (draft,) = next(
        each["rows"] for each in json.loads(early.read_text())["tables"] if each["title"] == "Drafts"
    )
    assert json.loads(draft[2])["helper"].startswith("person ")
    filled = ["--set", "mark=middling", "--set", "rooms=4", "--set", f"helper={OFFICER}"]
    done = await termwise("tasks", "complete", look, *filled, by=HEAD)
    assert done.code == 0, done.err
    (agree,) = await termwise.tasks(cycle, "agree")
    await termwise("tasks", "comment", agree, f"{HEAD} was right, says Claire", by=OFFICER)
    assert (await termwise("records", "hold", HEAD, "--reason", "A claim", by=CHIEF)).code == 0
    await termwise.says("outbox", "", "list")

    made = await termwise("records", "subject-access", HEAD, "--output", str(tmp_path / "out"), by=CHIEF)

    assert made.code == 0, made.err
    page, file = sorted((tmp_path / "out").iterdir())
    assert stat.S_IMODE(page.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600
    text, pack = page.read_text(), json.loads(file.read_text())
    answers, said, named = (in_section(pack, each) for each in ("answers", "words", "named"))
    assert answers[0]["answers"]["rooms"] == 4
    other = answers[0]["answers"]["helper"]
    assert other.startswith("person ")
    assert said[0]["details"]["text"] == f"Ask {other} about the cellar"
    assert named[0]["details"]["text"] == f"{HEAD} was right, says Claire"
    assert any("is known, with headteacher" in line["text"] for line in in_section(pack, "register"))
    assert any("is held" in line["text"] for line in in_section(pack, "register"))
    assert any(row[2] == "headteacher" for row in pack["tables"][0]["rows"])
    assert pack["events"] > 0
    for part in (text, file.read_text()):
        assert OFFICER not in part
        assert "daniel.okafor@" not in part.casefold()
    assert f"Ask {other} about the cellar" in text
    assert HEAD in text


async def test_only_an_administrator_or_the_operator_gathers_it(shell: Shell, tmp_path: Path) -> None:
    out = ["--output", str(tmp_path / "out")]

    assert (await shell("records", "subject-access", HEAD, *out)).code == 0
    refused = await shell("records", "subject-access", HEAD, *out, by=OFFICER)
    nobody = await shell("records", "subject-access", "Nobody Here", *out)
    nowhere = await shell("records", "subject-access", HEAD, "--output", "/proc/nowhere")

    assert (refused.code, nobody.code, nowhere.code) == (3, 4, 2)
    assert "gathered by administrators" in refused.err
    assert "name another folder" in nowhere.err
