"""The keys of the register: whose signature is believed.

Whoever enrols a key lends somebody a voice, so it is for administrators; anybody may revoke a key of their own. What
`termwise` itself enrols comes from whoever has the database, and says so: no command from outside is in its name.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.fact import TERMWISE
from engine.reasons import given_reason
from engine.register.authority import is_administrator, name_of, require_administrator
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.key_facts import KeyEnrolled, KeyRevoked
from engine.register.order import RegisterOrder
from engine.register.register import Register
from engine.signing import SigningKey, Use, key_id, public_text, read_public

_TOO_MANY = 1000


class EnrolKey(RegisterOrder):
    """Believe what is signed with this key."""

    kind: Literal["enrol-key"] = "enrol-key"
    public: str = Field(max_length=200)
    """The public key, as `termwise keys new` prints it."""
    use: Use = "person"
    person: str | None = None
    """The one person it speaks for."""
    label: str = Field(default="", max_length=100)
    """What it is known by: `laptop in the office`."""
    since: AwareDatetime | None = None
    """From when on; at once unless said."""


class RevokeKey(RegisterOrder):
    """Believe nothing that is signed with this key from now on."""

    kind: Literal["revoke-key"] = "revoke-key"
    key: str


@decided.register
def _enrol(order: EnrolKey, register: Register, at: datetime) -> Iterable[RegisterFact]:
    if order.by != TERMWISE:
        require_administrator(register, order.by, at, "enrol a key")
    public = read_public(order.public)
    key = key_id(public)
    if key in register.keys:
        raise RefusedError(f"the key {key} was enrolled before; make another one (`termwise keys new`)")
    _refuse_wrong_use(order, register)
    if sum(each.until is None for each in register.keys.values()) >= _TOO_MANY:
        raise RefusedError(f"there are {_TOO_MANY} keys; revoke those that nobody uses")
    yield KeyEnrolled(
        at=at,
        by=order.by,
        reason=order.reason,
        key=key,
        public=public_text(public),
        use=order.use,
        person=order.person,
        label=order.label,
        since=max(order.since or at, at),
    )


def _refuse_wrong_use(order: EnrolKey, register: Register) -> None:
    if order.use == "local" and order.by != TERMWISE:
        raise NotAllowedError(
            "a local key is made by `termwise up` alone; enrol one for a person or a server"
        )
    if (order.use == "person") != (order.person is not None):
        raise RefusedError("a key speaks for one person, or is a server's: say whose it is")
    if order.person is not None and order.person not in register.people:
        raise UnknownNameError("person", order.person, register.people)


@decided.register
def _revoke(order: RevokeKey, register: Register, at: datetime) -> Iterable[RegisterFact]:
    key = register.keys.get(order.key)
    own = key is not None and key.person == order.by
    if order.by != TERMWISE and not own and not is_administrator(register, order.by, at):
        raise NotAllowedError(
            f"{name_of(register, order.by)} may not revoke this key: that is for an administrator of the trust, "
            "or for whose key it is"
        )
    if key is None:
        raise UnknownNameError("key", order.key, register.keys)
    if key.until is None:
        reason = given_reason(order.reason or "", "revoke a key")
        yield KeyRevoked(at=at, by=order.by, reason=reason, key=order.key)


@folded.register
def _enrolled(fact: KeyEnrolled, register: Register) -> Register:
    key = SigningKey(
        id=fact.key,
        public=fact.public,
        use=fact.use,
        person=fact.person,
        since=fact.since,
        label=fact.label,
    )
    return replace(register, keys=register.keys.set(fact.key, key))


@folded.register
def _revoked(fact: KeyRevoked, register: Register) -> Register:
    key = register.keys.get(fact.key)
    if key is None:
        return register
    return replace(register, keys=register.keys.set(fact.key, key.model_copy(update={"until": fact.at})))
