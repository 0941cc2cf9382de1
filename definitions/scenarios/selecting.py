"""Which task an entry means: by step or title, and by words of the member it belongs to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from definitions.scenarios.stopping import StopError
from engine.definition.program import Program
from engine.errors import UnknownNameError
from engine.playing import Cast
from engine.state import State, Task

EVERY = "every "
_SAID = re.compile(r"(?P<step>[a-z][a-z0-9_]*)(?: (?:at|of|for|in) (?P<words>.+))?")
_MEMBER = re.compile(r"\[([^\]/]*)\]")
_WORDS = re.compile(r"[^\s,]+")
_ROUND = re.compile(r"[#~](\d+)")
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A task, and the instance it is in."""

    instance: str
    task: Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """A selector, read."""

    text: str
    every: bool
    step: str | None
    title: str | None
    words: frozenset[str]

    def fits(self, state: State, task: Task) -> bool:
        """Whether it means this task."""
        named = (
            task.step == self.step if self.step else task.title.casefold() == (self.title or "").casefold()
        )
        return named and self.words <= words_of(state, task.address)


def read_selector(text: str, program: Program) -> Wanted:
    """Read a selector. Raises UnknownNameError for one word that is no step."""
    every = text.startswith(EVERY)
    said = text.removeprefix(EVERY).strip()
    found = _SAID.fullmatch(said)
    if found and found["step"] in program.steps:
        return Wanted(text, every, found["step"], None, words(found["words"] or ""))
    if found and (found["words"] or " " not in said):
        steps = [node.id for node in program.walk() if node.does.named]
        raise UnknownNameError("step", found["step"], steps)
    return Wanted(text, every, None, said, frozenset())


def words(text: str) -> frozenset[str]:
    """The words of a key, however they are joined."""
    return frozenset(word.casefold() for word in _WORDS.findall(text)) - {"and"}


def words_of(state: State, address: str) -> frozenset[str]:
    """The words of every member that an address is inside of, and of the part that its instance runs."""
    keys = _MEMBER.findall(f"{state.started.part or ''}/{address}")
    return frozenset().union(*map(words, keys))


def find_open(
    cast: Cast, wanted: Wanted, person: str | None = None, *, deferred: bool = False
) -> list[Found]:
    """Every open task that is meant, by address; of several, those that this person is asked to do.

    With `deferred` those that were put off. Raises StopError when none is, or several and not `every`.
    """
    everything = list(_deferred(cast) if deferred else cast.open_tasks())
    found = [Found(name, task) for name, task in everything if wanted.fits(cast.states[name], task)]
    if len(found) > 1 and person:
        found = [each for each in found if person in each.task.asked] or found
    if not found:
        known = _listed(f"{task.step}{member_of(cast.states[name], task)}" for name, task in everything)
        what = "deferred" if deferred else "open"
        raise StopError(f"no {what} task is meant by {wanted.text!r}; {what}: {known or 'none'}")
    if len(found) > 1 and not wanted.every:
        members = _listed(member_of(cast.states[each.instance], each.task).strip() for each in found)
        which = f"{members}, or by whose it is with `as`" if members else "by whose it is, with `as`"
        raise StopError(
            f"{wanted.text!r} means {len(found)} open tasks; say which, or 'every {wanted.text}': {which}"
        )
    return found


def _deferred(cast: Cast) -> Iterator[tuple[str, Task]]:
    for name, state in cast.states.items():
        yield from ((name, state.tasks[task]) for task in sorted(state.deferred_tasks))


def find_latest(cast: Cast, wanted: Wanted) -> list[Found]:
    """Every task that is meant, open or not, each in its last round only. None is an answer."""
    latest: dict[tuple[str, str], Found] = {}
    for name, state in cast.states.items():
        for task in sorted(state.tasks.values(), key=lambda each: _rounds(each.address)):
            if wanted.fits(state, task):
                latest[name, _ROUND.sub("", task.address)] = Found(name, task)
    return [latest[key] for key in sorted(latest)]


def _rounds(address: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _ROUND.findall(address))


def member_of(state: State, task: Task) -> str:
    """` at glenfield Y6`, or nothing where there are no members."""
    keys = _MEMBER.findall(f"{state.started.part or ''}/{task.address}")
    return f" at {' '.join(keys)}" if keys else ""


def _listed(names: Iterable[str]) -> str:
    shown = list(filter(None, dict.fromkeys(names)))
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def instances_at(cast: Cast, said: str) -> Iterator[str]:
    """The instances whose part has these words."""
    wanted = words(said)
    yield from (name for name, state in cast.states.items() if wanted <= words_of(state, ""))
