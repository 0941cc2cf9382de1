"""Which school judges whose work: nobody their own, nobody with a conflict, and each as often as the others."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from engine.allocation.allocating import allocate
from engine.allocation.model import Helper, NoAllocationError, Place, Preference, Question
from engine.errors import RefusedError
from engine.judgements import by_lottery

Pairs = Sequence[Mapping[str, JsonValue]]

#: The same pair as last time is worse than any distance, and two that judge each other worse than the same pair.
_RECIPROCAL, _AGAIN, _MILE = 1_000_000, 100_000, 100
#: Of equally good ways the one along the order, so that a small trust can foretell it.
_NEXT = 1


def propose_pairs(
    schools: Sequence[str],
    seed: str,
    avoid: Pairs = (),
    last: Pairs = (),
    distances: Sequence[Mapping[str, JsonValue]] = (),
) -> list[JsonValue]:
    """For each school, in the order given, who judges its work, who settles what stays open, and why.

    Every school judges one other. `avoid` are pairs with a conflict of interest, never made; `last` those of the
    last time, made again only where there is no other way; both rows with `school` and `moderator`. Two schools
    judge each other only where there is no other way. `distances` are rows with `school`, `moderator` and `miles`,
    the same both ways: nearer is better. Raises RefusedError for one school, NoAllocationError where the conflicts
    leave no way.
    """
    order = list(dict.fromkeys(schools))
    if len(order) < 2:  # noqa: PLR2004 - a pair
        raise RefusedError(f"moderation needs two schools or more; here is {', '.join(order) or 'none'}")
    never = _pairs(avoid)
    question = Question(
        places=[Place(each) for each in order],
        helpers=[Helper(each) for each in order],
        rules=[_own, _conflict(never)],
        preferences=_preferences(order, _pairs(last), _miles(distances)),
        seed=seed,
        not_both=_RECIPROCAL,
    )
    found = allocate(question)
    return [
        {
            "school": each.place,
            "moderator": each.helper,
            "adjudicator": _third(each.place, each.helper, order, never, seed),
            "why": each.why,
        }
        for each in found.pairings
    ]


def _own(school: str, moderator: str) -> str | None:
    return "cannot judge its own work" if school == moderator else None


def _conflict(never: set[tuple[str, str]]) -> Callable[[str, str], str | None]:
    return lambda school, moderator: "has a conflict of interest" if (school, moderator) in never else None


def _preferences(
    order: list[str], last: set[tuple[str, str]], miles: Mapping[tuple[str, str], int]
) -> list[Preference]:
    place = {school: position for position, school in enumerate(order)}

    def behind(school: str, moderator: str) -> int:
        return (place[moderator] - place[school] - 1) % len(order)

    again = Preference(
        _AGAIN,
        lambda school, moderator: int((school, moderator) in last),
        lambda _, moderator: f"{moderator} again, as last time",
    )
    near = Preference(
        _MILE,
        lambda school, moderator: miles.get((school, moderator), 0),
        lambda school, moderator: f"{moderator} is {miles[school, moderator]} miles away",
    )
    following = Preference(
        _NEXT,
        behind,
        lambda school, moderator: (
            f"{moderator} is {behind(school, moderator) + 1} after {school} in the order"
        ),
        lambda school, moderator: f"{moderator} comes after {school} in the order",
    )
    return [again, near] if miles else [again, following]


def _third(
    school: str, moderator: str, order: Sequence[str], never: set[tuple[str, str]], seed: str
) -> str | None:
    third = [each for each in order if each not in {school, moderator} and (school, each) not in never]
    lots = by_lottery(third, f"{seed}|{school}", str)
    return lots[0] if lots else None


def _pairs(rows: Pairs) -> set[tuple[str, str]]:
    return {(str(row["school"]), str(row["moderator"])) for row in rows}


def _miles(rows: Sequence[Mapping[str, JsonValue]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        one, other, miles = str(row["school"]), str(row["moderator"]), row["miles"]
        if not isinstance(miles, int | float) or miles < 0:
            raise RefusedError(f"the distance of {one} and {other} is {miles!r}; give it in miles")
        found[one, other] = found[other, one] = round(miles)
    return found


__all__ = ["NoAllocationError", "propose_pairs"]
