"""How people want to be written to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.errors import NotAllowedError
from engine.register.authority import is_administrator, name_of
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.preference_facts import PreferencesSet
from engine.register.register import Register
from engine.wishes import CUSTOM, Wishes


class SetPreferences(RegisterOrder):
    """Write to a person like this: all of it, in place of what they chose before."""

    kind: Literal["set-preferences"] = "set-preferences"
    person: str
    wishes: Wishes


@decided.register
def _set(order: SetPreferences, register: Register, at: datetime) -> Iterable[RegisterFact]:
    register.directory.person(order.person)
    if order.by != order.person and not is_administrator(register, order.by, at):
        raise NotAllowedError(
            f"{name_of(register, order.by)} may not choose how {name_of(register, order.person)} is written to: "
            "that is for themselves, or an administrator of the trust"
        )
    if register.preferences.get(order.person, CUSTOM) != order.wishes:
        yield PreferencesSet(
            at=at, by=order.by, reason=order.reason, person=order.person, wishes=order.wishes
        )


@folded.register
def _was_set(fact: PreferencesSet, register: Register) -> Register:
    return replace(register, preferences=register.preferences.set(fact.person, fact.wishes))
