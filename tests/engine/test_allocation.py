"""Pairings under rules and preferences: explained, the same for a seed, and refused with the exact reason."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from engine.allocation.allocating import allocate
from engine.allocation.assigning import cheapest
from engine.allocation.model import Helper, NoAllocationError, Place, Preference, Question
from engine.allocation.people import Work, propose_people
from engine.allocation.schools import propose_pairs
from engine.errors import RefusedError
from engine.interests import Interest
from engine.pairing import pair_schools
from tests.work import lines_run
from tests.worlds import directory, named

PEOPLE = directory()
ON = date(2027, 4, 20)
HEADS = tuple(named(PEOPLE, f"Head {school}") for school in ("ash", "beech", "cedar"))


def trust(size: int) -> list[str]:
    return [f"school-{number:02d}" for number in range(size)]


def moderators(rows: list[JsonValue]) -> dict[str, str]:
    return {str(row["school"]): str(row["moderator"]) for row in rows if isinstance(row, dict)}


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_cheapest_way_is_the_cheapest_of_all(costs: list[list[int]]) -> None:
    found = cheapest(costs)

    size = range(len(costs))
    best = min(sum(costs[row][way[row]] for row in size) for way in permutations(size))
    assert sorted(found) == list(size)
    assert sum(costs[row][column] for row, column in enumerate(found)) == best


@pytest.mark.parametrize("size", [2, 3, 4, 9])
def test_a_small_trust_is_paired_as_it_always_was(size: int) -> None:
    before, now = (moderators(pair(trust(size), "seed")) for pair in (pair_schools, propose_pairs))

    assert now == before


def test_nobody_judges_their_own_and_everybody_judges_one() -> None:
    pairs = moderators(propose_pairs(trust(90), "2026-27"))

    assert all(school != moderator for school, moderator in pairs.items())
    assert sorted(pairs.values()) == trust(90)


def distances(size: int) -> list[dict[str, JsonValue]]:
    """Each school on a line, a mile from the next."""
    return [
        {"school": one, "moderator": other, "miles": abs(int(one[-2:]) - int(other[-2:]))}
        for one in trust(size)
        for other in trust(size)
        if one < other
    ]


def test_neighbours_do_not_judge_each_other_where_there_is_another_way() -> None:
    pairs = moderators(propose_pairs(trust(30), "seed", distances=distances(30)))

    assert not [school for school, moderator in pairs.items() if pairs[moderator] == school]
    # Three in a round have four miles between them; far from the worst.
    assert sum(abs(int(a[-2:]) - int(b[-2:])) for a, b in pairs.items()) <= 60


def test_last_times_pairs_are_made_again_only_where_there_is_no_other_way() -> None:
    first = propose_pairs(trust(9), "seed")
    rows = [row for row in first if isinstance(row, dict)]

    second = propose_pairs(trust(9), "seed", last=rows)

    assert not moderators(first).items() & moderators(second).items()
    two = propose_pairs(
        trust(2), "seed", last=[r for r in propose_pairs(trust(2), "seed") if isinstance(r, dict)]
    )
    assert moderators(two) == {"school-00": "school-01", "school-01": "school-00"}
    [row, _] = two
    assert isinstance(row, dict)
    assert row["why"] == (
        "school-01 is the only one who may (school-01 again, as last time; they are given to each other)"
    )


def test_every_choice_is_explained() -> None:
    avoid = [{"school": "school-00", "moderator": "school-01"}]

    rows = propose_pairs(trust(4), "seed", avoid=avoid)

    whys = {str(row["school"]): row["why"] for row in rows if isinstance(row, dict)}
    assert (
        whys["school-00"]
        == "school-02 is 2 after school-00 in the order; any other way is worse for all together"
    )
    assert whys["school-03"] == "school-00 comes after school-03 in the order"


def test_the_same_seed_gives_the_same_and_another_may_give_another() -> None:
    question = [Place(each) for each in trust(20)], [Helper(each) for each in trust(20)]

    def proposed(seed: str) -> tuple[str, ...]:
        asked = Question(*question, rules=[lambda a, b: "is itself" if a == b else None], seed=seed)
        return tuple(each.helper for each in allocate(asked).pairings)

    assert proposed("a") == proposed("a")
    assert proposed("a") != proposed("b")


_NOBODY = (
    "nobody may be given school-00: school-00 cannot judge its own work; school-01 has a conflict of interest; "
    "school-02 has a conflict of interest; invite somebody else"
)
_TOO_FEW = (
    "school-00, school-01 can be given only to school-02, which is 1 in all where 2 are wanted; "
    "invite somebody else, or lift a conflict"
)


@pytest.mark.parametrize(
    ("avoid", "why"),
    [
        ([("school-00", "school-01"), ("school-00", "school-02")], _NOBODY),
        ([("school-00", "school-01"), ("school-01", "school-00")], _TOO_FEW),
    ],
)
def test_where_there_is_no_way_the_places_that_stand_against_it_are_named(
    avoid: list[tuple[str, str]], why: str
) -> None:
    rows = [{"school": school, "moderator": moderator} for school, moderator in avoid]

    with pytest.raises(NoAllocationError) as refused:
        propose_pairs(trust(3), "seed", avoid=rows)

    assert str(refused.value) == why


def test_one_school_is_no_pair_and_a_distance_is_a_number() -> None:
    with pytest.raises(RefusedError, match="moderation needs two schools or more"):
        propose_pairs(["ash"], "seed")
    with pytest.raises(RefusedError, match="the distance of ash and beech is 'far'; give it in miles"):
        propose_pairs(
            ["ash", "beech"], "seed", distances=[{"school": "ash", "moderator": "beech", "miles": "far"}]
        )


@given(
    st.integers(2, 7),
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14),
    st.text(max_size=3),
)
def test_no_conflict_is_ever_paired_and_a_refusal_is_right(
    size: int, conflicts: set[tuple[int, int]], seed: str
) -> None:
    schools = trust(7)[:size]
    avoid = {(schools[a], schools[b]) for a, b in conflicts if a < size and b < size}
    rows: list[dict[str, JsonValue]] = [{"school": a, "moderator": b} for a, b in sorted(avoid)]
    ways = [
        way
        for way in permutations(schools)
        if all(a != b and (a, b) not in avoid for a, b in zip(schools, way, strict=True))
    ]

    if ways:
        pairs = moderators(propose_pairs(schools, seed, avoid=rows))
        assert tuple(pairs[school] for school in schools) in ways
        return
    with pytest.raises(NoAllocationError) as caught:
        propose_pairs(schools, seed, avoid=rows)
    named_, can = caught.value.places, set(caught.value.helpers)
    assert can == {b for a in named_ for b in schools if a != b and (a, b) not in avoid}
    assert len(can) < len(named_)


# ---- people


def test_reviewers_visit_neither_their_own_school_nor_one_they_have_an_interest_in() -> None:
    child = Interest(id="i-1", person=HEADS[0], type="own-child", school="beech", since=ON)
    people = PEOPLE.model_copy(update={"interests": (child,)})
    hosts = [Work(school, school=school) for school in ("ash", "beech", "cedar")]

    found = propose_people(people, hosts, dict.fromkeys(HEADS, 1), ON, seed="x")

    assert [each.helper for each in found.pairings] == [HEADS[1], HEADS[2], HEADS[0]]
    assert found.pairings[1].why == "Head cedar is the only one who may"
    with pytest.raises(NoAllocationError, match="Head ash has declared an interest"):
        propose_people(people, [Work("beech", school="beech")], {HEADS[0]: 1}, ON)


def test_work_is_spread_evenly_within_what_each_can_take() -> None:
    work = [Work(f"pack-{number}") for number in range(7)]

    found = propose_people(PEOPLE, work, {HEADS[0]: 5, HEADS[1]: 5, HEADS[2]: 1}, ON)

    counts = sorted([each.helper for each in found.pairings].count(head) for head in HEADS)
    assert counts == [1, 3, 3]
    with pytest.raises(NoAllocationError, match="which is 6 in all where 7 are wanted"):
        propose_people(PEOPLE, work, dict.fromkeys(HEADS, 2), ON)


def test_two_visitors_of_one_host_are_two_people() -> None:
    hosts = [Work("ash", school="ash", needs=2), Work("elm", needs=2)]

    found = propose_people(PEOPLE, hosts, dict.fromkeys(HEADS, 2), ON, seed="s")

    assert set(found.of("ash")) == {HEADS[1], HEADS[2]}
    assert len(set(found.of("elm"))) == 2


def test_ninety_schools_cost_a_bounded_number_of_steps() -> None:
    rows = distances(90)

    assert lines_run(lambda: propose_pairs(trust(90), "seed", distances=rows)) < 4_000_000


def test_a_preference_is_kept_where_the_rules_leave_a_choice() -> None:
    liked = Preference(1, lambda place, helper: int(helper != f"{place}-friend"), lambda *_: "not a friend")
    asked = Question(
        places=[Place("a")], helpers=[Helper("stranger"), Helper("a-friend")], rules=[], preferences=[liked]
    )

    assert allocate(asked).of("a") == ("a-friend",)
