"""Which task an entry means: by step or title, and by words of the member it belongs to."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from definitions.scenarios.stopping import StopError
from definitions.scenarios.tested import Step, Tested
from engine.errors import UnknownNameError
from engine.playing import Cast
from engine.state import Task

EVERY = "every "
_SAID = re.compile(r"(?P<step>[a-z][a-z0-9_]*)(?: (?:at|of|for|in) (?P<words>.+))?")
_MEMBER = re.compile(r"\[([^\]/]*)\]")
_WORDS = re.compile(r"[^\s,]+")
_ROUND = re.compile(r"[#~](\d+)")
_SHOWN = 6
#: Words that only join others.
_JOINING = frozenset({"and", "at", "of", "for", "in"})


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
    steps: tuple[Step, ...]
    """What its step stands for; nothing where it names a title."""
    title: str
    words: frozenset[str]

    def fits(self, cast: Cast, found: Found) -> bool:
        """Whether it means this task."""
        task, process = found.task, cast.states[found.instance].started.process
        named = (
            (process, task.step) in self.steps
            if self.steps
            else task.title.casefold() == self.title.casefold()
        )
        return named and self.words <= words_of(cast, found.instance, task.address)


def read_selector(text: str, tested: Tested) -> Wanted:
    """Read a selector. Raises UnknownNameError for one word that is no step."""
    every = text.startswith(EVERY)
    said = text.removeprefix(EVERY).strip()
    found = _SAID.fullmatch(said)
    if found:
        step, others = found["step"], words(found["words"] or "")
        process = next((word for word in sorted(others) if tested.meant(step, word)), "")
        if steps := tested.meant(step, process):
            return Wanted(text, every, tuple(steps), "", others - {process})
        if others or " " not in said:
            raise UnknownNameError("step", step, tested.names())
    return Wanted(text, every, (), said, frozenset())


def words(text: str) -> frozenset[str]:
    """The words of a key, however they are joined."""
    return frozenset(word.casefold() for word in _WORDS.findall(text)) - _JOINING


def words_of(cast: Cast, instance: str, address: str = "") -> frozenset[str]:
    """The words of every member around an address, of the part that its instance runs, and of the cycle that is run."""
    state = cast.states[instance]
    keys = _MEMBER.findall(f"{state.started.part or ''}/{address}")
    return frozenset().union(words(run_of(cast, instance)), *map(words, keys))


def run_of(cast: Cast, instance: str) -> str:
    """`visit ash`, where an instance belongs to a cycle that another runs; else nothing."""
    root = cast.states[instance].started.root
    return root.replace(":", " ") if cast.states[root].started.run_at else ""


def find_open(
    cast: Cast, wanted: Wanted, person: str | None = None, *, deferred: bool = False
) -> list[Found]:
    """Every open task that is meant, by address; of several, those that this person is asked to do.

    With `deferred` those that were put off. Raises StopError when none is, or several and not `every`.
    """
    everything = list(_deferred(cast) if deferred else cast.open_tasks())
    found = [Found(name, task) for name, task in everything if wanted.fits(cast, Found(name, task))]
    if len(found) > 1 and person:
        found = [each for each in found if person in each.task.asked] or found
    if not found:
        known = _listed(f"{task.step}{member_of(cast, name, task)}" for name, task in everything)
        what = "deferred" if deferred else "open"
        raise StopError(f"no {what} task is meant by {wanted.text!r}; {what}: {known or 'none'}")
    if len(found) > 1 and not wanted.every:
        members = _listed(member_of(cast, each.instance, each.task).strip() for each in found)
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
            if wanted.fits(cast, Found(name, task)):
                latest[name, _ROUND.sub("", task.address)] = Found(name, task)
    return [latest[key] for key in sorted(latest)]


def _rounds(address: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _ROUND.findall(address))


def member_of(cast: Cast, instance: str, task: Task) -> str:
    """` at glenfield Y6`, ` of visit ash`, or nothing where there is nothing to tell it by."""
    run, part = run_of(cast, instance), cast.states[instance].started.part or ""
    keys = _MEMBER.findall(f"{part}/{task.address}")
    return (f" of {run}" if run else "") + (f" at {' '.join(keys)}" if keys else "")


def _listed(names: Iterable[str]) -> str:
    shown = list(filter(None, dict.fromkeys(names)))
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def find_for_each(cast: Cast, steps: Collection[Step], said: str | None) -> tuple[str, str]:
    """The one for-each of these steps that runs, with these words around it: its instance, and its address there.

    Raises StopError.
    """
    wanted = words(said or "")
    found = [
        (name, address)
        for name, state in cast.states.items()
        for address, composite in sorted(state.composites.items())
        if (state.started.process, composite.step) in steps
        and composite.open
        and wanted <= words_of(cast, name, address)
    ]
    if not found:
        raise StopError("it does not run now, or not there")
    if len(found) > 1:
        raise StopError(f"it runs in {len(found)} places; say which with `where`")
    return found[0]


def instances_at(cast: Cast, said: str) -> Iterator[str]:
    """The instances whose part, or whose own cycle, has these words; of one within another the outer."""
    wanted = words(said)
    found = {name: each for name in cast.states if wanted <= (each := words_of(cast, name))}
    fewest = min(map(len, found.values()), default=0)
    yield from (name for name, each in found.items() if len(each) == fewest)
