"""Of which events people are told: one line for each kind of letter, whatever the channel.

A new kind is a line in `TELLINGS` and a template of its name in `activities/templates/`. The event must say
itself whom it concerns: nobody looks anything up when it is planned, so that a rebuild plans the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from engine.events import (
    DeadlineMoved,
    NotificationRequested,
    TaskCommented,
    TaskDelegated,
    TaskEscalated,
    TaskHandedBack,
    TaskNudged,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TimeAsked,
    TimeGranted,
    TimeRefused,
)
from engine.fact import Fact
from engine.register.address_facts import AddressFailed

E = TypeVar("E", bound=Fact)
_Addressed = (
    DeadlineMoved
    | NotificationRequested
    | TaskReminded
    | TaskReplanned
    | TaskOverdue
    | TaskEscalated
    | TimeAsked
    | TimeGranted
    | TimeRefused
    | TaskCommented
    | TaskNudged
)

Concern = Literal["asked", "open", "request", "news"]
"""Until when a letter is worth sending.

While the task is asked of that person, while it is open, while more time is asked for it, or always.
"""


@dataclass(frozen=True)
class Notice:
    """What an event asks us to tell."""

    kind: str
    heading: str
    to: tuple[str, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    deputies: Mapping[str, str] = field(default_factory=dict)
    """Who is told besides, each with the person they cover for."""


@dataclass(frozen=True)
class Telling:
    """How one event becomes letters."""

    event: type[Fact]
    kind: str
    """Names the template."""
    subject: str
    """What the letter's subject begins with. It shows on locked screens: nothing personal."""
    concern: Concern
    notice: Callable[[Fact], Notice | None]


def tell(  # noqa: PLR0913 - a line of the table below
    event: type[E],
    kind: str,
    subject: str,
    to: Callable[[E], Iterable[str]],
    *,
    keeps: Sequence[str] = ("task",),
    concern: Concern = "asked",
    when: Callable[[E], bool] = lambda _: True,
    heading: Callable[[E], str] | None = None,
) -> Telling:
    """A kind of letter. `keeps`: the event's fields that its template needs; `heading`: words that go inside."""

    def notice(found: Fact) -> Notice | None:
        if not isinstance(found, event) or not when(found):
            return None
        known = {name: getattr(found, name) for name in keeps}
        if getattr(found, "statutory", False):
            known["urgent"] = True
        said = heading(found) if heading else subject
        told = tuple(dict.fromkeys(to(found)))
        deputies: Mapping[str, str] = getattr(found, "deputies", {})
        besides = {deputy: person for deputy, person in deputies.items() if person in told}
        return Notice(kind, said, told, known, besides)

    return Telling(event, kind, subject, concern, notice)


def _asked(event: TaskOpened) -> tuple[str, ...]:
    return (event.assignee,) if event.assignee else event.candidates


def _to(event: _Addressed) -> tuple[str, ...]:
    return event.to


def _first(event: TaskOpened) -> bool:
    return event.round == 1


def _again(event: TaskOpened) -> bool:
    return event.round > 1


def _other(event: TaskHandedBack) -> tuple[str, ...]:
    return (event.delegate if event.by == event.person else event.person,)


def _taker(event: TaskReassigned | TaskDelegated) -> tuple[str, ...]:
    return () if event.person == event.by else (event.person,)


def _others(event: TaskResumed) -> Iterable[str]:
    return (person for person in event.to if person != event.by)


def _another_day(event: DeadlineMoved) -> bool:
    return event.task is not None and event.another_day


def _administrators(event: AddressFailed) -> tuple[str, ...]:
    return event.told


def _words(event: NotificationRequested) -> str:
    return event.subject


#: Sending work back tells nobody by itself: the task that is then opened again tells those who are asked again.
TELLINGS = (
    tell(TaskOpened, "task-opened", "A task is waiting for you", _asked, when=_first),
    tell(TaskOpened, "task-again", "Work has come back to you", _asked, when=_again),
    tell(TaskReassigned, "task-reassigned", "A task was passed to you", _taker),
    tell(TaskReplanned, "task-replanned", "A task is now yours to do", _to, keeps=("task", "reason")),
    tell(TaskResumed, "task-resumed", "A task has come back to you", _others),
    tell(DeadlineMoved, "deadline-moved", "The date of a task has moved", _to, when=_another_day),
    tell(TaskReminded, "task-reminded", "A task is due soon", _to, keeps=("task", "days")),
    tell(TaskOverdue, "task-overdue", "A task is overdue", _to),
    tell(
        TaskEscalated, "task-escalated", "An overdue task needs your attention", _to,
        keeps=("task", "days", "role"), concern="open",
    ),
    tell(
        TaskDelegated, "task-delegated", "You are asked to do a task for somebody", _taker,
        keeps=("task", "owner", "reason"),
    ),
    tell(
        TaskHandedBack, "task-handed-back", "A task is with its owner again", _other,
        keeps=("task", "reason"), concern="open",
    ),
    tell(
        TimeAsked, "time-asked", "You are asked for more time", _to,
        keeps=("task", "by", "until", "reason"), concern="request",
    ),
    tell(
        TimeGranted, "time-granted", "There is more time for a task", _to,
        keeps=("task", "reason"), concern="open",
    ),
    tell(TimeRefused, "time-refused", "A deadline stays", _to, keeps=("task", "reason"), concern="open"),
    tell(
        TaskCommented, "task-commented", "Somebody has said something about a task", _to,
        keeps=("task", "by", "text"), concern="news",
    ),
    tell(TaskNudged, "task-nudged", "You are reminded of a task", _to, keeps=("task", "wanted_by")),
    tell(
        NotificationRequested, "notification-requested", "A message for you", _to,
        keeps=("body",), concern="news", heading=_words,
    ),
    tell(
        AddressFailed, "address-failed", "Mail to somebody comes back", _administrators,
        keeps=("person", "code"), concern="news",
    ),
)  # fmt: skip

KINDS: Mapping[str, Telling] = {each.kind: each for each in TELLINGS}

_BY_EVENT: Mapping[type[Fact], list[Telling]] = defaultdict(list)
for _each in TELLINGS:
    _BY_EVENT[_each.event].append(_each)


def notices(event: Fact) -> list[Notice]:
    """What this event asks us to tell, and whom."""
    tellings = _BY_EVENT.get(type(event), ())
    return [notice for each in tellings if (notice := each.notice(event))]
