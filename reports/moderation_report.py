"""What the moderation-agreement report says: counts and shares, never a pupil, a teacher or a moderator."""

from datetime import date

from engine.model import Model
from reports.moderation import Return, SignOff
from reports.statistics import Agreement, Direction, Matrix


class SchoolRow(Model):
    """What moderation changed in one school. Pieces set aside as off the scale are not counted here."""

    school: str
    name: str
    sampled: int
    changed_up: int
    changed_down: int
    adjudicated: int


class Kappas(Model):
    """Cohen's kappa by weighting; None means not defined."""

    none: float | None
    linear: float | None
    quadratic: float | None


class YearReport(Model):
    """One year group. All figures are about the drawn sample; only `extension` is about what came after."""

    year_group: str
    cohort: int
    n: int
    """Pieces drawn and judged on the scale by both."""
    agreement: Agreement
    random: Agreement
    """The part of the sample drawn at random."""
    borderline: Agreement
    """The part chosen because it lay near a boundary."""
    matrix: Matrix
    """Rows the teacher, columns the moderator, both in label order."""
    kappa: Kappas
    direction: Direction
    """Over: the teacher was higher than the moderator."""
    schools: tuple[SchoolRow, ...]
    extension: tuple[SchoolRow, ...]
    not_judged: dict[str, int]
    set_aside: int
    """Pieces left out because a code stands in place of a judgement."""
    notes: tuple[str, ...]


class ModerationReport(Model):
    """What the trust may say about one cycle. `model_dump` of it is the report as JSON."""

    title: str
    cycle: str
    half_term: str
    subject: str
    as_known_on: date | None
    labels: tuple[str, ...]
    schools: dict[str, str]
    years: tuple[YearReport, ...]
    returned: tuple[Return, ...]
    sign_offs: tuple[SignOff, ...]
    not_signed: tuple[str, ...]
    """Schools without a sign-off."""
    late: int
    deferred: dict[str, int]
    appeals: int
    notes: tuple[str, ...]
