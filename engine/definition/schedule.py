"""The grammar of a schedule: in which half terms, terms or years a process starts, on which day, with what."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from engine.definition.values import Expr, Name, Phrase
from engine.model import Model


class Schedule(Model):
    """A start in each half term, term or year of an academic year."""

    each: Literal["half-term", "term", "year"]
    """How often in an academic year."""
    within: tuple[str, ...] = Field(default=(), alias="in")
    """Only in these: `[autumn 2, spring 2]`, or for terms `[summer]`; in all of them when left out."""
    on: Phrase
    """The day: a deadline phrase over `half_term`, `term` and `year`."""
    inputs: dict[Name, Expr] = Field(default={}, alias="set")
    """The inputs it starts with: expressions over `half_term`, `term` and `year`."""


def _list(value: object) -> object:
    return [value] if isinstance(value, dict | Schedule) else value


Schedules = Annotated[
    tuple[Schedule, ...],
    BeforeValidator(_list, json_schema_input_type=Schedule | tuple[Schedule, ...]),
]
"""One schedule, or several."""
