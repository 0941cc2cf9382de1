"""Teachers' judgements of pupils' work, as a form hands them over: rows of JSON, read and grouped."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import TypeVar

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from engine.errors import InvalidInputError
from engine.model import Model
from engine.year_groups import YEAR_GROUPS, YearGroup

#: The writing scale from the top. Values of another scale come after it, by name.
BANDS = ("GDS", "EXS", "WTS")

#: Codes that say why there is no judgement to compare: pre-key-stage, engagement model, absent, left, ...
NOT_JUDGED = frozenset({"PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "EM", "A", "L", "F", "P"})

T = TypeVar("T")
Rows = Sequence[Mapping[str, JsonValue]]


class Judgement(Model):
    """One teacher's judgement of one pupil. Further columns of the form are passed over."""

    model_config = ConfigDict(extra="ignore", validate_by_name=True, validate_by_alias=True)

    pupil: str
    """The school's own code for the pupil; never a name."""
    school: str
    year_group: YearGroup
    class_name: str = Field(alias="class")
    teacher: str
    value: str = Field(min_length=1)
    confidence: str = "secure"

    @property
    def judged(self) -> bool:
        return self.value not in NOT_JUDGED

    @property
    def borderline(self) -> bool:
        return self.confidence.startswith("borderline")


def read_judgements(rows: Rows) -> list[Judgement]:
    """The rows as judgements, youngest year group first, then by school and pupil. Every fault is listed."""
    try:
        judgements = _ROWS.validate_python(rows)
    except ValidationError as invalid:
        faults = (f"judgement {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid.errors())
        raise InvalidInputError(faults) from invalid
    twice = [pupil for pupil, times in Counter(each.pupil for each in judgements).items() if times > 1]
    if twice:
        raise InvalidInputError(f"pupil {pupil} is judged more than once" for pupil in twice)
    return sorted(judgements, key=lambda each: (*_cohort(each), each.pupil))


def cohorts(judgements: Iterable[Judgement], schools: Sequence[str] = ()) -> list[list[Judgement]]:
    """The judged pupils of each school and year group; of these schools only, if any are given.

    `judgements` are in the order `read_judgements` gives.
    """
    wanted = (each for each in judgements if each.judged and each.school in (schools or (each.school,)))
    return [list(members) for _, members in groupby(wanted, key=_cohort)]


def by_lottery(things: Iterable[T], seed: str, name: Callable[[T], str]) -> list[T]:
    """In the order of SHA-256 of `seed|name`: no one's choice, and anyone can check it on any machine."""
    return sorted(things, key=lambda thing: sha256(f"{seed}|{name(thing)}".encode()).hexdigest())


def band_order(value: str) -> tuple[int, str]:
    """Sorts values from the top of the scale down."""
    return (BANDS.index(value) if value in BANDS else len(BANDS), value)


def _cohort(judgement: Judgement) -> tuple[int, str]:
    return _YEARS.index(judgement.year_group), judgement.school


_YEARS = tuple(YEAR_GROUPS)
_ROWS = TypeAdapter(list[Judgement])
