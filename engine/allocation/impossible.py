"""Why there is no way: the places that together want more than those who may be given to them can do."""

from collections.abc import Mapping, Sequence

from engine.allocation.model import Helper, NoAllocationError, Place, Question

_TOLD = 5


def refuse_impossible(question: Question, allowed: Mapping[str, Sequence[str]]) -> None:
    """Raises NoAllocationError, with the fewest places that show it, unless everybody can be given somebody."""
    capacity = {each.key: each.capacity for each in question.helpers}
    given: dict[str, list[str]] = {each.key: [] for each in question.helpers}
    for place in question.places:
        for _ in range(place.needs):
            seen: set[str] = set()
            if not _give(place.key, allowed, capacity, given, seen):
                raise _error(question, allowed, place, seen, given)


def _give(
    place: str,
    allowed: Mapping[str, Sequence[str]],
    capacity: Mapping[str, int],
    given: dict[str, list[str]],
    seen: set[str],
) -> bool:
    for helper in allowed[place]:
        if helper in seen or place in given[helper]:
            continue
        seen.add(helper)
        if len(given[helper]) < capacity[helper]:
            given[helper].append(place)
            return True
        for position, other in enumerate(given[helper]):
            if _give(other, allowed, capacity, given, seen):
                given[helper][position] = place
                return True
    return False


def _error(
    question: Question,
    allowed: Mapping[str, Sequence[str]],
    place: Place,
    seen: set[str],
    given: Mapping[str, list[str]],
) -> NoAllocationError:
    """The place that nobody is left for, and those that share all who could be."""
    sharing = {place.key, *(each for helper in seen for each in given[helper])}
    places = [each.key for each in question.places if each.key in sharing]
    wanted = sum(each.needs for each in question.places if each.key in sharing)
    helpers = [each for each in question.helpers if any(each.key in allowed[key] for key in places)]
    can = sum(each.capacity for each in helpers)
    if not allowed[place.key]:
        return NoAllocationError(_nobody(question, place), [place.key], [])
    whom = _list([question.name(each.key) for each in helpers])
    return NoAllocationError(
        f"{_list(places)} can be given only to {whom}, which is {can} in all where {wanted} are wanted; "
        "invite somebody else, or lift a conflict",
        places,
        [each.key for each in helpers],
    )


def _nobody(question: Question, place: Place) -> str:
    reasons = [
        f"{question.name(helper.key)} {why}"
        for helper in question.helpers
        if (why := first_rule(question, place, helper))
    ]
    return (
        f"nobody may be given {place.key}: {'; '.join(reasons[:_TOLD]) or 'there is nobody'}"
        f"{f'; and {len(reasons) - _TOLD} more' if len(reasons) > _TOLD else ''}; invite somebody else"
    )


def first_rule(question: Question, place: Place, helper: Helper) -> str | None:
    """Why the helper must not be given to the place; none when they may."""
    return next((why for rule in question.rules if (why := rule(place.key, helper.key))), None)


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_TOLD])
    return f"{shown} and {len(names) - _TOLD} more" if len(names) > _TOLD else shown
