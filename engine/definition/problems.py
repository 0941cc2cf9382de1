"""What can be wrong with a definition, and where: collected, so that a person sees everything at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.errors import TermwiseError, UnknownNameError

Path = tuple[str | int, ...]
#: More problems than anybody mends at once; each looks for the nearest name, which takes time.
MAX_TOLD = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (path of keys and positions, characters into the text), and what."""

    path: Path
    message: str
    offset: int = 0
    at_key: bool = False
    """Whether the key at that place is meant, rather than what stands there."""
    rule: str = "invalid"
    """Which check found it; see `engine/definition/checks/all.py`."""
    warning: bool = False
    """Whether the definition can be used all the same."""


class EnoughError(Exception):
    """So much is wrong that no more is looked for."""


class DefinitionError(TermwiseError):
    """A definition that cannot be used. Every problem is listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{'.'.join(map(str, p.path))}: {p.message}" for p in problems))


@dataclass(slots=True)
class Problems:
    """The list, while a definition is being compiled. Every method raises EnoughError when it is full."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str, offset: int = 0) -> None:
        """Something about the value at this place."""
        self._add(Problem(path, message, offset))

    def add_name(self, path: Path, message: str) -> None:
        """Something about the key at this place."""
        self._add(Problem(path, message, at_key=True))

    def unknown(self, path: Path, what: str, name: str, known: Iterable[str], offset: int = 0) -> None:
        """A name that stands for nothing; the nearest that would is suggested."""
        self.add(path, str(UnknownNameError(what, name, known)), offset)

    def _add(self, problem: Problem) -> None:
        self.found.append(problem)
        if len(self.found) >= MAX_TOLD:
            raise EnoughError
