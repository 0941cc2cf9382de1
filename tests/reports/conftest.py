"""The worked example: three invented schools, Writing, Summer 1 2026 (domain.md, section 9)."""

from datetime import UTC, datetime

import pytest

from reports.moderation import ModeratedItem, ModerationInput, Reason, Return, SignOff
from reports.moderation_agreement import moderation_agreement
from reports.moderation_report import ModerationReport
from reports.statistics import Pair

SCHOOLS = {"glenfield": "Glenfield", "brook-lane": "Brook Lane", "hollins": "Hollins"}
_HIGH, _LOW = [("GDS", "GDS")] * 4, [("WTS", "WTS")] * 5
Y6 = [*_HIGH, *[("GDS", "EXS")] * 2, *[("EXS", "EXS")] * 10, ("EXS", "WTS"), ("WTS", "EXS"), *_LOW]
Y2 = [*_HIGH, ("GDS", "EXS"), *[("EXS", "EXS")] * 11, *[("EXS", "WTS")] * 2, *_LOW]
_BORDERLINE = {4, 5, 9, 12, 16, 18, 21}
_NEXT = {"glenfield": "brook-lane", "brook-lane": "hollins", "hollins": "glenfield"}


@pytest.fixture
def report(cycle: ModerationInput) -> ModerationReport:
    return moderation_agreement(cycle)


@pytest.fixture
def cycle() -> ModerationInput:
    """The whole cycle as it stood on 18 June 2026."""
    signed = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
    return ModerationInput(
        title="Moderation between schools",
        cycle="moderation:2026-27:summer-1:writing",
        half_term="Summer 1, 2026",
        subject="Writing",
        as_known_on=datetime(2026, 6, 18, tzinfo=UTC).date(),
        schools=SCHOOLS,
        items=(*_sample("Y2", Y2), *_sample("Y6", Y6), *_extension()),
        cohort_sizes={
            "glenfield": {"Y6": 58, "Y2": 60},
            "brook-lane": {"Y6": 60, "Y2": 57},
            "hollins": {"Y6": 30, "Y2": 29},
        },
        not_judged={"Y6": {"PK3": 2, "A": 1}},
        returned=(Return(school="glenfield", year_group="Y6", round=1, reason="incomplete"),),
        sign_offs=(
            SignOff(school="glenfield", by_role="headteacher", at=signed, receipt="NCA-2026-0618"),
            SignOff(school="brook-lane", by_role="headteacher", at=signed),
        ),
        late=1,
        deferred={"inspection": 1},
        appeals=0,
    )


def _item(code: str, school: str, year: str, pair: Pair, reason: Reason = "random") -> ModeratedItem:
    """One piece whose moderator's judgement stands."""
    first, second = pair
    return ModeratedItem(
        code=code,
        pupil=f"pupil-{code}",
        school=school,
        year_group=year,
        first_value=first,
        second_value=second,
        final_value=second,
        reason=reason,
        settled_by="agreed" if first == second else "dialogue",
        moderator_school=_NEXT[school],
    )


def _sample(year: str, pairs: list[Pair]) -> list[ModeratedItem]:
    """Nine pieces from Glenfield, nine from Brook Lane, five from Hollins."""
    schools = ["glenfield"] * 9 + ["brook-lane"] * 9 + ["hollins"] * 5
    return [
        _item(f"{year}-{at:02}", school, year, pair, "borderline" if at in _BORDERLINE else "random")
        for at, (school, pair) in enumerate(zip(schools, pairs, strict=True))
    ]


def _extension() -> list[ModeratedItem]:
    """Glenfield's other four greater-depth pieces in Year 6; one more changed, by Hollins' adjudication."""
    agreed = [_item(f"Y6-x{at}", "glenfield", "Y6", ("GDS", "GDS"), "extension") for at in range(3)]
    changed = _item("Y6-x3", "glenfield", "Y6", ("GDS", "EXS"), "extension")
    return [
        *agreed,
        changed.model_copy(update={"settled_by": "adjudication", "adjudicator_school": "hollins"}),
    ]
