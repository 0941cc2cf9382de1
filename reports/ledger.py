"""The workload ledger as people read it: each person's weeks, and the whole trust's without names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median, quantiles

from engine.access.reader import Reader
from engine.model import Model
from engine.people import Directory

#: People in the smallest group that is told apart.
FEWEST = 10
OTHERS = "all other roles"
_DECILES = 10


class PersonWeek(Model):
    """One person's week, by its Monday. Minutes."""

    person: str
    monday: date
    to_do: float
    took: int
    expected: int
    """Of what was done."""
    said: int
    """Of how many tasks people said how long they took."""
    tasks: int

    @property
    def minutes(self) -> float:
        """The week's work, as far as it is known."""
        return self.to_do + self.took


class RoleShare(Model):
    """What people of one role have to do in a week, over all of their weeks."""

    role: str
    people: int
    middle: float
    """Minutes: half of the weeks have more."""
    busy: float
    """Minutes: one week in ten has more."""
    over: int
    """How many weeks have more than the limit."""
    weeks: int
    """How many weeks have any work."""


class Summary(Model):
    """The ledger for the board and the union: no names, and no group of fewer than ten people."""

    first: date
    last: date
    limit: int
    """Minutes a week."""
    people: int | None = None
    """None, as what follows, where fewer than ten people have work: one of them could be told from it."""
    minutes: float | None = None
    expected: int | None = None
    took: int | None = None
    """Of what is done: what was expected of it, and what it took."""
    said: int | None = None
    roles: tuple[RoleShare, ...] = ()


class Overload(Model):
    """A week in which somebody would have more to do than the limit."""

    person: str
    monday: date
    now: float
    """Minutes that week has already."""
    more: float
    """Minutes that would come."""


def may_see(reader: Reader, person: str) -> bool:
    """Whether the reader may see what this person has to do: themselves, who leads them, who manages them."""
    led = reader.staff | reader.manages | (reader.heads if reader.leads_trust else frozenset())
    return reader.is_operator or person in reader.people or person in led


def summary(
    weeks: Sequence[PersonWeek], directory: Directory, limit: int, first: date, last: date
) -> Summary:
    """The whole trust. A person counts in the first of their roles; small groups are told together, or not at all."""
    people = len({week.person for week in weeks})
    if people < FEWEST:
        return Summary(first=first, last=last, limit=limit)
    by_role: defaultdict[str, list[PersonWeek]] = defaultdict(list)
    roles = _roles(directory, last)
    for week in weeks:
        by_role[roles.get(week.person, OTHERS)].append(week)
    return Summary(
        first=first,
        last=last,
        limit=limit,
        people=people,
        minutes=sum(week.minutes for week in weeks),
        expected=sum(week.expected for week in weeks),
        took=sum(week.took for week in weeks),
        said=sum(week.said for week in weeks),
        roles=tuple(_shares(by_role, limit)),
    )


def overloads(
    known: Iterable[PersonWeek], more: Mapping[tuple[str, date], float], limit: int
) -> tuple[Overload, ...]:
    """The weeks that would go over the limit because of what would come; the fullest first."""
    has = {(week.person, week.monday): week.minutes for week in known}
    found = (
        Overload(person=person, monday=monday, now=has.get((person, monday), 0.0), more=minutes)
        for (person, monday), minutes in more.items()
        if minutes and has.get((person, monday), 0.0) + minutes > limit
    )
    return tuple(sorted(found, key=lambda each: (-(each.now + each.more), each.person, each.monday)))


def _roles(directory: Directory, on: date) -> dict[str, str]:
    return {
        person.id: posts[0].role
        for person in directory.people
        if (posts := directory.posts_on(person.id, on))
    }


def _shares(by_role: Mapping[str, list[PersonWeek]], limit: int) -> Iterator[RoleShare]:
    others: list[PersonWeek] = []
    for role, weeks in sorted(by_role.items()):
        if role != OTHERS and len({week.person for week in weeks}) >= FEWEST:
            yield _share(role, weeks, limit)
        else:
            others += weeks
    # What is left is told only if it is a group itself: the sum and the other rows would tell it.
    if len({week.person for week in others}) >= FEWEST:
        yield _share(OTHERS, others, limit)


def _share(role: str, weeks: Sequence[PersonWeek], limit: int) -> RoleShare:
    minutes = [week.minutes for week in weeks]
    return RoleShare(
        role=role,
        people=len({week.person for week in weeks}),
        middle=median(minutes),
        busy=quantiles(minutes, n=_DECILES, method="inclusive")[-1] if len(minutes) > 1 else minutes[0],
        over=sum(each > limit for each in minutes),
        weeks=len(minutes),
    )
