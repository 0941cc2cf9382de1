"""What becomes of records: they are held, erased, disposed of, or kept for another time."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from engine.model import Model
from engine.register.fact import RegisterFact
from engine.retention import Period


class Hold(Model):
    """A reason in law for which nothing of a person, or of a cycle, may be erased or disposed of."""

    id: str
    person: str | None = None
    cycle: str | None = None
    """The cycle's id; its parts are held with it."""

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.person is None) == (self.cycle is None):
            raise ValueError(f"{self.id}: a hold is on a person, or on a cycle")
        return self


class HoldPlaced(RegisterFact):
    """From now on nothing of it is erased or disposed of."""

    kind: Literal["hold-placed"] = "hold-placed"
    hold: Hold


class HoldLifted(RegisterFact):
    """The reason is gone. Whatever was due for disposal meanwhile is due again."""

    kind: Literal["hold-lifted"] = "hold-lifted"
    hold: str


class PersonErased(RegisterFact):
    """What is personal of somebody is gone. Their id stays, and what was done under it."""

    kind: Literal["person-erased"] = "person-erased"
    person: str
    cycles: tuple[str, ...] = ()
    """The closed instances in which they took part."""


class RetentionSet(RegisterFact):
    """Records of this class are kept so long, whenever they were made."""

    kind: Literal["retention-set"] = "retention-set"
    retention: str
    """The class of record, as definitions name it."""
    period: Period


class Disposed(Model):
    """One cycle whose time is over."""

    cycle: str
    """Its id; its parts go with it."""
    retention: str
    closed: date
    parts: tuple[str, ...] = ()
    """All of its instances, the cycle's own first."""


class RecordsDisposed(RegisterFact):
    """The content of a closed cycle is gone, for its time was over. That it was, and what was decided on it, stays."""

    kind: Literal["records-disposed"] = "records-disposed"
    disposed: Disposed
    kept_until: date
    period: Period
    """By which it was judged."""


RecordsFact = HoldPlaced | HoldLifted | PersonErased | RetentionSet | RecordsDisposed
