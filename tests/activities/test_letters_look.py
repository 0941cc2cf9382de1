"""How letters look: every colour can be read, a screen reader finds its way, and nothing is fetched."""

import re
from html.parser import HTMLParser

import pytest

from activities.letters import write
from storage.projections.tellings import KINDS
from tests.activities.occasions import ASKED, TEMPLATES, occasion


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_say_the_same_in_the_same_order(kind: str) -> None:
    asked = None if kind == "notification-requested" else ASKED
    letter = write(occasion(kind, asked=asked, reason="Two are missing.", heading="We begin"))

    page = Page.of(letter.html)

    plain = letter.text.replace("-- \n", "")
    assert page.words == [word for word in (each.strip(":") for each in plain.split()) if word]


@pytest.mark.parametrize("kind", ["task-opened", "task-escalated", "notification-requested"])
def test_a_screen_reader_finds_language_title_heading_and_labels(kind: str) -> None:
    asked = None if kind == "notification-requested" else ASKED
    letter = write(occasion(kind, asked=asked, heading="We begin"))

    page = Page.of(letter.html)

    assert page.attributes("html") == [{"lang": "en-GB", "dir": "ltr"}]
    assert page.text("title") == "A task is waiting for you"
    assert page.text("h1") == (ASKED.title if asked else "We begin")
    assert [each.get("scope") for each in page.attributes("th")] == (["row"] * 5 if asked else [])
    # A table that only lays out says so; the one left is the list of facts.
    roles = [each.get("role") for each in page.attributes("table")]
    assert roles.count(None) == (1 if asked else 0)


def test_style_stands_in_the_elements_and_dark_colours_stay_in_a_sheet() -> None:
    page = Page.of(write(occasion("task-opened")).html)

    assert [each for each in page.all if "class" in each and not each.get("style")] == []
    assert page.text("style").startswith("@media (prefers-color-scheme: dark)")
    assert {"name": "color-scheme", "content": "light dark"} in page.attributes("meta")


def test_nothing_in_a_letter_is_fetched_or_leads_anywhere() -> None:
    page = Page.of(write(occasion("task-opened", name='<img src="https://x.example/">')).html)

    assert [key for each in page.all for key in each if key in {"src", "href", "background"}] == []
    assert "url(" not in page.html
    assert "img" not in page.tags


def test_every_colour_can_be_read_on_its_ground_by_day_and_by_night() -> None:
    sheet = (TEMPLATES / "layout.html.j2").read_text("utf-8")
    day, night = sheet.split("@media")

    assert len(pairs(day)) == len(pairs(night)) == 3
    assert min(contrast(*pair) for pair in (*pairs(day), *pairs(night))) >= 4.5


def pairs(sheet: str) -> set[tuple[str, str]]:
    """Each colour of words with the ground that it stands on."""
    grounds = dict(
        re.findall(r"\.(page|command) \{[^}]*background-color: (#\w{6})", sheet.replace(", .body", ""))
    )
    words: dict[str, str] = {}
    for names, colour in re.findall(r"([^{}]*) \{[^}]*(?<![-\w])color: (#\w{6})", sheet):
        words |= {name.strip(): colour for name in names.split(",")}
    return {
        (words[".value"], grounds["page"]),
        (words[".label"], grounds["page"]),
        (words[".command"], grounds["command"]),
    }


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines measure it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


class Page(HTMLParser):
    """What a program finds in a letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[str] = []
        self.all: list[dict[str, str | None]] = []
        self._open: list[str] = []
        self._texts: list[tuple[str, str]] = []

    @classmethod
    def of(cls, html: str) -> "Page":
        page = cls(html)
        page.feed(html)
        return page

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in zip(self.tags, self.all, strict=True) if name == tag]

    def text(self, tag: str) -> str:
        return "".join(said for name, said in self._texts if name == tag).strip()

    @property
    def words(self) -> list[str]:
        said = " ".join(text for tag, text in self._texts if tag not in {"title", "style"})
        return [word for word in (each.strip(":") for each in said.split()) if word]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.all.append(dict(attrs))
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._texts.append((self._open[-1], data))
