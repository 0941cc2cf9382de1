"""What other distributions bring, as their entry points announce it. Nothing is loaded before it is asked for.

They need not import termwise, and termwise names none of them. What each group holds is read where it is used:
definitions here, activities and channels in `workers/plugins.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Literal, TypeVar

from engine.errors import TermwiseError

Group = Literal["termwise.definitions", "termwise.activities", "termwise.channels"]
#: Who brings what comes with termwise.
OURSELVES = "termwise"
T = TypeVar("T")


class PluginError(TermwiseError):
    """A plug-in that cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One entry point of an installed distribution."""

    name: str
    distribution: str
    """With its version: `reading-ages 1.0`."""
    entry: EntryPoint

    def load(self) -> object:
        """What it stands for. Raises PluginError, whatever goes wrong in the plug-in."""
        try:
            loaded: object = self.entry.load()
        except (Exception, SystemExit) as error:
            raise self.unusable(f"fails with {type(error).__name__}: {error}") from error
        return loaded

    def unusable(self, why: str) -> PluginError:
        """The error that says what is wrong with it, and whose it is."""
        what = f"{self.entry.group} {self.name!r} ({self.entry.value})"
        return PluginError(
            f"the plug-in {self.distribution} cannot be used: its {what} {why}; mend it, or uninstall it"
        )


@cache
def announced(group: Group) -> tuple[Announced, ...]:
    """Everything of this group that is installed, by name. Read once: what is installed later needs a new process."""
    found = (
        Announced(entry.name, f"{entry.dist.name} {entry.dist.version}" if entry.dist else "?", entry)
        for entry in entry_points(group=group)
    )
    return tuple(sorted(found, key=lambda each: (each.name, each.distribution)))


def without_clashes(what: str, named: Iterable[tuple[str, str, T]]) -> dict[str, tuple[str, T]]:
    """By name: who brings it, and what it is. Raises PluginError when two bring the same name."""
    found: dict[str, tuple[str, T]] = {}
    for name, distribution, value in named:
        if name in found:
            raise PluginError(
                f"{found[name][0]} and {distribution} both have {what} {name!r}; rename one of them, "
                "or uninstall one of the two"
            )
        found[name] = (distribution, value)
    return found


def definition_folders() -> list[tuple[str, Path]]:
    """Every folder with folders of definitions in it, with who brings it. Raises PluginError."""
    return [(each.distribution, _folder(each)) for each in announced("termwise.definitions")]


def _folder(announced: Announced) -> Path:
    loaded = announced.load()
    places = list(getattr(loaded, "__path__", [])) or [loaded]
    if isinstance(places[0], str | Path) and Path(places[0]).is_dir():
        return Path(places[0])
    raise announced.unusable("is no folder; let it name the package whose folder holds the definitions")
