"""Which people do which work: reviewers visit hosts, markers get packs. Nobody gets what they may not judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.allocation.allocating import allocate
from engine.allocation.model import Allocation, Helper, Place, Preference, Question
from engine.conflicts import RULES, Judged
from engine.definition.human import ABOUT_PERSON, ABOUT_SCHOOL, Conflict
from engine.people import Directory

_AGAIN, _SPREAD, _MILE = 100_000, 1_000, 10


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, whose it is, and by how many."""

    key: str
    school: str | None = None
    person: str | None = None
    needs: int = 1


def propose_people(  # noqa: PLR0913 - the work, the people, a day, and what is preferred
    directory: Directory,
    work: Sequence[Work],
    capacity: Mapping[str, int],
    on: date,
    *,
    seed: str = "",
    last: Sequence[tuple[str, str]] = (),
    miles: Mapping[tuple[str, str], int] | None = None,
    also: Sequence[Conflict] = (),
) -> Allocation:
    """Who does what, spread as evenly as can be, and not the same as last time where there is another way.

    `capacity` says how much each person can take; `last` are pairs of work and person; `miles` those of a piece of
    work and a person; `also` are further rules of `engine/conflicts.py`. Raises NoAllocationError, which says why,
    when there is no way.
    """
    judged = {each.key: Judged(school=each.school, person=each.person) for each in work}

    def conflict(key: str, person: str) -> str | None:
        if not directory.at_work(person, on):
            return "holds no post here then"
        what = judged[key]
        rules = (*(ABOUT_SCHOOL if what.school else ()), *(ABOUT_PERSON if what.person else ()), *also)
        return next((why for rule in rules if (why := RULES[rule](directory, person, what, on))), None)

    def name(person: str) -> str:
        return directory.person(person).name

    far = miles or {}
    again = Preference(
        _AGAIN,
        lambda key, person: int((key, person) in last),
        lambda _, person: f"{name(person)} again, as last time",
    )
    near = Preference(
        _MILE,
        lambda key, person: far.get((key, person), 0),
        lambda key, person: f"{name(person)} is {far[key, person]} miles away",
    )
    return allocate(
        Question(
            places=[Place(each.key, each.needs) for each in work],
            helpers=[Helper(person, at_most) for person, at_most in capacity.items()],
            rules=[conflict],
            preferences=[again, near],
            seed=seed,
            even=_SPREAD,
            name=name,
        )
    )
