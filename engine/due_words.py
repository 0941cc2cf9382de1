"""The words of a deadline phrase, taken one by one, and what is said where they cannot be read."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn

from engine.errors import TermwiseError


class DeadlineRuleError(TermwiseError):
    """A phrase that cannot be read. Nothing is guessed.

    `offset` is where reading failed, in characters from the start; `expected` says what may stand there.
    """

    def __init__(self, text: str, offset: int, found: str, expected: Iterable[str]) -> None:
        self.text, self.offset, self.found, self.expected = text, offset, found, tuple(expected)
        near = get_close_matches(found, self.expected, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected {' or '.join(self.expected)}"
        where = f"found {found!r} at character {offset + 1}" if found else "it stops too early"
        super().__init__(f"due rule {text!r}: {where}; {hint}")


class Words:
    """The words of a phrase, taken one by one, each with its place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [(found.start(), found.group()) for found in re.finditer(r"\S+", text)]

    @property
    def next(self) -> str:
        return self._words[0][1] if self._words else ""

    @property
    def second(self) -> str:
        return self._words[1][1] if len(self._words) > 1 else ""

    @property
    def third(self) -> str:
        return self._words[2][1] if len(self._words) > 2 else ""  # noqa: PLR2004 - the third of them

    def take(self, *choices: str) -> str:
        """The next word, which must be one of the choices if there are any."""
        if choices and self.next not in choices:
            self.fail(*map(repr, choices))
        return self._words.pop(0)[1] if self._words else ""

    def fail(self, *expected: str, words: int = 1) -> NoReturn:
        offset = self._words[0][0] if self._words else len(self._text)
        raise DeadlineRuleError(self._text, offset, " ".join(w for _, w in self._words[:words]), expected)
