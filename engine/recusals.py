"""Who has stepped back from a task: kept out of its later rounds too."""

import re

from engine import addresses
from engine.copying import replace
from engine.state import State

_ROUND = re.compile(r"[#~]\d+")


def matter(address: str) -> str:
    """The task whichever round it is in, and whichever of several people is asked."""
    return _ROUND.sub("", addresses.asking(address))


def has_stepped_back(state: State, address: str, person: str) -> bool:
    """Whether the person has declared an interest in the task, in this round or before."""
    return bool(state.recused) and person in state.recused.get(matter(address), ())


def with_recusal(state: State, address: str, person: str) -> State:
    """The state in which the person has stepped back."""
    before = state.recused.get(matter(address), ())
    recused = state.recused.set(matter(address), tuple(sorted({*before, person})))
    return replace(state, recused=recused)
