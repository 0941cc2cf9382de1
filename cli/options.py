"""What every command takes, and what a command that acts takes besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from engine.errors import TermwiseError

Flag = Annotated[bool, Parameter(negative=(), show_default=False)]
"""A switch that is off unless it is named."""
Pairs = Annotated[tuple[str, ...], Parameter(name="--set", help="A value as name=value; as often as needed.")]
"""Values for inputs or questions."""


class UsageError(TermwiseError):
    """A command line that cannot be understood."""


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """Every command's."""

    json: Flag = False
    """Write JSON to standard output, for programs."""


PLAIN = Options()


@Parameter(name="*")
@dataclass(frozen=True)
class ActingOptions:
    """Those of a command that somebody carries out."""

    as_: Annotated[str | None, Parameter(name="--as", env_var="TERMWISE_AS")] = None
    """The person who acts or reads: an id, a name or an e-mail address."""
    json: Flag = False
    """Write JSON to standard output, for programs."""


UNSAID = ActingOptions()
Known = Annotated[
    date | None,
    Parameter(
        name=("--known-on", "--as-known-on"),
        help="As it was known at the end of this day, before what was recorded or corrected later.",
    ),
]


@Parameter(name="*")
@dataclass(frozen=True)
class Then:
    """Those of a command that can look back."""

    known_on: Known = None
    as_of: Annotated[
        date | None,
        Parameter(help="What had happened by the end of this day, as is known now, or was with --known-on."),
    ] = None


NOW = Then()


def pairs(given: Iterable[str]) -> dict[str, str]:
    """`["a=1", "b=x=y"]` as a mapping. Raises UsageError."""
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"cannot read --set {pair!r}; write it as name=value, such as subject=writing")
        if name.strip() in found:
            raise UsageError(f"--set gives {name.strip()!r} twice; give it once")
        found[name.strip()] = value.strip()
    return found
