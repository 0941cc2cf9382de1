"""Which school judges whose work: a rotation in which nobody judges their own."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from engine.errors import RefusedError
from engine.judgements import by_lottery

Pairs = Sequence[Mapping[str, JsonValue]]


def pair_schools(schools: Sequence[str], seed: str, avoid: Pairs = (), last: Pairs = ()) -> list[JsonValue]:
    """For each school, in the order given, who judges its work and who settles what stays open.

    The moderator is the next school in the order; every school moderates once. `last` are the pairs of the
    last round: none is repeated where that is possible. `avoid` are pairs with a conflict of interest: they
    are never made, nor does such a school adjudicate. Both are rows with `school` and `moderator`, so that
    what this returns can be handed back. The adjudicator, of a third school, is drawn by lottery; there is
    none with two schools. Refused for one school, and when the conflicts leave no way.
    """
    order = list(dict.fromkeys(schools))
    if len(order) < 2:  # noqa: PLR2004 - a pair
        raise RefusedError(f"moderation needs two schools or more; here is {', '.join(order) or 'none'}")
    rules = _Rules(order, _pairs(avoid), _pairs(last))
    moderators = _matched(order, rules.never | rules.last) or _matched(order, rules.never)
    if not moderators:
        raise RefusedError("the conflicts of interest leave a school nobody may judge; invite another school")
    return [_row(school, moderators[school], rules, seed) for school in order]


class _Rules(NamedTuple):
    """The rotation, the pairs it must never make, and those it made last time."""

    order: list[str]
    never: set[tuple[str, str]]
    last: set[tuple[str, str]]


def _matched(order: list[str], excluded: set[tuple[str, str]]) -> dict[str, str]:
    """A moderator for each school, as near behind it in the order as can be; empty when there is no way."""
    judged: dict[str, str] = {}

    def place(school: str, tried: set[str]) -> bool:
        for moderator in _behind(school, order):
            if moderator in tried or (school, moderator) in excluded:
                continue
            tried.add(moderator)
            if moderator not in judged or place(judged[moderator], tried):
                judged[moderator] = school
                return True
        return False

    placed = all(place(school, set()) for school in order)
    return {school: moderator for moderator, school in judged.items()} if placed else {}


def _row(school: str, moderator: str, rules: _Rules, seed: str) -> JsonValue:
    third = [x for x in rules.order if x not in (school, moderator) and (school, x) not in rules.never]
    lots = by_lottery(third, f"{seed}|{school}", str)
    return {
        "school": school,
        "moderator": moderator,
        "adjudicator": lots[0] if lots else None,
        "why": _why(school, moderator, rules),
    }


def _why(school: str, moderator: str, rules: _Rules) -> str:
    following = _behind(school, rules.order)[0]
    if (school, moderator) in rules.last:
        return f"{moderator} again: no other way is open"
    if moderator == following:
        return f"{moderator} comes after {school} in the rotation"
    if (school, following) in rules.never:
        return f"{following} has a conflict of interest"
    return (
        f"{following} judged {school} last time"
        if (school, following) in rules.last
        else "so that all are paired"
    )


def _behind(school: str, order: list[str]) -> list[str]:
    place = order.index(school)
    return order[place + 1 :] + order[:place]


def _pairs(rows: Pairs) -> set[tuple[str, str]]:
    return {(str(row["school"]), str(row["moderator"])) for row in rows}
