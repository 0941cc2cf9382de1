"""Who is to be told what: one row for each event, channel and person, planned once and for ever.

A row names the task or the instance; what it is called and whether it is still open, the courier asks
when it sends. Nothing personal is in a subject. Sending work back plans nothing of its own: the task that
is then opened again tells those who are asked again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Literal
from uuid import UUID, uuid5

from engine.events import (
    Event,
    NotificationRequested,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
    TaskResumed,
)
from engine.records import Recorded
from storage.database import Connection
from storage.projections.projection import Projection

#: Every row is planned for mail, whatever the settings. They choose what carries it (`workers/channels.py`)
#: and may change; a row must not. A further channel has rows of its own, planned here as well.
CHANNEL = "mail"

Kind = Literal[
    "task-opened",
    "task-again",
    "task-reassigned",
    "task-resumed",
    "task-reminded",
    "task-overdue",
    "task-escalated",
    "notification-requested",
]

#: Names message ids; never to be changed.
_MESSAGES = UUID("7465726d-7769-5365-8000-6d6573736167")

PLAN = """
insert into outbox (message_id, position, channel, recipient, kind, subject, parameters)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
on conflict do nothing
"""


@dataclass(frozen=True)
class Notice:
    """What an event asks us to tell."""

    kind: Kind
    subject: str
    to: tuple[str, ...]
    parameters: dict[str, object] = field(default_factory=dict)


async def apply(connection: Connection, events: Sequence[Recorded]) -> None:
    """Plan what is not planned yet."""
    rows = [row for each in events if (notice := _notice(each.event)) for row in _rows(each, notice)]
    await connection.execute(PLAN, *([row[column] for row in rows] for column in range(7)))


def message_id(position: int, channel: str, recipient: str) -> UUID:
    """The same for ever for the same event, channel and person, so that a channel can know a repeat."""
    return uuid5(_MESSAGES, f"{position}:{channel}:{recipient}")


def _rows(each: Recorded, notice: Notice) -> Iterator[tuple[object, ...]]:
    parameters = dumps({"instance": each.stream, **notice.parameters})
    for person in dict.fromkeys(notice.to):
        yield (
            message_id(each.position, CHANNEL, person),
            each.position,
            CHANNEL,
            person,
            notice.kind,
            notice.subject,
            parameters,
        )


def _notice(event: Event) -> Notice | None:
    if isinstance(event, NotificationRequested):
        return Notice("notification-requested", event.subject, event.to, {"body": event.body})
    return _about_task(event)


def _about_task(event: Event) -> Notice | None:
    notice: Notice | None = None
    match event:
        case TaskOpened(task=task):
            to = (event.assignee,) if event.assignee else event.candidates
            if event.round > 1:
                notice = Notice("task-again", "Work has come back to you", to, {"task": task})
            else:
                notice = Notice("task-opened", "A task is waiting for you", to, {"task": task})
        case TaskReassigned(task=task):
            to = () if event.person == event.by else (event.person,)
            notice = Notice("task-reassigned", "A task was passed to you", to, {"task": task})
        case TaskResumed(task=task):
            to = tuple(person for person in event.to if person != event.by)
            notice = Notice("task-resumed", "A task has come back to you", to, {"task": task})
        case TaskReminded(task=task, days=days):
            notice = Notice("task-reminded", "A task is due soon", event.to, {"task": task, "days": days})
        case TaskOverdue(task=task):
            notice = Notice("task-overdue", "A task is overdue", event.to, {"task": task})
        case TaskEscalated(task=task, days=days, role=role):
            known = {"task": task, "days": days, "role": role}
            notice = Notice("task-escalated", "An overdue task needs your attention", event.to, known)
        case _:
            pass
    return notice


PLANNED = ("message_id", "position", "channel", "recipient", "kind", "subject", "parameters")

OUTBOX = Projection(name="outbox", version=1, tables={"outbox": PLANNED}, apply=apply, keeps=True)
