"""Where an instance stands: the steps that are open, with those around them, in its own version's words."""

from collections.abc import Iterator

from engine import addresses
from engine.definition.program import Block, Node, Program
from engine.state import State


def open_steps(state: State) -> list[str]:
    """The addresses of the steps at which something is open: a task, a wait, a call, whatever runs by itself."""
    found = {state.tasks[task].address for task in state.unfinished}
    found |= {*state.waits, *state.calls}
    found |= {run.address for run in state.runs.values() if not run.began}
    found |= {addresses.owner_of(part) for part in state.children.values()}
    return sorted(found)


def around(address: str) -> Iterator[str]:
    """The address of the step itself, then of each step around it."""
    yield address
    while block := addresses.block_of(address):
        address = addresses.owner_of(block)
        yield address


def standing(state: State) -> dict[str, str]:
    """Every step that has begun and is not finished, by name, with one of its addresses."""
    found: dict[str, str] = {}
    if state.started.part:
        part = addresses.owner_of(state.started.part)
        found[addresses.name_of(part)] = part
    for leaf in open_steps(state):
        for address in around(leaf):
            found.setdefault(addresses.name_of(address), address)
    return found


def passed(program: Program, name: str) -> tuple[set[str], set[str]]:
    """What comes before a step in its block, and what comes after it: names, and what is set."""
    node = program.steps[name]
    return _keys(node.block, 0, node.index), _keys(node.block, node.index + 1, len(node.block.steps))


def _keys(block: Block, start: int, end: int) -> set[str]:
    return {key for node in block.steps[start:end] for key in _key(node)}


def _key(node: Node) -> tuple[str, ...]:
    """A step's name in both versions: one that has none of its own is known by what it sets."""
    given = getattr(node.spec, node.kind)
    return (given,) if isinstance(given, str) else tuple(given)
