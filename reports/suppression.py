"""Figures for those who may only count: no group so small that a person could be told from it.

Groups of fewer than ten are not told (docs/access.md). A school's part of them is left out whole: from two schools'
rows and the sum, the third could be had.
"""

from reports.moderation_report import ModerationReport, YearReport
from reports.wording import year as year_group

#: Pupils in the smallest group that is told.
FEWEST = 10


def suppressed(report: ModerationReport) -> ModerationReport:
    """The report for trustees and governors: of the whole trust, without what points to a school's class."""
    told = tuple(_year(each) for each in report.years if each.n >= FEWEST)
    untold = [year_group(each.year_group) for each in report.years if each.n < FEWEST]
    why = f"Of fewer than {FEWEST} pupils nothing is told"
    notes = (f"{why}: {', '.join(untold)}." if untold else f"{why}; schools are not told apart.",)
    return report.model_copy(update={"years": told, "returned": (), "notes": (*notes, *report.notes[:-1])})


def _year(figures: YearReport) -> YearReport:
    return figures.model_copy(
        update={
            "matrix": (),
            "schools": (),
            "extension": (),
            "not_judged": {code: n for code, n in figures.not_judged.items() if n >= FEWEST},
        }
    )
