"""Cover in the register: who stands in for whom, from when to when."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from engine.covering import Cover
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.people import Directory
from engine.register.answering import HEAD, last_day, refuse_backwards, require_answering
from engine.register.authority import is_administrator, name_of
from engine.register.changing import decided, folded
from engine.register.cover_facts import CoverEnded, CoverSet
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register
from engine.schools import Key
from engine.timezone import local_date


class SetCover(RegisterOrder):
    """Let deputies stand in for a person, or for whoever holds a role at a school."""

    kind: Literal["set-cover"] = "set-cover"
    person: str | None = None
    role: Key | None = None
    school: Key | None = None
    deputies: Annotated[tuple[str, ...], Field(min_length=1)]
    since: date
    last: date | None = None
    together: bool = False
    processes: tuple[Key, ...] = ()


class EndCover(RegisterOrder):
    """End a cover, from today on unless a last day is given."""

    kind: Literal["end-cover"] = "end-cover"
    cover: str
    last: date | None = None


@decided.register
def _set(order: SetCover, register: Register, at: datetime) -> Iterable[RegisterFact]:
    what = _for_whom(register, order.person, order.role, order.school)
    _require(register, order, order.by, at)
    refuse_backwards(order.since, order.last, what)
    today = local_date(at)
    if order.last is not None and order.last < today:
        raise RefusedError(f"{what} would be over already; give today or a later last day")
    if len(set(order.deputies)) < len(order.deputies):
        raise RefusedError(f"{what} names a deputy twice; name each once")
    _refuse_unable(register, order, max(order.since, today))
    cover = Cover(
        id=f"c-{register.version + 1}",
        person=order.person,
        role=order.role,
        school=order.school,
        deputies=order.deputies,
        since=order.since,
        until=order.last,
        together=order.together,
        processes=order.processes,
        reason=order.reason or "",
    )
    _refuse_circles(register.directory, cover)
    yield CoverSet(at=at, by=order.by, reason=order.reason, cover=cover)


@decided.register
def _end(order: EndCover, register: Register, at: datetime) -> Iterable[RegisterFact]:
    if order.cover not in register.covers:
        raise UnknownNameError("cover", order.cover, register.covers)
    cover = register.covers[order.cover]
    _require(register, cover, order.by, at)
    last = last_day(cover.since, cover.until, order.last, at, f"cover {cover.id}")
    if cover.until is not None and last > cover.until:
        raise RefusedError(
            f"cover {cover.id} ends on {cover.until:%d %b %Y} already; set another cover for longer"
        )
    yield CoverEnded(at=at, by=order.by, reason=order.reason, cover=cover.id, last=last)


@folded.register
def _was_set(fact: CoverSet, register: Register) -> Register:
    return replace(register, covers=register.covers.set(fact.cover.id, fact.cover))


@folded.register
def _ended(fact: CoverEnded, register: Register) -> Register:
    ended = register.covers[fact.cover].model_copy(update={"until": fact.last})
    return replace(register, covers=register.covers.set(fact.cover, ended))


def _for_whom(register: Register, person: str | None, role: str | None, school: str | None) -> str:
    if (person is None) == (role is None):
        raise RefusedError("say for whom the cover is: for a person, or for a role at a school")
    if person is not None:
        return f"cover for {register.directory.person(person).name}"
    place = register.directory.school(school).name if school else "the trust"
    return f"cover for the {role} of {place}"


def _require(register: Register, cover: SetCover | Cover, by: str, at: datetime) -> None:
    """Refuse unless it is theirs to say: of a role that of whoever holds it, of the head, or of an administrator."""
    if cover.person is not None:
        require_answering(register, by, cover.person, at, "say who covers")
        return
    directory, today, role = register.directory, local_date(at), cover.role or ""
    holds = (
        directory.holds(by, role, today, cover.school) or directory.holds(by, HEAD, today, cover.school)
        if cover.school
        else directory.holds_for_trust(by, role, today)
    )
    if not holds and not is_administrator(register, by, at):
        raise NotAllowedError(
            f"{name_of(register, by)} may not say who covers the {role}: that is for whoever holds the role, "
            "the headteacher of the school or an administrator of the trust"
        )


def _refuse_unable(register: Register, order: SetCover, on: date) -> None:
    for deputy in order.deputies:
        name = register.directory.person(deputy).name
        if deputy == order.person:
            raise RefusedError(f"{name} cannot cover for themselves; name somebody else")
        if not register.directory.at_work(deputy, on):
            raise RefusedError(f"{name} holds no post on {on:%d %b %Y}; name somebody who works here then")


def _refuse_circles(directory: Directory, new: Cover) -> None:
    """Refuse where those who are covered would in the end cover for their deputies: then nobody is here."""
    known = directory.model_copy(update={"covers": (*directory.covers, new)})
    for start in known.covered_by(new, new.since):
        if any(start in _behind(known, deputy, new, {start}) for deputy in new.deputies):
            name = known.person(start).name
            raise RefusedError(
                f"this would go in a circle: {name} covers, on some of these days, for whoever is to cover for them; "
                "name somebody else, or end the other cover first"
            )


def _behind(directory: Directory, person: str, new: Cover, seen: set[str]) -> Iterator[str]:
    """Whoever stands in, in the end, for the person on days of the new cover."""
    for cover in directory.covers:
        if not _overlap(cover, new) or person not in directory.covered_by(cover, max(cover.since, new.since)):
            continue
        for deputy in cover.deputies:
            yield deputy
            if deputy not in seen:
                yield from _behind(directory, deputy, new, {*seen, deputy})


def _overlap(one: Cover, other: Cover) -> bool:
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )
