"""What a report on moderation is made from: `ModerationInput` is the whole truth it may use.

Pupils stand here as opaque ids; no report lets them out.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from engine.model import Model

Reason = Literal["borderline", "random", "extension"]
Settlement = Literal["agreed", "dialogue", "adjudication"]

_NOT_ON_THE_SCALE = ("PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "EM", "A", "L", "F", "P")


class ModeratedItem(Model):
    """One pupil's work, judged by the teacher and then blind by a moderator."""

    code: str
    """The pseudonym on the evidence pack; unique in the cycle."""
    pupil: str
    """An opaque id. It goes no further than this value."""
    school: str
    year_group: str
    first_value: str
    """The teacher's judgement."""
    second_value: str
    """The moderator's blind judgement."""
    final_value: str
    """What stands in the end."""
    reason: Reason
    settled_by: Settlement
    moderator_school: str
    adjudicator_school: str | None = None


class Return(Model):
    """A submission sent back to its school, and why."""

    school: str
    year_group: str
    round: PositiveInt
    reason: str


class SignOff(Model):
    """A school's final sign-off. `receipt` is None until the submission is acknowledged."""

    school: str
    by_role: str
    at: datetime
    receipt: str | None = None


class ModerationInput(Model):
    """Everything known about one moderation cycle. Refused when its parts contradict each other."""

    title: str
    cycle: str
    half_term: str
    subject: str
    as_known_on: date | None = None
    """The day whose knowledge this is; None when nobody asked for an earlier day."""
    labels: tuple[str, ...] = ("WTS", "EXS", "GDS")
    """The scale, lowest first."""
    off_scale: tuple[str, ...] = _NOT_ON_THE_SCALE
    """Codes that may stand in place of a judgement (STA codes for Key Stage 2); never part of a figure."""
    schools: dict[str, str]
    """Key to name, in the order to print."""
    items: tuple[ModeratedItem, ...]
    cohort_sizes: dict[str, dict[str, NonNegativeInt]]
    """School, then moderated year group, to number of pupils."""
    not_judged: dict[str, dict[str, NonNegativeInt]] = Field(default_factory=dict)
    """Year group, then code, to number of pupils in the cohort."""
    returned: tuple[Return, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    late: NonNegativeInt = 0
    deferred: dict[str, PositiveInt] = Field(default_factory=dict)
    """Reason code to number of deferrals."""
    appeals: NonNegativeInt = 0

    @property
    def year_groups(self) -> tuple[str, ...]:
        """Every year group that has a cohort, a sample or an unjudged pupil: R, then Y1 to Y6."""
        cohorts = (year for sizes in self.cohort_sizes.values() for year in sizes)
        return tuple(sorted({*cohorts, *(item.year_group for item in self.items), *self.not_judged}))

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        if len({*self.labels}) < len(self.labels):
            yield f"labels {', '.join(self.labels)}: each may stand once"
        known = {*self.labels, *self.off_scale}
        for item in self.items:
            for value in sorted({item.first_value, item.second_value, item.final_value} - known):
                yield f"item {item.code}: {value!r} is neither on the scale nor a known code"
        codes = Counter(item.code for item in self.items)
        yield from (f"item {code}: given {n} times" for code, n in codes.items() if n > 1)
        named = {*self.cohort_sizes, *(item.school for item in self.items)}
        named |= {back.school for back in self.returned} | {signed.school for signed in self.sign_offs}
        yield from (f"school {key!r} has no name in schools" for key in sorted(named - self.schools.keys()))
