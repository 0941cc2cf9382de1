"""How somebody wants to be written to, in words."""

from collections.abc import Iterator

from engine.people import Directory
from engine.register.preference_facts import PreferencesSet
from engine.wishes import Wishes
from reports.names import name
from reports.register_sentences import say

_PACES = {
    "immediate": "at once",
    "daily": "once a day, in the morning",
    "weekly": "once a week, on Monday morning",
}


@say.register
def _(fact: PreferencesSet, directory: Directory) -> str:
    return f"{name(directory, fact.person)} is written to {', '.join(in_words(fact.wishes))}"


def in_words(wishes: Wishes) -> Iterator[str]:
    """Each part, to be joined by commas or put on lines."""
    yield _PACES[wishes.pace]
    yield f"not between {wishes.quiet_from:%H:%M} and {wishes.quiet_until:%H:%M}"
    yield "not in the holidays" if wishes.hold_holidays else "in the holidays too"
    if wishes.channels:
        yield f"by {', or else '.join(wishes.channels)}"
