"""Several things in one letter: what somebody chose to hear of together, and what waited while they were away."""

from collections.abc import Iterator, Sequence
from typing import Literal
from uuid import UUID, uuid5

from activities.channels import Letter, Line
from activities.inlining import inlined
from activities.letters import THREADS, Occasion, render
from engine.dates import say_day
from engine.model import Model

Section = Literal["late", "asked", "others", "news"]
#: In the order in which they are read.
_TITLES: dict[Section, str] = {
    "late": "Late",
    "asked": "Waiting for you",
    "others": "Asked of others, and late",
    "news": "For you to know",
}
#: Why things were kept, and what the letter calls itself and says then.
_OPENINGS = {
    "holiday": (
        "When you are back",
        "While school was out or you were away, this came for you. It could wait.",
    ),
    "address": (
        "What waited for you",
        "Mail to you came back. Now that it arrives again, this is what waited.",
    ),
    "night": ("This came overnight", "This came for you overnight."),
    "daily": ("Your day", "This is what has come for you since the last school morning."),
    "weekly": ("Your week", "This is what has come for you since last week."),
}


class Item(Model):
    """One thing, and where in the letter it belongs."""

    section: Section
    occasion: Occasion


class Digest(Model):
    """What goes together to one person."""

    message_id: UUID
    """That of the first: the same at every try."""
    held: str
    """Why it was kept."""
    items: tuple[Item, ...]
    """At least one, in the order in which things happened."""


class Entry(Model):
    """One thing as it is read."""

    title: Line
    about: Line
    """School and day, or the cycle."""
    words: str = ""
    command: str


def write_digest(digest: Digest) -> Letter:
    """The letter: each task once, however often it was spoken of. The same for the same digest."""
    first = digest.items[0].occasion
    items = _merged(digest.items)
    matter, opening = _OPENINGS.get(digest.held, _OPENINGS["daily"])
    sections = [
        (title, [_entry(each) for each in items if each.section == section])
        for section, title in _TITLES.items()
    ]
    parts = {
        "name": first.name,
        "trust": first.trust,
        "title": matter,
        "opening": opening,
        "sections": [(title, entries) for title, entries in sections if entries],
    }
    count = len(items)
    return Letter(
        message_id=digest.message_id,
        thread=uuid5(THREADS, f"digest:{first.recipient}"),
        kind="digest",
        recipient=first.recipient,
        name=first.name,
        email=first.email,
        subject=f"{matter}: {count} {'thing' if count == 1 else 'things'}",
        text=render("digest.txt.j2", **parts),
        html=inlined(render("digest.html.j2", **parts)),
    )


def _merged(items: Sequence[Item]) -> list[Item]:
    """Of what is said about one task only the latest: it is read as it stands now."""
    latest: dict[object, Item] = {}
    for item in items:
        asked = item.occasion.asked
        key = (item.section, asked.task) if asked and item.section != "news" else item.occasion.message_id
        latest.pop(key, None)
        latest[key] = item
    return list(latest.values())


def _entry(item: Item) -> Entry:
    occasion, asked = item.occasion, item.occasion.asked
    if asked is None:
        body = occasion.parameters.get("body")
        return Entry(
            title=occasion.heading or occasion.matter,
            about=occasion.cycle,
            words=body if isinstance(body, str) else "",
            command=f"termwise show {occasion.instance}",
        )
    title = asked.title if item.section != "news" else f"{occasion.matter}: {asked.title}"
    return Entry(
        title=title,
        about="; ".join(_about(item)),
        words=_words(occasion),
        command=f"termwise tasks show {asked.task}",
    )


def _words(occasion: Occasion) -> str:
    """What somebody wrote to explain it."""
    said = occasion.parameters.get("text")
    if isinstance(said, str):
        return said
    reason = occasion.reason or occasion.parameters.get("reason")
    return f"The reason given: {reason}" if reason else ""


def _about(item: Item) -> Iterator[str]:
    asked = item.occasion.asked
    if asked is None:
        return
    yield asked.school or item.occasion.cycle
    if asked.due_on:
        yield f"{'was due' if asked.late else 'due'} {say_day(asked.due_on)}"
    if item.occasion.covers_for:
        yield f"you cover for {item.occasion.covers_for}"
    if item.section == "others":
        yield f"asked of {', '.join(asked.people)}"
