"""Whether everybody a process will ask exists: every role that its inputs tell must have a holder on the day."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

from pydantic import JsonValue

from engine.definition.model import ForEachStep
from engine.definition.phrases import Who
from engine.definition.program import Node
from engine.who import LINE_MANAGER
from engine.world import World

Choices = Mapping[str, tuple[str, ...]]


def vacancies(world: World, inputs: Mapping[str, JsonValue], on: date) -> list[str]:
    """One sentence for each role that nobody holds, in the order of the definition."""
    found: dict[str, None] = {}
    for node in world.program.walk():
        known = choices(node, inputs)
        for alternatives in node.whos.values():
            found.update(dict.fromkeys(_vacant(world, alternatives, known, on)))
    return list(found)


def choices(node: Node, inputs: Mapping[str, JsonValue]) -> dict[str, tuple[str, ...]]:
    """The values that names may have at a step, as far as the inputs tell: its members' and the inputs' own."""
    known: dict[str, tuple[str, ...]] = {
        name: (value,) for name, value in inputs.items() if isinstance(value, str)
    }
    for owner in owners(node):
        over = owner.spec.over if isinstance(owner.spec, ForEachStep) else {}
        for name, text in over.items():
            members = inputs.get(text)
            if isinstance(members, list):
                known.setdefault(name, tuple(str(each) for each in members))
    return known


def owners(node: Node) -> Iterator[Node]:
    """The steps around a step, from the inside out."""
    owner = node.block.owner
    while owner is not None:
        yield owner
        owner = owner.block.owner


def _vacant(world: World, alternatives: tuple[Who, ...], known: Choices, on: date) -> Iterator[str]:
    """Where none of the alternatives has anybody. What only the running process can tell is not asked."""
    if any(who.role in {None, LINE_MANAGER} for who in alternatives):
        return
    names = sorted({name for who in alternatives for name, _ in who.reads if name in known})
    for values in product(*(known[name] for name in names)):
        here = dict(zip(names, values, strict=True))
        if not any(_holders(world, who, here, on) for who in alternatives):
            yield f"nobody is {' or '.join(_said(world, who, here) for who in alternatives)}"


def _holders(world: World, who: Who, here: Mapping[str, str], on: date) -> tuple[str, ...]:
    def read(name: str | None) -> str | None:
        return here.get(name) if name else None

    return world.directory.holders(who.role or "", on, read(who.at), read(who.of), read(who.subject))


def _said(world: World, who: Who, here: Mapping[str, str]) -> str:
    scope = [here[name] for name in (who.of, who.subject) if name and name in here]
    school = f" at {world.directory.school(here[who.at]).name}" if who.at and who.at in here else ""
    return f"{who.role}{''.join(f' of {each}' for each in scope)}{school}"
