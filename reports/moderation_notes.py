"""What a reader must be told beside the figures, so that nobody takes them for more than they are."""

from collections.abc import Iterator, Sequence

from reports.moderation import ModeratedItem
from reports.moderation_report import YearReport
from reports.wording import count, span

_SMALL = 30  # below this the interval is too wide to compare anything (domain.md, section 9)


def year_notes(year: YearReport) -> Iterator[str]:
    """Yield what holds for this year group only, most important first. Reads everything but `year.notes`."""
    if year.n == 0:
        yield "Nothing was sampled, so there is no figure to report."
    elif year.n < _SMALL:
        yield (
            f"The sample is small ({year.n}), so the interval is wide: the true agreement could plausibly "
            f"lie anywhere from {span(year.agreement.interval)}."
        )
    if further := sum(row.sampled for row in year.extension):
        yield (
            f"The sample was extended by {count(further, 'piece')} where a standard gave concern. An "
            "extension is not a random sample, so it is reported separately and enters no agreement figure."
        )
    if year.set_aside:
        yield (
            f"{count(year.set_aside, 'piece')} left out of every figure: a code such as PK or A stands in "
            "place of a judgement."
        )


def report_notes(items: Sequence[ModeratedItem]) -> Iterator[str]:
    """Yield what holds for the whole report: how to read it, and how far to trust it."""
    yield "Kappa is agreement beyond chance: 1 is complete, 0 is what chance alone would give."
    yield "Never rank schools on these figures: the samples are far too small to tell schools apart."
    if any(item.reason == "borderline" for item in items):
        yield (
            "The sample is stratified and includes boundary cases, the hardest to judge, so it tends to "
            "understate agreement across the whole cohort."
        )
    if items:
        yield _independence(items)
    yield (
        "Counts only, no pupils. Where a school has one class in a year, its row can still point to one "
        "teacher: share it as personal."
    )


def _independence(items: Sequence[ModeratedItem]) -> str:
    own = sum(item.moderator_school == item.school for item in items)
    not_third = sum(item.adjudicator_school in {item.school, item.moderator_school} for item in items)
    if own or not_third:
        return (
            f"Independence was not complete: {count(own, 'piece')} moderated by the school's own staff, "
            f"{count(not_third, 'adjudication')} by a school already involved."
        )
    if any(item.settled_by == "adjudication" for item in items):
        return "Every piece was moderated by another school, and adjudicated from outside both."
    return "Every piece was moderated by another school."
