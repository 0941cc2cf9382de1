"""Who is asked instead, when an event says so."""

from dataclasses import dataclass

from engine.events import (
    Event,
    TaskClaimed,
    TaskDelegated,
    TaskHandedBack,
    TaskReassigned,
    TaskRecused,
    TaskReleased,
    TaskReplanned,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One person by name, or nobody in particular."""

    person: str | None


def asked_instead(event: Event) -> Asked | None:
    """Who is asked from now on; None for an event that leaves that as it is."""
    match event:
        case TaskClaimed() | TaskReassigned() | TaskDelegated() | TaskHandedBack() | TaskReleased():
            return Asked(event.person)
        case TaskRecused() | TaskReplanned():
            return Asked(event.assignee)
        case _:
            return None
