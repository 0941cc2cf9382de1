"""The moderation-agreement report: how far teachers and moderators agreed, and what changed."""

from collections.abc import Sequence

from reports.moderation import ModeratedItem, ModerationInput
from reports.moderation_notes import report_notes, year_notes
from reports.moderation_report import Kappas, ModerationReport, SchoolRow, YearReport
from reports.statistics import Pair, agreement, kappa, matrix, net_direction

Rows = tuple[SchoolRow, ...]


def moderation_agreement(given: ModerationInput) -> ModerationReport:
    """How far teachers and moderators agreed, and what changed.

    Pure: the same input always gives the same report.
    """
    signed = {sign_off.school for sign_off in given.sign_offs}
    return ModerationReport(
        title=given.title,
        cycle=given.cycle,
        half_term=given.half_term,
        subject=given.subject,
        as_known_on=given.as_known_on,
        labels=given.labels,
        schools=given.schools,
        years=tuple(_year(given, year_group) for year_group in given.year_groups),
        returned=given.returned,
        sign_offs=given.sign_offs,
        not_signed=tuple(school for school in given.schools if school not in signed),
        late=given.late,
        deferred=given.deferred,
        appeals=given.appeals,
        notes=tuple(report_notes(given.items)),
    )


def _year(given: ModerationInput, year_group: str) -> YearReport:
    judged = [item for item in given.items if item.year_group == year_group]
    scaled = [item for item in judged if _values(item) <= {*given.labels}]
    drawn = [item for item in scaled if item.reason != "extension"]
    pairs = _pairs(drawn)
    year = YearReport(
        year_group=year_group,
        cohort=sum(sizes.get(year_group, 0) for sizes in given.cohort_sizes.values()),
        n=len(drawn),
        agreement=agreement(pairs),
        random=agreement(_pairs([item for item in drawn if item.reason == "random"])),
        borderline=agreement(_pairs([item for item in drawn if item.reason == "borderline"])),
        matrix=matrix(pairs, given.labels),
        kappa=_kappas(pairs, given.labels),
        direction=net_direction(pairs, given.labels),
        schools=_rows(given, year_group, drawn),
        extension=_extension(given, year_group, scaled),
        not_judged=given.not_judged.get(year_group, {}),
        set_aside=len(judged) - len(scaled),
        notes=(),
    )
    return year.model_copy(update={"notes": tuple(year_notes(year))})


def _extension(given: ModerationInput, year_group: str, items: Sequence[ModeratedItem]) -> Rows:
    rows = _rows(given, year_group, [item for item in items if item.reason == "extension"])
    return tuple(row for row in rows if row.sampled)


def _values(item: ModeratedItem) -> set[str]:
    return {item.first_value, item.second_value, item.final_value}


def _pairs(items: Sequence[ModeratedItem]) -> list[Pair]:
    return [(item.first_value, item.second_value) for item in items]


def _kappas(pairs: Sequence[Pair], labels: Sequence[str]) -> Kappas:
    return Kappas(
        none=kappa(pairs, labels),
        linear=kappa(pairs, labels, "linear"),
        quadratic=kappa(pairs, labels, "quadratic"),
    )


def _rows(given: ModerationInput, year_group: str, items: Sequence[ModeratedItem]) -> Rows:
    present = {item.school for item in items}
    return tuple(
        _row(given, school, [item for item in items if item.school == school])
        for school in given.schools
        if school in present or year_group in given.cohort_sizes.get(school, {})
    )


def _row(given: ModerationInput, school: str, items: Sequence[ModeratedItem]) -> SchoolRow:
    moved = net_direction([(item.final_value, item.first_value) for item in items], given.labels)
    return SchoolRow(
        school=school,
        name=given.schools[school],
        sampled=moved.n,
        changed_up=moved.over,
        changed_down=moved.under,
        adjudicated=sum(item.settled_by == "adjudication" for item in items),
    )
