"""Drawing, extending and pairing: the same answer every time, and one anyone can check."""

from collections import Counter
from collections.abc import Sequence
from math import ceil
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError, RefusedError
from engine.sampling import count_not_judged, draw_sample, extend_sample, pair_schools, weak_bands

Row = dict[str, Any]
BANDS = ("WTS", "EXS", "GDS")


def pupils(
    school: str, values: Sequence[str], borderline: Sequence[int] = (), year_group: str = "Y6"
) -> list[Row]:
    return [
        {
            "pupil": f"{school[:3].upper()}-{year_group}-{n:03d}",
            "school": school,
            "year_group": year_group,
            "class": f"6{'AB'[n % 2]}",
            "teacher": f"p-000{n % 2}",
            "value": value,
            "confidence": "borderline-down" if n in borderline else "secure",
            "note": "further columns are passed over",
        }
        for n, value in enumerate(values)
    ]


def draw(
    rows: list[Row], share: float = 0.15, at_least: int = 5, seed: str = "s", already: Sequence[Row] = ()
) -> list[Row]:
    items: Any = draw_sample(rows, share, at_least, seed, already)
    return list(items)


cohorts = st.lists(st.sampled_from([*BANDS, "PK1", "A"]), max_size=80)


@given(values=cohorts, seed=st.text(max_size=8), borderline=st.sets(st.integers(0, 79)))
def test_a_sample_is_15_percent_or_five_or_everyone(
    values: list[str], seed: str, borderline: set[int]
) -> None:
    rows = pupils("glenfield", values, sorted(borderline))
    judged = [row for row in rows if row["value"] in BANDS]

    sample = draw(rows, seed=seed)

    assert len(sample) == min(len(judged), max(5, ceil(len(judged) * 15 / 100)))
    assert {item["pupil"] for item in sample} <= {row["pupil"] for row in judged}
    assert len({item["code"] for item in sample}) == len(sample)


@given(values=cohorts, seed=st.text(max_size=8), borderline=st.sets(st.integers(0, 79)))
def test_boundary_cases_are_at_most_half_and_no_band_is_forgotten(
    values: list[str], seed: str, borderline: set[int]
) -> None:
    rows = pupils("glenfield", values, sorted(borderline))

    sample = draw(rows, seed=seed)

    reasons = Counter(item["reason"] for item in sample)
    boundary = [row for row in rows if row["value"] in BANDS and row["confidence"] != "secure"]
    assert reasons["borderline"] == min(len(boundary), len(sample) // 2)
    if len(sample) >= 5:
        assert {item["first_value"] for item in sample} == {row["value"] for row in rows} & set(BANDS)


@given(values=cohorts, order=st.randoms())
def test_neither_the_order_of_rows_nor_the_day_changes_the_draw(values: list[str], order: Random) -> None:
    rows = pupils("glenfield", values, range(0, 80, 3))
    shuffled = order.sample(rows, len(rows))

    assert draw(rows) == draw(shuffled)


def test_another_seed_draws_other_pupils() -> None:
    rows = pupils("glenfield", ["EXS"] * 60)

    assert {item["pupil"] for item in draw(rows, seed="a")} != {
        item["pupil"] for item in draw(rows, seed="b")
    }


def test_the_lottery_can_be_checked_with_a_shell() -> None:
    """`printf %s "2026-27/summer-1/writing|GLE-Y6-001" | sha256sum` begins with 05134a, the lowest."""
    rows = [row | {"class": "6"} for row in pupils("glenfield", ["EXS"] * 20)]

    sample = draw(rows, seed="2026-27/summer-1/writing")

    assert sorted(item["pupil"][-3:] for item in sample) == ["001", "003", "015", "016", "017"]


def test_boundary_cases_come_first_and_from_the_top_band_down() -> None:
    rows = pupils(
        "glenfield", ["GDS"] * 20 + ["EXS"] * 20 + ["WTS"] * 20, borderline=[0, 1, 2, 20, 21, 40, 41]
    )

    sample = draw(rows)

    boundary = Counter(item["first_value"] for item in sample if item["reason"] == "borderline")
    assert boundary == {"GDS": 2, "EXS": 1, "WTS": 1}


def test_the_rest_is_in_proportion_and_spread_over_classes() -> None:
    rows = pupils("glenfield", ["GDS"] * 10 + ["EXS"] * 30 + ["WTS"] * 20)

    sample = draw(rows, share=0.3)

    assert Counter(item["first_value"] for item in sample) == {"GDS": 3, "EXS": 9, "WTS": 6}
    classes = Counter((item["first_value"], item["class"]) for item in sample)
    assert classes["EXS", "6A"] in (4, 5)
    assert classes["WTS", "6A"] == 3


def test_an_item_tells_the_first_judgement_and_its_code_does_not() -> None:
    rows = pupils("glenfield", ["EXS"]) + pupils("hollins", ["GDS"], borderline=[0])

    items = draw(rows, at_least=1)

    assert {item["code"] for item in items} == {"Y6-01", "Y6-02"}
    first = next(item for item in items if item["school"] == "glenfield")
    assert first | {"code": "?"} == {
        "code": "?",
        "pupil": "GLE-Y6-000",
        "school": "glenfield",
        "year_group": "Y6",
        "class": "6A",
        "teacher": "p-0000",
        "first_value": "EXS",
        "confidence": "secure",
        "stratum": "glenfield/Y6/EXS",
        "reason": "random",
    }


def test_each_school_and_year_group_has_a_sample_of_its_own() -> None:
    rows = pupils("glenfield", ["EXS"] * 60) + pupils("hollins", ["EXS"] * 30)
    rows += pupils("hollins", ["EXS"] * 10, year_group="Y2")

    sizes = Counter((item["school"], item["year_group"]) for item in draw(rows))

    assert sizes == {("glenfield", "Y6"): 9, ("hollins", "Y6"): 5, ("hollins", "Y2"): 5}


def test_drawing_again_adds_only_what_is_missing() -> None:
    rows = pupils("glenfield", ["EXS"] * 40)
    before = draw(rows)

    more = draw(rows + pupils("glenfield", ["GDS"] * 60)[40:], already=before)

    assert draw(rows, already=before) == []
    assert len(before + more) == 9
    assert not {item["pupil"] for item in before} & {item["pupil"] for item in more}
    assert [item["code"] for item in more] == ["Y6-07", "Y6-08", "Y6-09"]


def test_a_draw_may_be_limited_to_some_schools() -> None:
    rows = pupils("glenfield", ["EXS"] * 60) + pupils("hollins", ["EXS"] * 30)

    items: Any = draw_sample(rows, 0.15, 5, "s", only=["hollins"])

    assert {item["school"] for item in items} == {"hollins"}


def test_pupils_without_a_judgement_are_counted_not_drawn() -> None:
    rows = pupils("glenfield", ["EXS"] * 8 + ["PK1", "PK1", "A"])

    assert {item["first_value"] for item in draw(rows, share=1)} == {"EXS"}
    assert count_not_judged(rows) == [
        {"school": "glenfield", "year_group": "Y6", "value": "A", "pupils": 1},
        {"school": "glenfield", "year_group": "Y6", "value": "PK1", "pupils": 2},
    ]


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InvalidInputError):
        draw([], share=share)


def test_faulty_rows_are_all_named() -> None:
    rows = pupils("glenfield", ["EXS", "EXS"])
    del rows[0]["teacher"]
    rows[1]["year_group"] = "Y7"

    with pytest.raises(InvalidInputError) as refused:
        draw(rows)

    assert len(refused.value.problems) == 2
    with pytest.raises(InvalidInputError, match="GLE-Y6-000 is judged more than once"):
        draw(pupils("glenfield", ["EXS"]) * 2)


def finished(first: str, final: str | None, school: str = "glenfield") -> Row:
    return {"school": school, "year_group": "Y6", "first_value": first, "final_value": final, "pupil": "x"}


def test_a_band_is_weak_when_enough_and_a_large_enough_share_changed() -> None:
    items = [finished("GDS", "EXS")] * 2 + [finished("GDS", "GDS")] * 3 + [finished("GDS", None)]
    items += [finished("EXS", "WTS")] * 2 + [finished("EXS", "EXS")] * 8 + [finished("WTS", "EXS")]

    assert weak_bands(items, more_than=0.2, at_least=2) == [
        {"school": "glenfield", "year_group": "Y6", "value": "GDS", "sampled": 5, "changed": 2}
    ]
    assert weak_bands(items, more_than=0.4, at_least=2) == []


def test_the_same_band_of_two_schools_is_not_added_up() -> None:
    items = [finished("GDS", "EXS"), finished("GDS", "EXS", "hollins")]

    assert weak_bands(items, more_than=0.2, at_least=2) == []


def test_an_extension_reaches_every_other_pupil_of_the_band_once() -> None:
    rows = pupils("glenfield", ["GDS"] * 12 + ["EXS"] * 20) + pupils("hollins", ["GDS"] * 9)
    sample = draw(rows)
    bands = [{"school": "glenfield", "year_group": "Y6", "value": "GDS"}]

    more: Any = extend_sample(rows, bands, sample, "s")

    seen = [item["pupil"] for item in [*sample, *more] if item["stratum"] == "glenfield/Y6/GDS"]
    assert sorted(seen) == [f"GLE-Y6-{n:03d}" for n in range(12)]
    assert {item["reason"] for item in more} == {"extension"}
    assert len({item["code"] for item in [*sample, *more]}) == len(sample) + len(more)
    assert extend_sample(rows, bands, [*sample, *more], "s") == []


THREE = ["glenfield", "brook-lane", "hollins"]


def test_three_schools_rotate_and_the_third_adjudicates() -> None:
    pairs: Any = pair_schools(THREE, "any")

    assert [(p["school"], p["moderator"], p["adjudicator"]) for p in pairs] == [
        ("glenfield", "brook-lane", "hollins"),
        ("brook-lane", "hollins", "glenfield"),
        ("hollins", "glenfield", "brook-lane"),
    ]
    assert pairs[0]["why"] == "brook-lane comes after glenfield in the rotation"


def test_the_next_round_turns_the_rotation() -> None:
    first = pair_schools(THREE, "a")

    second: Any = pair_schools(THREE, "b", last=first)  # type: ignore[arg-type]

    assert {p["school"]: p["moderator"] for p in second} == {
        "glenfield": "hollins",
        "brook-lane": "glenfield",
        "hollins": "brook-lane",
    }
    assert second[0]["why"] == "brook-lane judged glenfield last time"


def test_two_schools_judge_each_other_again_and_again_without_adjudicator() -> None:
    first: Any = pair_schools(["a", "b"], "s")
    again: Any = pair_schools(["a", "b"], "s", last=first)

    assert [p["moderator"] for p in again] == ["b", "a"]
    assert [p["adjudicator"] for p in again] == [None, None]
    assert again[0]["why"] == "b again: no other way is open"


def test_a_conflict_of_interest_is_kept_apart_whatever_it_costs() -> None:
    avoid = [{"school": "glenfield", "moderator": "brook-lane"}]

    pairs: Any = pair_schools(THREE, "s", avoid=avoid)

    assert pairs[0]["moderator"] == "hollins"
    assert pairs[0]["adjudicator"] is None
    assert pairs[0]["why"] == "brook-lane has a conflict of interest"


@given(count=st.integers(2, 30), seed=st.text(max_size=5), data=st.data())
def test_every_school_moderates_once_and_never_itself(count: int, seed: str, data: st.DataObject) -> None:
    schools = [f"s{n}" for n in range(count)]
    last: Any = pair_schools(data.draw(st.permutations(schools)), seed)

    pairs: Any = pair_schools(schools, seed, last=last)

    assert sorted(p["moderator"] for p in pairs) == sorted(schools)
    for pair in pairs:
        assert len({pair["school"], pair["moderator"], pair["adjudicator"]}) == 3
    if count > 2:
        assert not {(p["school"], p["moderator"]) for p in pairs} & {
            (p["school"], p["moderator"]) for p in last
        }


def test_one_school_cannot_be_moderated() -> None:
    with pytest.raises(RefusedError, match="two schools or more; here is glenfield"):
        pair_schools(["glenfield"], "s")


def test_conflicts_that_leave_no_way_are_refused() -> None:
    with pytest.raises(RefusedError, match="invite another school"):
        pair_schools(["a", "b"], "s", avoid=[{"school": "a", "moderator": "b"}])
