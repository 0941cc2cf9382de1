"""The page: self-contained, escaped, and with the figures on it."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from reports import html
from reports.moderation import ModerationInput
from reports.moderation_agreement import moderation_agreement
from reports.moderation_report import ModerationReport


@pytest.fixture
def page(report: ModerationReport) -> str:
    return html.moderation(report)


class Elements(HTMLParser):
    """Collects what a reader of the markup needs to check."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.seen if name == tag]


def test_the_page_fetches_nothing_and_runs_nothing(page: str) -> None:
    tags = {tag for tag, _ in Elements(page).seen}

    assert not re.search(r"https?:|url\(|@import|\bsrc=|\bhref=|javascript:|\bon\w+=", page)
    assert not tags & {"script", "link", "img", "iframe", "object", "embed"}


def test_the_figures_are_on_the_page(page: str) -> None:
    for figure in ("82.6%", "62.9% to 93.0%", "0.718", "0.762", "0.818", "87.0%", "67.9% to 95.5%", "0.857"):
        assert figure in page


def test_every_picture_speaks_and_every_table_is_captioned(page: str) -> None:
    elements = Elements(page)

    pictures = elements.named("svg")

    assert len(pictures) == 4
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)
    assert "Teacher GDS: moderator WTS 0, moderator EXS 2, moderator GDS 4." in page
    assert len(elements.named("caption")) == len(elements.named("table"))
    assert all("scope" in header for header in elements.named("th"))


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Elements(page).seen if re.fullmatch(r"h\d", tag)]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_values_are_escaped(cycle: ModerationInput) -> None:
    hostile = cycle.model_copy(
        update={"title": "<script>alert(1)</script>", "schools": dict.fromkeys(cycle.schools, "<b>")}
    )

    page = html.moderation(moderation_agreement(hostile))

    assert "<script" not in page
    assert "<b>" not in page


def test_an_empty_cycle_still_makes_a_page(cycle: ModerationInput) -> None:
    page = html.moderation(moderation_agreement(cycle.model_copy(update={"items": ()})))

    assert page.count("Nothing was sampled") >= 2


def test_an_undefined_kappa_is_said(cycle: ModerationInput) -> None:
    same = {"first_value": "EXS", "second_value": "EXS", "final_value": "EXS"}
    items = tuple(item.model_copy(update=same) for item in cycle.items)

    page = html.moderation(moderation_agreement(cycle.model_copy(update={"items": items})))

    assert "not defined: both raters used one category" in page
