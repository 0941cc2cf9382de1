"""Every report termwise can make, by name.

To add one: write its file (facts in, figures out, a function each for terminal and page), then add its
line to `REPORTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

from pydantic import ValidationError
from rich.console import RenderableType

from engine.access.sight import Sight
from engine.errors import InvalidInputError, UnknownNameError
from engine.model import Model
from reports import html, terminal
from reports.cycle import Cycle
from reports.moderation import ModerationInput
from reports.moderation_agreement import moderation_agreement
from reports.moderation_facts import moderation_facts
from reports.suppression import suppressed

Facts = TypeVar("Facts", bound=Model)
Figures = TypeVar("Figures", bound=Model)


@dataclass(frozen=True)
class Report:
    """A finished report: its figures, and the ways to read them. Each is rendered when asked for."""

    figures: Model
    terminal: Callable[[], RenderableType]
    html: Callable[[], str]

    def json(self) -> str:
        """Return the figures, unrounded."""
        return self.figures.model_dump_json(indent=2)


class Maker(Protocol):
    """Makes a report of facts."""

    def __call__(self, given: object, much: Sight = Sight.ALL) -> Report: ...


@dataclass(frozen=True)
class ReportKind:
    """A report that can be made: what it is, the facts it needs and how to make it."""

    summary: str
    facts: type[Model]
    gather: Callable[[Cycle], Model]
    """What the log of a cycle says, as those facts."""
    make: Maker
    """Takes the facts, as the model or as plain data, and how much its reader may see of them: who may not see the
    answers is told no small numbers. Raises InvalidInputError when they do not fit."""


def kind(  # noqa: PLR0913, PLR0917 - one for each part of a report
    facts: type[Facts],
    gather: Callable[[Cycle], Facts],
    build: Callable[[Facts], Figures],
    terminal: Callable[[Figures], RenderableType],
    html: Callable[[Figures], str],
    suppress: Callable[[Figures], Figures],
) -> ReportKind:
    """Join the parts of a report; the type checker sees that each fits the next."""

    def make(given: object, much: Sight = Sight.ALL) -> Report:
        try:
            figures = build(facts.model_validate(given))
        except ValidationError as wrong:
            raise InvalidInputError(_problem(*each["loc"], each["msg"]) for each in wrong.errors()) from None
        if much < Sight.ANSWERS:
            figures = suppress(figures)
        return Report(figures, lambda: terminal(figures), lambda: html(figures))

    return ReportKind((build.__doc__ or "").partition("\n")[0], facts, gather, make)


def report_kind(name: str) -> ReportKind:
    """Find a kind of report. Raises UnknownNameError, naming the nearest."""
    if name not in REPORTS:
        raise UnknownNameError("report", name, REPORTS)
    return REPORTS[name]


def _problem(*parts: object) -> str:
    *where, message = map(str, parts)
    return f"{'.'.join(where)}: {message}" if where else message


REPORTS: Mapping[str, ReportKind] = MappingProxyType(
    {
        "moderation-agreement": kind(
            ModerationInput,
            moderation_facts,
            moderation_agreement,
            terminal.moderation,
            html.moderation,
            suppressed,
        ),
    }
)
