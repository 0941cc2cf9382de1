"""Erasing a person, and disposing of records whose time is over: what the register allows, and what it then says.

What the register cannot know (open work, who took part in what) is looked up by whoever carries the order out:
see `activities/registrar.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.errors import RefusedError, UnknownNameError
from engine.reasons import given_reason
from engine.register.authority import name_of, require_administrator
from engine.register.changing import decided, folded
from engine.register.fact import RegisterFact
from engine.register.holds import refuse_held
from engine.register.key_facts import KeyRevoked
from engine.register.order import RegisterOrder
from engine.register.record_facts import Disposed, PersonErased, RecordsDisposed, RetentionSet
from engine.register.register import Register
from engine.retention import CUSTOM, Period
from engine.schools import Key
from engine.staff import Person
from engine.timezone import local_date

#: What stands where something personal was.
ERASED = "erased"
#: The most cycles that one order disposes of.
MOST_DISPOSED = 500


class ErasePerson(RegisterOrder):
    """Make what is personal of somebody unreadable, for good."""

    kind: Literal["erase-person"] = "erase-person"
    person: str
    cycles: tuple[str, ...] = ()
    """The closed cycles in which they took part, as whoever asks has seen them."""
    whole: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    """As in `PersonErased`."""


class SetRetention(RegisterOrder):
    """Keep the records of a class for another time."""

    kind: Literal["set-retention"] = "set-retention"
    retention: Key
    period: Period


class DisposeRecords(RegisterOrder):
    """Make the content of cycles unreadable whose time is over."""

    kind: Literal["dispose-records"] = "dispose-records"
    records: tuple[Disposed, ...]


def period_of(register: Register, retention: str) -> Period | None:
    """How long records of this class are kept; None where nobody has said."""
    return register.retention.get(retention) or CUSTOM.get(retention)


def anonymous(person: Person) -> Person:
    """Who remains: an id with the posts it held, so that what was done under it can still be judged."""
    return Person(
        id=person.id,
        name=ERASED,
        email=f"{person.id}@{ERASED}.invalid",
        line_manager=person.line_manager,
        posts=person.posts,
        managed=person.managed,
    )


@decided.register
def _erase(order: ErasePerson, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "erase a person")
    if order.person not in register.people:
        raise UnknownNameError("person", order.person, register.people)
    if order.person in register.erased:
        return
    reason = given_reason(order.reason, "erase a person")
    name = name_of(register, order.person)
    refuse_held(
        register, order.person, {*order.cycles, *order.whole, *order.named}, f"what is kept of {name}"
    )
    _refuse_standing(register, order.person, name, at)
    for key in register.keys.values():
        if key.person == order.person and key.until is None:
            yield KeyRevoked(at=at, by=order.by, reason="the person is erased", key=key.id)
    yield PersonErased(
        at=at,
        by=order.by,
        reason=reason,
        person=order.person,
        cycles=order.cycles,
        whole=order.whole,
        named=order.named,
    )


def _refuse_standing(register: Register, person: str, name: str, at: datetime) -> None:
    """Refuse while the trust still counts on them."""
    today = local_date(at)
    posts = [post for post in register.people[person].posts if post.until is None or post.until >= today]
    if posts:
        raise RefusedError(
            f"{name} still holds a post ({posts[0].role}); end it first (`termwise people set`), "
            "for nobody who works here can be erased"
        )
    covers = [
        cover.id
        for cover in register.covers.values()
        if person in {cover.person, *cover.deputies} and (cover.until is None or cover.until >= today)
    ]
    if covers:
        raise RefusedError(
            f"{name} is named in cover {covers[0]}; end it first (`termwise cover end {covers[0]}`)"
        )


@decided.register
def _set(order: SetRetention, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "say how long records are kept")
    if period_of(register, order.retention) == order.period:
        return
    reason = given_reason(order.reason, "say how long records are kept")
    yield RetentionSet(at=at, by=order.by, reason=reason, retention=order.retention, period=order.period)


@decided.register
def _dispose(order: DisposeRecords, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "dispose of records")
    reason = given_reason(order.reason, "dispose of records")
    if len(order.records) > MOST_DISPOSED:
        raise RefusedError(f"at most {MOST_DISPOSED} cycles are disposed of at a time; name fewer")
    for each in order.records:
        if each.cycle in register.disposed:
            continue
        period = period_of(register, each.retention)
        kept_until = period.kept_until(each.closed) if period else None
        if period is None or kept_until is None or kept_until >= local_date(at):
            said = f"until {kept_until:%d %b %Y}" if kept_until else "for as long as nobody says otherwise"
            raise RefusedError(f"{each.cycle} is kept {said}; look at `termwise records retain` again")
        refuse_held(register, None, {each.cycle}, each.cycle)
        yield RecordsDisposed(
            at=at, by=order.by, reason=reason, disposed=each, kept_until=kept_until, period=period
        )


@folded.register
def _erased(fact: PersonErased, register: Register) -> Register:
    person = fact.person
    if person not in register.people:
        return register
    covers = register.covers
    for cover in register.covers.values():
        if person in {cover.person, *cover.deputies}:
            covers = covers.set(cover.id, cover.model_copy(update={"reason": ""}))
    absences, interests = register.absences, register.interests
    for absence in [each.id for each in absences.values() if each.person == person]:
        absences = absences.delete(absence)
    for interest in [each.id for each in interests.values() if person in {each.person, each.about}]:
        interests = interests.delete(interest)
    preferences, failing = register.preferences, register.failing
    return replace(
        register,
        people=register.people.set(person, anonymous(register.people[person])),
        covers=covers,
        absences=absences,
        interests=interests,
        preferences=preferences.delete(person) if person in preferences else preferences,
        failing=failing.delete(person) if person in failing else failing,
        erased=register.erased.set(person, fact.at),
    )


@folded.register
def _retention(fact: RetentionSet, register: Register) -> Register:
    return replace(register, retention=register.retention.set(fact.retention, fact.period))


@folded.register
def _disposed(fact: RecordsDisposed, register: Register) -> Register:
    return replace(register, disposed=register.disposed.set(fact.disposed.cycle, fact.at))
