"""Addresses of steps in a running instance.

judge                             a step of the process
cohorts[glenfield,Y6]/judge       inside one member of a for-each
moderate#2/packs[GLE-Y6-014]      inside the second round of a repeat
verdict?1/dialogue                inside the second case of a choice
work|0/plan                       inside the first branch of a parallel
cohorts[glenfield,Y6]/judge~2     the second time, after work was sent back
agree@p-0012                      one of several people who are all asked, each with a task of their own
"""

import re
from collections.abc import Iterator

_PASS = re.compile(r"~(\d+)$")
_SEAT = re.compile(r"@[^@/\]]*$")
_BLOCK_MARK = re.compile(r"(?:\[[^\]/]*\]|[#?|]\d+)$")
#: The last round in a block that no member stands behind.
_ROUND = re.compile(r"#(\d+)[^\[#]*$")
_UNSAFE = re.compile(r"[^A-Za-z0-9 ._,:+-]+")

ROOT = ""
MAX_KEY = 80


def step(block: str, name: str, again: int = 1) -> str:
    """The address of a step in a block; `again` counts how often rework began it, from 1."""
    place = f"{block}/{name}" if block else name
    return place if again == 1 else f"{place}~{again}"


def item(owner: str, key: str) -> str:
    """The block of one member of a for-each."""
    return f"{owner}[{key}]"


def round_of(owner: str, number: int) -> str:
    """The block of one round of a repeat."""
    return f"{owner}#{number}"


def case(owner: str, number: int) -> str:
    """The block of one case of a choice."""
    return f"{owner}?{number}"


def branch(owner: str, number: int) -> str:
    """The block of one branch of a parallel."""
    return f"{owner}|{number}"


def child(instance: str, block: str) -> str:
    """The id of the instance that runs this member: `moderation:2026-27:summer-1/submissions/ash`.

    Other than by member no two could tell apart: a later for-each, or a later round, has the same keys.
    """
    return f"{instance}/{block.replace('[', '/').replace(']', '')}"


def seat(task: str, person: str) -> str:
    """The task of one person, where several are asked for themselves."""
    return f"{task}@{person}"


def asking(address: str) -> str:
    """The step that asks, of a seat or of a step itself."""
    return _SEAT.sub("", address)


def is_seat(address: str) -> bool:
    """Whether it is the task of one of several people."""
    return asking(address) != address


def around(address: str) -> Iterator[str]:
    """The root, every block and member that a step or a block is in, and itself."""
    yield ROOT
    end = address.find("/")
    while end >= 0:
        yield address[:end]
        end = address.find("/", end + 1)
    yield address


def block_of(address: str) -> str:
    """The block a step is in."""
    return address.rpartition("/")[0]


def owner_of(block: str) -> str:
    """The step a block is inside of."""
    return _BLOCK_MARK.sub("", block)


def name_of(address: str) -> str:
    """The step's name in the definition."""
    return _PASS.sub("", asking(address).rpartition("/")[2])


def again_of(address: str) -> int:
    """How often rework began this step, from 1."""
    found = _PASS.search(asking(address))
    return int(found[1]) if found else 1


def number_of(block: str) -> int:
    """Which round of a step a block is."""
    return int(block[block.rfind("#") + 1 :])


def key_of(block: str) -> str:
    """Which member a block is."""
    return block[block.rfind("[") + 1 : -1]


def times_of(address: str) -> int:
    """How often a step is done here, from 1: since work was sent back, or in the nearest repeat around."""
    nearest = _ROUND.search(block_of(address))
    again = again_of(address)
    return again if again > 1 or nearest is None else int(nearest[1])


def scope_of(address: str) -> str:
    """The nearest block that keeps values of its own: a member of a for-each, or the instance."""
    return address[: address.rfind("]") + 1]


def outer_scope(scope: str) -> str:
    """The scope around a member's scope."""
    return scope_of(scope[: scope.rfind("[")])


def safe_key(text: str) -> str:
    """A member's key as it may stand in an address."""
    return _UNSAFE.sub("-", text).strip()[:MAX_KEY].strip() or "-"
