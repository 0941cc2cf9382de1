"""What becomes of records: they are held, erased, disposed of, or kept for another time."""

from datetime import date
from typing import Literal

from engine.model import Model
from engine.register.fact import RegisterFact
from engine.retention import Period


class Hold(Model):
    """A reason in law for which nothing of a person, or of a cycle, may be erased or disposed of."""

    id: str
    person: str | None = None
    cycle: str | None = None
    """The cycle's id; its parts are held with it."""


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
    reason: str | None = None
    """Why, in the open: it outlives what is erased, so it names nobody."""
    cycles: tuple[str, ...] = ()
    """The closed cycles in which they took part."""
    whole: tuple[str, ...] = ()
    """Those of them of which all words go: they are about the person, or copies of their words stand among others'."""
    named: tuple[str, ...] = ()
    """Closed cycles in which others name them: lists show nothing of what was said there any more."""


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
