"""The short phrases of a definition: for whom a task is.

`headteacher at school`, `class-teacher of year_group at school`, `english-lead at pair.adjudicator`,
`the person item.teacher`, and alternatives joined by `or`.
"""

import re
from functools import lru_cache

from engine.errors import TermwiseError
from engine.model import Model

_EXPR = r"[A-Za-z_][\w.]*(?:\[\d+\])?"
_ROLE = re.compile(
    rf"(?P<role>[a-z][a-z-]*)(?: of (?P<of>{_EXPR}))?(?: for (?P<subject>{_EXPR}))?(?: at (?P<at>{_EXPR}))?"
)
_PERSON = re.compile(rf"the person (?P<person>{_EXPR})")
_FORMS = "`ROLE`, `ROLE at SCHOOL`, `ROLE of YEAR_GROUP at SCHOOL` or `the person NAME`, joined by `or`"


class PhraseError(TermwiseError):
    """A phrase that cannot be read; `offset` counts characters from 0."""

    def __init__(self, message: str, offset: int) -> None:
        self.offset = offset
        super().__init__(message)


class Who(Model):
    """One alternative: a role in a scope, or a person named by a value."""

    role: str | None = None
    of: str | None = None
    subject: str | None = None
    at: str | None = None
    person: str | None = None
    reads: tuple[tuple[str, int], ...] = ()
    """The value names it reads, each with its place in the phrase."""

    @property
    def title(self) -> str:
        """In words, for lists and boards: the role, or whose value names the person."""
        return self.role or f"the person {self.person}"


@lru_cache(maxsize=2048)
def parse_who(text: str) -> tuple[Who, ...]:
    """Read the phrase. Raises PhraseError where reading failed."""
    found: list[Who] = []
    offset = 0
    for part in text.split(" or "):
        match = _PERSON.fullmatch(part) or _ROLE.fullmatch(part)
        if not match:
            raise PhraseError(f"cannot read who {part!r}; expected {_FORMS}", offset)
        reads = tuple(
            (match[name], offset + match.start(name)) for name in match.groupdict() if name != "role"
        )
        found.append(Who(**match.groupdict(), reads=tuple(each for each in reads if each[0])))
        offset += len(part) + len(" or ")
    return tuple(found)
