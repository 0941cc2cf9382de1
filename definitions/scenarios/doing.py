"""What every entry of a script may say, and those in which somebody does something."""

from typing import Annotated

from pydantic import Field, StringConstraints

from definitions.scenarios.expectations import Expect
from engine.definition.values import Phrase, Text
from engine.model import Model

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day on the trust's clocks: `14:30`."""


class Moment(Model):
    """What every entry of a script may say."""

    on: Phrase | None = None
    """The day: `2027-05-10`, `3 school days after today`, `2 school days before session`. Time passes until then."""
    at: Clock | None = None
    """The time on that day; noon unless said."""
    expect: Expect | None = None
    """What must be so after it."""


class Doing(Moment):
    """What every entry may say in which somebody does something."""

    by: Text | None = Field(default=None, alias="as")
    """Who, by name, id or e-mail address. Left out: the first of those who are asked."""
    refused: Text | None = None
    """It must be refused, and these words must stand in the answer."""
