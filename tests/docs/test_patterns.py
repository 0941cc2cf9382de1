"""`docs/patterns.md`: all 43 patterns have a verdict; what is said to work is played."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import page
from tests.docs.scenes import Scene, play_scenario, scenes, steps_never_reached

PAGE = "docs/patterns.md"
SCENES = list(scenes(PAGE))
PLAYED, NOT = ("supported", "by composition"), "deliberately not"
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| (.+) \|$", page(PAGE), re.MULTILINE)
#: By the name of a heading in links, the lines from it to the next.
SECTIONS = {
    re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-"): text
    for title, text in re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", page(PAGE), re.MULTILINE | re.DOTALL)
}


def test_all_patterns_are_there_in_order_once_and_counted() -> None:
    verdicts = Counter(verdict for _, _, verdict, _ in ROWS)
    counted = re.findall(r"^\| ([a-z ]+)[:,][^|]*\| (\d+) \|$", page(PAGE), re.MULTILINE)

    assert [int(number) for number, *_ in ROWS] == list(range(1, 44))
    assert len({name for _, name, *_ in ROWS}) == 43
    assert {verdict: int(count) for verdict, count in counted} == verdicts
    assert verdicts.keys() == {*PLAYED, NOT}


@pytest.mark.parametrize(
    ("number", "verdict", "how"), [(row[0], row[2], row[3]) for row in ROWS], ids=lambda each: each[:16]
)
def test_what_is_said_to_work_has_an_example_and_what_is_not_has_a_reason(
    number: str, verdict: str, how: str
) -> None:
    links = re.findall(r"\]\(#([a-z0-9-]+)\)", how)

    if verdict == NOT:
        assert not links
        assert len(how.split()) > 8 or re.fullmatch(r"As \d+", how), number
    else:
        assert links, number
        assert all("```yaml scenario" in SECTIONS[link] for link in links)


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: f"line-{each.example.line}")
def test_every_example_does_what_its_scenarios_say(scene: Scene, tmp_path: Path) -> None:
    gone = [play_scenario(scene, each, tmp_path) for each in scene.scenarios]

    assert gone
    assert steps_never_reached(scene, gone) == []


def test_every_example_is_of_a_pattern() -> None:
    linked = {link for *_, how in ROWS for link in re.findall(r"\]\(#([a-z0-9-]+)\)", how)}

    assert SECTIONS.keys() == linked
