"""What each subject of the register adds: how its orders are decided, and how its facts are folded.

A subject is a module that registers its functions here; `engine/register/subjects.py` lists them.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch

from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register


@singledispatch
def decided(order: RegisterOrder, register: Register, at: datetime) -> Iterable[RegisterFact]:
    """The facts that follow from the order; none when nothing changes. Raises RefusedError or a kind of it."""
    del register, at
    raise TypeError(f"no subject of the register decides {type(order).__name__}")


@singledispatch
def folded(fact: RegisterFact, register: Register) -> Register:
    """The register with the fact in it; its version is counted elsewhere. Total: any log can be folded."""
    del register
    raise TypeError(f"no subject of the register folds {type(fact).__name__}")
