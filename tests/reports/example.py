"""The worked example: three invented schools, Writing, Summer 1 2026 (domain.md, section 9)."""

from datetime import UTC, datetime

from reports.moderation import ModeratedItem, ModerationInput, Reason, Return, SignOff
from reports.statistics import Matrix, Pair

LABELS = ("WTS", "EXS", "GDS")
SCHOOLS = {"glenfield": "Glenfield", "brook-lane": "Brook Lane", "hollins": "Hollins"}
Y6: Matrix = ((5, 1, 0), (1, 10, 0), (0, 2, 4))
Y2: Matrix = ((5, 0, 0), (2, 11, 0), (0, 1, 4))
_BORDERLINE = {4, 5, 9, 12, 16, 18, 21}
_NEXT = {"glenfield": "brook-lane", "brook-lane": "hollins", "hollins": "glenfield"}


def pairs_of(matrix: Matrix, labels: tuple[str, ...] = LABELS) -> list[Pair]:
    """Spell a matrix out again, highest judgements first."""
    cells = [
        (first, second, n)
        for first, row in zip(labels, matrix, strict=True)
        for second, n in zip(labels, row, strict=True)
    ]
    return [(first, second) for first, second, n in reversed(cells) for _ in range(n)]


def item(code: str, school: str, year: str, pair: Pair, reason: Reason = "random") -> ModeratedItem:
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


def sample(year: str, matrix: Matrix) -> list[ModeratedItem]:
    """Nine pieces from Glenfield, nine from Brook Lane, five from Hollins."""
    schools = ["glenfield"] * 9 + ["brook-lane"] * 9 + ["hollins"] * 5
    return [
        item(f"{year}-{at:02}", school, year, pair, "borderline" if at in _BORDERLINE else "random")
        for at, (school, pair) in enumerate(zip(schools, pairs_of(matrix), strict=True))
    ]


def extension() -> list[ModeratedItem]:
    """Glenfield's other four greater-depth pieces in Year 6; one more changed, by Hollins' adjudication."""
    agreed = [item(f"Y6-x{at}", "glenfield", "Y6", ("GDS", "GDS"), "extension") for at in range(3)]
    changed = item("Y6-x3", "glenfield", "Y6", ("GDS", "EXS"), "extension")
    return [
        *agreed,
        changed.model_copy(update={"settled_by": "adjudication", "adjudicator_school": "hollins"}),
    ]


def example() -> ModerationInput:
    """Build the whole cycle as it stood on 18 June 2026."""
    signed = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
    return ModerationInput(
        title="Moderation between schools",
        cycle="moderation:2026-27:summer-1:writing",
        half_term="Summer 1, 2026",
        subject="Writing",
        as_known_on=datetime(2026, 6, 18, tzinfo=UTC).date(),
        schools=SCHOOLS,
        items=(*sample("Y2", Y2), *sample("Y6", Y6), *extension()),
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
