"""What there is, is named in the docs; and what the docs name is there."""

import re
from pathlib import Path

import pytest

from cli.main import COMMANDS
from engine.definition.model import TaskStep
from reports.catalogue import REPORTS
from reports.diagram.mermaid import flowchart
from storage.projections import FOLLOWING, INLINE
from tests.docs.pages import PAGES, ROOT, examples, page
from tests.worlds import moderation
from workers.channels import channels
from workers.services import SERVICES
from workers.settings import Settings
from workflows.display import SEARCH_ATTRIBUTES

ALL = "\n".join(path.read_text("utf-8") for path in PAGES)
#: What is made later, or by whoever follows the page.
NOT_IN_THE_REPOSITORY = {"definitions/KEY/", "storage/migrations/NNNN_what.sql"}
FOLDERS = "engine|definitions|activities|storage|workflows|reports|workers|cli|tests|examples|docs"
_FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)(?:::(\w+))?`")
_LINK = re.compile(r"\]\((?!http)([^)#\s]*)(?:#([\w-]+))?\)")
_NAMED_IN = re.compile(r"`([\w/]+\.py)`, `(\w+)`")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_make_target_is_named() -> None:
    targets = re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE)

    assert [target for target in targets if f"`make {target}`" not in ALL] == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    default = f"`{field.default}`" if field.default is not None else ""
    row = f"| `TERMWISE_{name.upper()}` | {default} | {field.description} |"

    assert row.replace("|  |", "| |") in page("docs/settings.md")


def test_no_setting_is_named_that_is_none() -> None:
    known = {f"TERMWISE_{name.upper()}" for name in Settings.model_fields} | {"TERMWISE_AS", "TERMWISE_DEBUG"}

    assert set(re.findall(r"TERMWISE_[A-Z_]+\b", ALL)) - known == set()


def test_every_command_is_named() -> None:
    assert [name for name in COMMANDS if f"termwise {name}" not in ALL] == []


def test_every_report_channel_projection_service_and_search_attribute_is_named() -> None:
    carriers = [*channels(Settings()).values(), *channels(Settings(smtp_host="localhost")).values()]
    names = {*REPORTS, *SERVICES, *(each.name for each in carriers)}
    names |= {each.name for each in (*INLINE, *FOLLOWING)} | {each.name for each in SEARCH_ATTRIBUTES}

    assert [name for name in sorted(names) if f"`{name}`" not in ALL and f"--only {name}" not in ALL] == []


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_file_and_test_that_is_named_is_there(path: Path) -> None:
    for name, test in _FILE.findall(path.read_text("utf-8")):
        if name not in NOT_IN_THE_REPOSITORY:
            assert (ROOT / name).exists(), name
            assert not test or f"def {test}(" in (ROOT / name).read_text("utf-8"), test


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_name_is_in_the_file_it_is_said_to_be_in(path: Path) -> None:
    for file, name in _NAMED_IN.findall(path.read_text("utf-8")):
        assert re.search(rf"\b{name}\b", page(file)), (file, name)


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target, heading in _LINK.findall(path.read_text("utf-8")):
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), target
        assert not heading or heading in headings(there), heading


def headings(path: Path) -> set[str]:
    """The headings of a page, as links name them."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


def test_the_diagram_of_moderation_is_the_one_termwise_draws() -> None:
    [drawn] = [each.text for each in examples("docs/moderation.md") if each.kind == "mermaid"]

    assert drawn == flowchart(moderation())


def test_the_reasons_for_sending_work_back_are_those_of_the_process() -> None:
    told = re.findall(r"^\|[^|]*\| `([a-z-]+)` \| ([^|]+) \|$", page("docs/moderation.md"), re.MULTILINE)
    steps = (node.spec for node in moderation().walk() if isinstance(node.spec, TaskStep))
    listed = [
        reason
        for step in steps
        for outcome in step.outcomes.values()
        if outcome
        for reason in outcome.reasons.items()
    ]

    assert told == listed
