"""The register of interests: what people have declared, and for how long it holds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from engine.errors import RefusedError, UnknownNameError
from engine.interests import Interest, InterestType
from engine.register.answering import last_day, may_read, refuse_backwards, require_answering
from engine.register.changing import decided, folded
from engine.register.cover_facts import InterestDeclared, InterestWithdrawn
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register
from engine.schools import Key
from engine.timezone import local_date
from engine.year_groups import YearGroup


class DeclareInterest(RegisterOrder):
    """Say whom or what a person could not judge."""

    kind: Literal["declare-interest"] = "declare-interest"
    person: str
    type: InterestType
    about: str | None = None
    """The person it is about, where that is somebody here."""
    school: Key | None = None
    year_group: YearGroup | None = None
    class_name: str | None = None
    note: str = ""
    since: date
    last: date | None = None


class WithdrawInterest(RegisterOrder):
    """It holds no more, from today on unless a last day is given."""

    kind: Literal["withdraw-interest"] = "withdraw-interest"
    interest: str
    last: date | None = None


@decided.register
def _declare(order: DeclareInterest, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_answering(register, order.by, order.person, at, "declare the interest")
    if order.about is not None and register.directory.person(order.about).id == order.person:
        raise RefusedError("nobody judges themselves anyway; say about whom else the interest is")
    if order.about is None and order.school is None:
        raise RefusedError("say what the interest is in: a person, or a school")
    if order.school is not None:
        register.directory.school(order.school)
    elif order.year_group or order.class_name:
        raise RefusedError("a year group and a class are those of a school; name the school")
    refuse_backwards(order.since, order.last, "the interest")
    interest = Interest(
        id=f"i-{register.version + 1}",
        person=order.person,
        type=order.type,
        about=order.about,
        school=order.school,
        year_group=order.year_group,
        class_name=order.class_name,
        note=order.note,
        since=order.since,
        until=order.last,
    )
    # Without a reason: the story of the register is read by others.
    yield InterestDeclared(at=at, by=order.by, interest=interest)


@decided.register
def _withdraw(order: WithdrawInterest, register: Register, at: datetime) -> Iterable[RegisterFact]:
    if order.interest not in register.interests:
        raise UnknownNameError("interest", order.interest, _readable(register, order.by, at))
    interest = register.interests[order.interest]
    require_answering(register, order.by, interest.person, at, "withdraw the interest")
    last = last_day(interest.since, interest.until, order.last, at, f"interest {interest.id}")
    yield InterestWithdrawn(at=at, by=order.by, interest=interest.id, last=last)


def _readable(register: Register, reader: str, at: datetime) -> Iterable[str]:
    """Whose the others are is nobody's business."""
    directory, today = register.directory, local_date(at)
    return (
        each.id for each in register.interests.values() if may_read(directory, reader, each.person, today)
    )


@folded.register
def _declared(fact: InterestDeclared, register: Register) -> Register:
    return replace(register, interests=register.interests.set(fact.interest.id, fact.interest))


@folded.register
def _withdrawn(fact: InterestWithdrawn, register: Register) -> Register:
    ended = register.interests[fact.interest].model_copy(update={"until": fact.last})
    return replace(register, interests=register.interests.set(fact.interest, ended))
