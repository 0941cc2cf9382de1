"""Which pupils' work is judged a second time, and where to look further.

After local authorities' practice for Key Stage 2 writing: at least 15 % of a cohort and no fewer than five
pupils, across the standards, boundary cases first; where a standard shows concern, all the school's
judgements at it. A draw is a lottery whose seed is kept, so anyone can repeat it and get the same pupils.

Functions of a definition: JSON in, JSON out, the same answer every time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from pydantic import JsonValue

from engine.errors import InvalidInputError
from engine.judgements import Judgement, Rows, by_lottery, cohorts, read_judgements
from engine.pairing import pair_schools
from engine.strata import Chosen, draw_strata

__all__ = ["count_not_judged", "draw_sample", "extend_sample", "pair_schools", "weak_bands"]


def draw_sample(  # noqa: PLR0913, PLR0917 - named by the definitions that call it
    judgements: Rows,
    share: float,
    at_least: int,
    seed: str,
    already: Rows = (),
    only: Sequence[str] = (),
) -> list[JsonValue]:
    """Draw the sample: in each school and year group that share of the judged pupils, but at least so many.

    Half of it, at most, are boundary cases, taken from the bands in turn; the rest is spread over the bands
    in proportion, and over their classes. A band that has pupils is seen at least once, if the size allows.
    Who is taken is decided by lottery.
    Pupils without a judgement (PK1-PK6, EM, A, L, F, P) are left out: see `count_not_judged`.

    `already` are items drawn before: they count, and only what is missing is drawn. `only` limits the draw to
    those schools. Each item carries the judgement, its stratum, the reason, and a code for the pack such as
    `Y6-07` that tells neither school nor value.
    """
    if not 0 < share <= 1 or at_least < 0:
        raise InvalidInputError(["share must lie above 0 and up to 1, and at_least not below 0"])
    taken = {item["pupil"] for item in already}
    chosen: list[Chosen] = []
    for cohort in cohorts(read_judgements(judgements), only):
        waiting = [judgement for judgement in cohort if judgement.pupil not in taken]
        wanted = max(at_least, ceil(Fraction(str(share)) * len(cohort))) - (len(cohort) - len(waiting))
        chosen += draw_strata(waiting, max(0, min(wanted, len(waiting))), seed)
    return _packed(chosen, seed, already)


def extend_sample(judgements: Rows, bands: Rows, already: Rows, seed: str) -> list[JsonValue]:
    """Every pupil of the weak bands who is not in the sample yet; nothing when all have been seen."""
    weak = {(band["school"], band["year_group"], band["value"]) for band in bands}
    taken = {item["pupil"] for item in already}
    others = [
        Chosen(judgement, "extension")
        for judgement in read_judgements(judgements)
        if (judgement.school, judgement.year_group, judgement.value) in weak and judgement.pupil not in taken
    ]
    return _packed(others, seed, already)


def weak_bands(items: Rows, more_than: float, at_least: int) -> list[JsonValue]:
    """The bands of a school and year group where moderation changed too much.

    Those where at least so many first judgements were changed, and they are more than that share of the
    band's finished items. An item is finished when it has a `final_value`.
    """
    finished = [item for item in items if item.get("final_value")]
    sampled = Counter(_band(item) for item in finished)
    changed = Counter(_band(item) for item in finished if item["final_value"] != item["first_value"])
    return [
        {
            "school": school,
            "year_group": year,
            "value": value,
            "sampled": sampled[band],
            "changed": changed[band],
        }
        for band in sorted(sampled)
        for school, year, value in [band]
        if changed[band] >= at_least and changed[band] > more_than * sampled[band]
    ]


def count_not_judged(judgements: Rows) -> list[JsonValue]:
    """How many pupils have no judgement to compare, by school, year group and code."""
    codes = Counter((j.school, j.year_group, j.value) for j in read_judgements(judgements) if not j.judged)
    return [
        {"school": school, "year_group": year, "value": value, "pupils": n}
        for (school, year, value), n in sorted(codes.items())
    ]


def _packed(chosen: list[Chosen], seed: str, already: Rows) -> list[JsonValue]:
    """Items for second judgement, in the order of their codes; codes go on after those already given."""
    numbers = Counter(str(item["year_group"]) for item in already)
    items: list[JsonValue] = []
    for judgement, reason in by_lottery(chosen, f"{seed}|code", lambda each: each.judgement.pupil):
        numbers[judgement.year_group] += 1
        code = f"{judgement.year_group}-{numbers[judgement.year_group]:02d}"
        items.append(_item(judgement, reason, code))
    return items


def _item(judgement: Judgement, reason: str, code: str) -> JsonValue:
    return {
        "code": code,
        "pupil": judgement.pupil,
        "school": judgement.school,
        "year_group": judgement.year_group,
        "class": judgement.class_name,
        "teacher": judgement.teacher,
        "first_value": judgement.value,
        "confidence": judgement.confidence,
        "stratum": f"{judgement.school}/{judgement.year_group}/{judgement.value}",
        "reason": reason,
    }


def _band(item: Mapping[str, JsonValue]) -> tuple[str, str, str]:
    return str(item["school"]), str(item["year_group"]), str(item["first_value"])
