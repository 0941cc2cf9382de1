"""The entries of a script in which people ask something of each other about a task."""

from definitions.scenarios.doing import Doing
from definitions.scenarios.expectations import Selector
from engine.definition.values import Phrase, Text


class Delegate(Doing):
    """Another is asked to do it for whoever has it."""

    delegate: Selector
    to: Text
    reason: Text


class HandBack(Doing):
    """A delegated task is with its owner again."""

    hand_back: Selector
    reason: Text | None = None


class AskTime(Doing):
    """Whoever is asked asks for a later deadline."""

    ask_for_time: Selector
    until: Phrase
    """The day: a date, or a phrase such as `5 school days after today`."""
    reason: Text


class GrantMore(Doing):
    """The time that was asked for is given; by who started the cycle unless said."""

    grant_time: Selector
    until: Phrase | None = None
    """Another day than was asked for."""
    reason: Text | None = None


class RefuseMore(Doing):
    """It is not given; by who started the cycle unless said."""

    refuse_time: Selector
    reason: Text


class Say(Doing):
    """Somebody says something about a task."""

    comment: Selector
    text: Text


class Attach(Doing):
    """Somebody says where something about a task is kept."""

    attach: Selector
    label: Text
    link: Text


class Nudge(Doing):
    """Whoever is asked is reminded; by who started the cycle unless said."""

    nudge: Selector


ASKING = ("delegate", "hand_back", "ask_for_time", "grant_time", "refuse_time", "comment", "attach", "nudge")
ASKING_MODELS = (Delegate, HandBack, AskTime, GrantMore, RefuseMore, Say, Attach, Nudge)
