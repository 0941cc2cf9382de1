"""Whether a running instance may move to another version of its definition, calendar or directory, and why not."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from engine import addresses
from engine.definition.declared import at_start
from engine.definition.program import Program
from engine.errors import InvalidInputError, TermwiseError
from engine.model import Model
from engine.starting import added_inputs, resolve_inputs
from engine.state import State
from engine.versions.differences import Change, differences
from engine.versions.standing import passed, standing
from engine.world import World


class Move(Model):
    """What moving an instance would come to."""

    reasons: tuple[str, ...] = ()
    """Why it cannot move; it may when there is none."""
    warnings: tuple[str, ...] = ()
    """What whoever moves it should know."""
    inputs: dict[str, JsonValue] = {}
    """Inputs that the new version has besides, with their defaults."""
    values: dict[str, JsonValue] = {}
    """Values that the new version has besides, with what they begin with."""

    @property
    def possible(self) -> bool:
        """Whether the instance may move."""
        return not self.reasons


def plan(state: State, old: World, new: World, changes: Sequence[Change] | None = None) -> Move:
    """What moving would come to. `changes`, where they are known already, are those between the two definitions."""
    if changes is None:
        changes = differences(old.program.definition, new.program.definition)
    here = standing(state)
    reasons = [
        *_blocked(here, changes),
        *_gone(here, changes, new.program),
        *_stops(state, old.program, new.program),
        *_done_again(here, old.program, new.program),
    ]
    reasons += _other_kinds(state, here, changes)
    inputs, missing = _inputs(state, new)
    values, unknown = _values(state, old.program, new.program)
    reasons += [*missing, *unknown]
    if (new.calendar, new.directory) != (old.calendar, old.directory):
        reasons += _strangers(state, new)
    warnings = [*_not_done(here, old.program, new.program), *_told(state, here, changes, new.program)]
    return Move(
        reasons=tuple(dict.fromkeys(reasons)),
        warnings=tuple(dict.fromkeys(warnings)),
        inputs=inputs,
        values=values,
    )


def _blocked(here: Mapping[str, str], changes: Sequence[Change]) -> Iterator[str]:
    """Changes that no running instance survives, and those of a step that is open here."""
    for change in changes:
        if change.effect == "all":
            yield change.words
        elif change.effect == "open" and change.step in here:
            yield f"{here[change.step]} is open: {change.words}"


def _gone(here: Mapping[str, str], changes: Sequence[Change], new: Program) -> Iterator[str]:
    """What is open and has no step in the new version, where no change of a step tells it."""
    told = {change.step for change in changes if change.what == "removed" and not change.part}
    known = new.steps.keys() | {node.id for node in new.handlers.values()} | told
    yield from (
        f"{address} is open: there is no such step" for name, address in here.items() if name not in known
    )


def _stops(state: State, old: Program, new: Program) -> Iterator[str]:
    """Clocks that stand still must be able to go on by what was said would start them."""
    for stop in sorted(state.stops.values(), key=lambda each: each.key):
        before, after = (each.definition.on.get(stop.event) for each in (old, new))
        if after is None or (before and before.until != after.until):
            yield f"the clock stands still for {stop.event}, and what starts it again has changed"


def _done_again(here: Mapping[str, str], old: Program, new: Program) -> Iterator[str]:
    for name, address in here.items():
        if name in new.steps and name in old.steps:
            before, after = passed(new, name)
            # What sets a value has no name: where one still comes before, the one after it is another.
            for again in sorted(passed(old, name)[0] & after - before):
                yield f"{again} was done already, and now comes after {address}: it would be done twice"


def _not_done(here: Mapping[str, str], old: Program, new: Program) -> Iterator[str]:
    for name, address in here.items():
        if name in new.steps and name in old.steps:
            for skipped in sorted(passed(new, name)[0] - passed(old, name)[0]):
                yield f"{skipped} now comes before {address}, where the work is already: it is not done here"


def _other_kinds(state: State, here: Mapping[str, str], changes: Sequence[Change]) -> Iterator[str]:
    done = {task.step for task in state.tasks.values()} | {each.step for each in state.composites.values()}
    for change in changes:
        if change.what == "changed" and not change.part and change.step in done - here.keys():
            yield f"{change.step} was done, and {change.words}: what reads it would find something else"


def _inputs(state: State, new: World) -> tuple[dict[str, JsonValue], list[str]]:
    try:
        return added_inputs(new, state.started.inputs, state.started.at), []
    except InvalidInputError as error:
        return {}, [f"the input {problem}" for problem in error.problems]


def _values(state: State, old: Program, new: Program) -> tuple[dict[str, JsonValue], list[str]]:
    """What begins with a value only now: for a part, only what its steps read."""
    known = {**state.started.inputs, **state.started.data}
    given = at_start(new.definition)
    if state.started.part is None:
        return {name: value for name, value in given.items() if name not in known}, []
    part = addresses.name_of(addresses.owner_of(state.started.part))
    if part not in old.steps or part not in new.steps:
        return {}, []
    read = new.steps[part].reads() & new.steps[part].names.keys()
    wanted = sorted(read - old.steps[part].reads() - known.keys() - new.definition.inputs.keys() - {"key"})
    fresh = {name: given[name] for name in wanted if name in given and name not in old.definition.values}
    reasons = [
        f"its steps now read {name} of the cycle it is part of, which it was not given"
        for name in wanted
        if name not in fresh
    ]
    return fresh, reasons


def _strangers(state: State, new: World) -> Iterator[str]:
    """Whom and what the new calendar and directory do not know, though the instance speaks of them."""
    try:
        given = {name: state.started.inputs.get(name) for name in new.program.definition.inputs}
        resolve_inputs(new, {name: value for name, value in given.items() if value is not None})
    except InvalidInputError as error:
        yield from (f"the input {problem}" for problem in error.problems)
    yield from unknown_in(new, state)


def unknown_in(new: World, state: State) -> Iterator[str]:
    """Whom and which schools the world does not know, though the instance speaks of them."""
    people: dict[str, str] = {}
    for task in (state.tasks[each] for each in state.unfinished):
        people.update(dict.fromkeys(task.asked, f"is asked at {task.address}"))
    for wait in sorted(state.waits.values(), key=lambda each: each.address):
        raisers = (person for awaited in wait.awaited for person in awaited.raised_by)
        people.update(dict.fromkeys(raisers, f"may end the wait {wait.address}"))
    people.update({task.done_by: f"did {task.address}" for task in state.tasks.values() if task.done_by})
    for person, does in sorted(people.items()):
        try:
            new.directory.person(person)
        except TermwiseError:
            yield f"{person} {does}, and is not in the new directory; keep people in it who have left"
    for school in state.started.schools:
        try:
            new.directory.school(school)
        except TermwiseError as error:
            yield str(error)


def _told(state: State, here: Mapping[str, str], changes: Sequence[Change], new: Program) -> Iterator[str]:
    """What changes for open steps, what stays as it was for them, and what was never asked."""
    read = frozenset[str]().union(*(node.reads() for node in new.steps.values()))
    answered = {task.step for task in state.tasks.values() if task.status == "completed"}
    for change in changes:
        if change.step in here and change.what != "moved" and change.part:
            if change.effect == "later":
                yield f"{here[change.step]} is open and stays as it was opened, although {change.words}"
            elif change.effect == "now":
                yield f"{here[change.step]} is open, and is answered in the new way: {change.words}"
        if change.what == "added" and change.part[:1] == ("form",) and change.step in answered & read:
            yield f"{change.step} was answered before {change.words}, and later steps read it"
