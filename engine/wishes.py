"""How somebody wants to be written to."""

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.model import Model

Pace = Literal["immediate", "daily", "weekly"]


class Wishes(Model):
    """How somebody wants to be written to. What is not chosen is the trust's custom."""

    pace: Pace = "immediate"
    """`daily` is one letter each school morning, `weekly` one on Monday morning."""
    channels: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")], ...] = ()
    """The first of these that is set up carries the letters; none chosen: the trust's own."""
    quiet_from: time = time(18)
    quiet_until: time = time(7)
    """Between the two no letter goes."""
    hold_holidays: bool = True
    """Whether letters wait on days when their school is closed to staff."""

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        if not time(16) <= self.quiet_from <= time(22):
            raise ValueError(f"quiet hours begin between 16:00 and 22:00, not at {self.quiet_from:%H:%M}")
        if not time(5) <= self.quiet_until <= time(10):
            raise ValueError(f"quiet hours end between 05:00 and 10:00, not at {self.quiet_until:%H:%M}")
        return self


CUSTOM = Wishes()
"""Of whoever has chosen nothing."""
