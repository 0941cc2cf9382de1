"""A moderation report in a terminal: 80 columns, readable without colour."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports.moderation_report import ModerationReport, SchoolRow, YearReport
from reports.statistics import Agreement
from reports.wording import coefficient, count, day, moment, percent, signed, span, tally, year


def moderation(report: ModerationReport) -> RenderableType:
    """Lay the report out for a console of 80 columns or more."""
    known = f", as known on {day(report.as_known_on)}" if report.as_known_on else ""
    return Group(
        Text(report.title, "bold"),
        Text(f"{report.subject}, {report.half_term}{known}"),
        Text(report.cycle, "dim"),
        *(_year(each, report.labels) for each in report.years),
        _heading("Submission"),
        *map(_note, _submission(report)),
        _heading("How to read this"),
        *map(_note, report.notes),
    )


def _submission(report: ModerationReport) -> Iterator[str]:
    for sign_off in report.sign_offs:
        receipt = f"receipt {sign_off.receipt}" if sign_off.receipt else "no receipt yet"
        name = report.schools[sign_off.school]
        yield f"{name}: signed by the {sign_off.by_role}, {moment(sign_off.at)}; {receipt}"
    yield from (f"{report.schools[school]}: not signed off" for school in report.not_signed)
    for back in report.returned:
        where = f"{report.schools[back.school]}, {year(back.year_group)}"
        yield f"{where}: returned in round {back.round}, reason: {back.reason}"
    why = f" ({tally(report.deferred)})" if report.deferred else ""
    deferred = f"{sum(report.deferred.values())} deferred{why}"
    yield f"{report.late} late, {deferred}, {count(report.appeals, 'appeal')}"


def _year(figures: YearReport, labels: tuple[str, ...]) -> RenderableType:
    return Group(
        _heading(f"{year(figures.year_group)}: {figures.n} sampled of {count(figures.cohort, 'pupil')}"),
        _figures(figures),
        *([_matrix(figures, labels)] if figures.matrix else []),
        *([_changes("School", figures.schools)] if figures.schools else []),
        *([_changes("Extension, apart", figures.extension)] if figures.extension else []),
        *map(_note, figures.notes),
    )


def _figures(figures: YearReport) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_row("  Agreement", _agreement(figures.agreement))
    for reason, part in (("random", figures.random), ("borderline", figures.borderline)):
        if part.n:
            table.add_row("", f"{part.agreed} of {part.n} {reason} pieces")
    for weighting, value in figures.kappa:
        name = "unweighted" if weighting == "none" else weighting
        table.add_row("  Kappa" if weighting == "none" else "", f"{name:<11} {coefficient(value, figures.n)}")
    lean = figures.direction
    table.add_row("  Direction", f"teacher higher {lean.over}, lower {lean.under}, net {signed(lean.net)}")
    if figures.not_judged:
        table.add_row("  Not judged", tally(figures.not_judged))
    return table


def _agreement(match: Agreement) -> str:
    if not match.n:
        return "nothing sampled"
    return f"{percent(match.share)} ({match.agreed} of {match.n}); 95% interval {span(match.interval)}"


def _matrix(figures: YearReport, labels: tuple[str, ...]) -> RenderableType:
    table = _table("Teacher \\ moderator", *labels)
    for position, (label, row) in enumerate(zip(labels, figures.matrix, strict=True)):
        cells = (Text(str(n), "bold" if at == position else "") for at, n in enumerate(row))
        table.add_row(Text(label), *cells)
    return Padding(table, (1, 1))


def _changes(first: str, rows: tuple[SchoolRow, ...]) -> RenderableType:
    table = _table(first, "Sampled", "Changed up", "Changed down", "Adjudicated")
    for row in rows:
        numbers = (row.sampled, row.changed_up, row.changed_down, row.adjudicated)
        table.add_row(Text(row.name), *map(str, numbers))
    return Padding(table, (0, 1, 1, 1))


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    table.add_column(Text(first), min_width=19)
    for name in numbers:
        table.add_column(Text(name), justify="right")
    return table


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, "bold"), (1, 0, 0, 0))


def _note(text: str) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_row(" -", Text(text))
    return table
