"""`docs/testing-definitions.md`: its scenarios pass, and every key of the grammar is on the page."""

from pathlib import Path

import pytest

from definitions.scenarios import expectations, grammar
from definitions.scenarios.running import run_scenarios
from definitions.trust import load_trust
from engine.model import Model
from tests.docs.pages import ROOT, Example, examples, page
from tests.worlds import DEFINITIONS

PAGE = "docs/testing-definitions.md"
SCENARIOS = [each for each in examples(PAGE) if each.kind == "yaml scenario"]
MODELS = {
    each
    for module in (grammar, expectations)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Model) and each is not Model
}


@pytest.mark.parametrize("example", SCENARIOS, ids=lambda each: f"line-{each.line}")
def test_every_scenario_of_the_page_passes(example: Example, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(example.text.replace("examples/scholars", str(ROOT / "examples" / "scholars")))

    (verdict,) = run_scenarios(
        DEFINITIONS / "moderation" / "process.yaml", lambda folder: load_trust(folder or ROOT), [file]
    ).verdicts

    assert verdict.failure is None, verdict.failure


def test_every_key_is_on_the_page() -> None:
    keys = {field.alias or name for model in MODELS for name, field in model.model_fields.items()}

    assert [key for key in sorted(keys) if f"`{key}`" not in page(PAGE) and f"{key}:" not in page(PAGE)] == []
