"""`docs/tasks.md`: its examples are played, and every command on it can be typed."""

import shlex
from pathlib import Path

import pytest

from tests.docs.cli_page import commands, options
from tests.docs.pages import examples
from tests.docs.scenes import Scene, play_scenario, scenes, steps_never_reached

PAGE = "docs/tasks.md"
SCENES = list(scenes(PAGE))
KNOWN = {
    typed: {word for usage, _ in options(app) for word in usage.replace("`", "").split()}
    for typed, app, _ in commands()
}
TYPED = [line for each in examples(PAGE) if each.kind == "sh" for line in each.text.splitlines()]


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: f"line-{each.example.line}")
def test_every_example_does_what_its_scenarios_say(scene: Scene, tmp_path: Path) -> None:
    gone = [play_scenario(scene, each, tmp_path) for each in scene.scenarios]

    assert gone
    assert steps_never_reached(scene, gone) == []


@pytest.mark.parametrize("line", TYPED)
def test_every_command_on_the_page_can_be_typed(line: str) -> None:
    program, *words = shlex.split(line)
    command = next(each for each in sorted(KNOWN, key=len, reverse=True) if " ".join(words).startswith(each))

    given = {word for word in words if word.startswith("--")}
    assert program == "termwise"
    assert given - KNOWN[command] == set()
