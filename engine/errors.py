"""One tree of errors. Each message says what was wrong, what was expected and how to mend it."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_NAME = 100
_MOST_TOLD = 12


class TermwiseError(Exception):
    """Something a person can put right. Shown in one sentence, never as a traceback."""

    #: What a script can match on; the class name unless a subclass says otherwise.
    code: str = "error"

    def __init_subclass__(cls) -> None:
        cls.code = (
            "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__)
            .strip("-")
            .removesuffix("-error")
        )


class RefusedError(TermwiseError):
    """A command the rules do not allow now. Nothing was changed; sending it again gives the same answer."""


class NotAllowedError(RefusedError):
    """The person does not hold the role, or has a conflict, for what was asked."""


class UnknownNameError(RefusedError):
    """A name that stands for nothing here."""

    def __init__(self, what: str, name: str, known: Iterable[str], of: str = "") -> None:
        choices = sorted(known)
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        near = get_close_matches(name, choices, n=1)
        more = f" and {len(choices) - _MOST_TOLD} more" if len(choices) > _MOST_TOLD else ""
        known_here = f"known: {', '.join(choices[:_MOST_TOLD]) or 'none'}{more}"
        hint = f"did you mean {near[0]!r}?" if near else known_here
        super().__init__(f"there is no {what} {name!r}{f' in {of}' if of else ''}; {hint}")


class BrokenRuleError(RefusedError):
    """A rule of the definition failed on the values it met, so the instance cannot go on this way."""


class InvalidInputError(RefusedError):
    """Values that do not fit the form or the declared inputs; every problem is listed, one a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
