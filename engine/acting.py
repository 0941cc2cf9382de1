"""Who may act for whom on a day. Never further than one step: cover of cover is no cover.

A deputy has no authority of their own: it is the absent person's, as it is on the day, and goes no further. So
only those who are asked themselves can be stood in for; a deputy who has taken something on is not asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from engine.covering import Cover
from engine.model import Model
from engine.people import Directory


class Standing(Model):
    """What somebody may do for another: what is asked of that person, in a role or a process where one is named."""

    person: str
    process: str | None = None
    role: str | None = None


def here(directory: Directory, person: str, on: date) -> bool:
    """Whether the person works here that day and is not away."""
    return directory.at_work(person, on) and directory.absent(person, on) is None


def standing(directory: Directory, cover: Cover, on: date) -> tuple[str, ...]:
    """The deputies who stand in that day: all who are here, or the first of them."""
    present = tuple(each for each in cover.deputies if here(directory, each, on) and each != cover.person)
    return present if cover.together else present[:1]


#: A role that is asked, and the school it is asked at; without one, at any.
Asked = tuple[str, str | None]


def deputies(
    directory: Directory, person: str, on: date, process: str | None = None, roles: Sequence[Asked] = ()
) -> tuple[str, ...]:
    """Who stands in for the person that day, in order: in this process, and in one of these roles.

    Nobody stands in for somebody who has left: what a deputy may do is what that person could.
    """
    if not directory.at_work(person, on):
        return ()
    found: dict[str, None] = {}
    for cover in directory.covers_of(person, on):
        if _speaks_of(cover, process, roles):
            found.update(dict.fromkeys(standing(directory, cover, on)))
    found.pop(person, None)
    return tuple(found)


def stand_ins(directory: Directory, person: str, day: date, process: str | None = None) -> tuple[str, ...]:
    """Who stands in for the person that day, whatever they are asked as."""
    return deputies(directory, person, day, process, [(c.role, None) for c in directory.covers if c.role])


def in_a_vacancy(directory: Directory, role: str, school: str | None, on: date) -> tuple[str, ...]:
    """Who stands in for a role that nobody holds that day. They are asked as if they held it."""
    found = (standing(directory, cover, on) for cover in directory.covers_for_role(role, school, on))
    return tuple(dict.fromkeys(person for some in found for person in some))


def standing_for(directory: Directory, deputy: str, on: date) -> tuple[Standing, ...]:
    """For whom, and in what, the deputy may act that day; for lists. Each is judged anew when they act."""
    return tuple(dict.fromkeys(_standing_for(directory, deputy, on)))


def _standing_for(directory: Directory, deputy: str, on: date) -> Iterator[Standing]:
    for cover in directory.covers:
        if not cover.in_force(on) or deputy not in standing(directory, cover, on):
            continue
        for person in directory.covered_by(cover, on):
            if person == deputy or not directory.at_work(person, on):
                continue
            for process in cover.processes or (None,):
                yield Standing(person=person, process=process, role=cover.role)


def only_stands_in(directory: Directory, person: str, on: date, roles: Sequence[Asked]) -> bool:
    """Whether the person is asked because one of these roles is vacant: then nobody stands in for them."""
    return any(
        person in cover.deputies
        and cover.in_force(on)
        and _is_asked(cover, roles)
        and person not in directory.covered_by(cover, on)
        for cover in directory.covers
        if cover.role
    )


def _speaks_of(cover: Cover, process: str | None, roles: Sequence[Asked]) -> bool:
    in_it = process is None or not cover.processes or process in cover.processes
    return in_it and (cover.role is None or _is_asked(cover, roles))


def _is_asked(cover: Cover, roles: Sequence[Asked]) -> bool:
    return any(role == cover.role and school in {None, cover.school} for role, school in roles)
