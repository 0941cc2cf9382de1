"""What has happened in an instance: the closed set of facts the log is made of.

Every fact says when it happened and who did it. A fact carries all that a reader needs to
rebuild state without deciding again: the resolved date with its reason, the people chosen, the
branch taken. So an old log reads the same under a newer engine.
"""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from engine.date_events import DeadlineMoved
from engine.fact import TERMWISE, Fact
from engine.instance_events import (
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceRenewed,
    InstanceStarted,
    StepsFinished,
)
from engine.linked_events import (
    CallFailed,
    CallFinished,
    CallRequested,
    CallWithdrawn,
    ChildEnded,
    ChildStarted,
    ChildWithdrawn,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
)
from engine.outside_events import (
    Awaited,
    ClockStarted,
    ClockStopped,
    EventRaised,
    MatterOpened,
    Rescheduled,
    RescheduledWait,
    WaitEnded,
    WaitOpened,
    WaitWithdrawn,
)
from engine.register.address_facts import AddressCleared, AddressFailed
from engine.register.calendar_facts import CalendarChanged
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from engine.register.cover_facts import CoverFact
from engine.register.key_facts import KeyFact
from engine.register.people_facts import PeopleFact
from engine.register.preference_facts import PreferencesSet
from engine.register.record_facts import RecordsFact
from engine.register.school_facts import SchoolFact
from engine.step_events import (
    BranchChosen,
    DecisionMade,
    FactRecorded,
    ForEachOpened,
    Item,
    Joined,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    ParallelOpened,
    QuorumOpened,
    QuorumReached,
    RoundStarted,
    StepFinished,
    ValuesSet,
)
from engine.talk_events import (
    NudgePlanned,
    TaskAttached,
    TaskCommented,
    TaskDelegated,
    TaskHandedBack,
    TaskNudged,
    TimeAsked,
    TimeGranted,
    TimeRefused,
)
from engine.task_events import (
    TaskClaimed,
    TaskCompleted,
    TaskDeferred,
    TaskEscalated,
    TaskLapsed,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskRecused,
    TaskReleased,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
)

__all__ = [
    "EVENT",
    "EVENT_KINDS",
    "TERMWISE",
    "Awaited",
    "BranchChosen",
    "CallFailed",
    "CallFinished",
    "CallRequested",
    "CallWithdrawn",
    "ChildEnded",
    "ChildStarted",
    "ChildWithdrawn",
    "ClockStarted",
    "ClockStopped",
    "DeadlineMoved",
    "DecisionMade",
    "Event",
    "EventRaised",
    "Fact",
    "FactRecorded",
    "ForEachOpened",
    "InstanceCancelled",
    "InstanceEnded",
    "InstanceMigrated",
    "InstanceRenewed",
    "InstanceStarted",
    "Item",
    "Joined",
    "MatterOpened",
    "MemberJoined",
    "MemberLeft",
    "NotificationRequested",
    "NudgePlanned",
    "ParallelOpened",
    "QuorumOpened",
    "QuorumReached",
    "Rescheduled",
    "RescheduledWait",
    "RoundStarted",
    "RunFailed",
    "RunFinished",
    "RunRequested",
    "RunWithdrawn",
    "StepFinished",
    "StepsFinished",
    "TaskAttached",
    "TaskClaimed",
    "TaskCommented",
    "TaskCompleted",
    "TaskDeferred",
    "TaskDelegated",
    "TaskEscalated",
    "TaskHandedBack",
    "TaskLapsed",
    "TaskNudged",
    "TaskOpened",
    "TaskOverdue",
    "TaskReassigned",
    "TaskRecused",
    "TaskReleased",
    "TaskReminded",
    "TaskReplanned",
    "TaskResumed",
    "TaskReturned",
    "TaskSkipped",
    "TaskWithdrawn",
    "TimeAsked",
    "TimeGranted",
    "TimeRefused",
    "ValuesSet",
    "WaitEnded",
    "WaitOpened",
    "WaitWithdrawn",
]

Event = Annotated[
    InstanceStarted
    | InstanceEnded
    | InstanceCancelled
    | InstanceMigrated
    | InstanceRenewed
    | StepFinished
    | ForEachOpened
    | MemberJoined
    | MemberLeft
    | Joined
    | QuorumOpened
    | QuorumReached
    | BranchChosen
    | ParallelOpened
    | RoundStarted
    | ValuesSet
    | DecisionMade
    | FactRecorded
    | TaskOpened
    | TaskClaimed
    | TaskReleased
    | TaskReassigned
    | TaskRecused
    | TaskReplanned
    | TaskCompleted
    | TaskReturned
    | TaskSkipped
    | TaskLapsed
    | TaskDeferred
    | TaskResumed
    | TaskWithdrawn
    | TaskReminded
    | TaskOverdue
    | TaskEscalated
    | TaskDelegated
    | TaskHandedBack
    | TimeAsked
    | TimeGranted
    | TimeRefused
    | TaskCommented
    | TaskAttached
    | NudgePlanned
    | TaskNudged
    | WaitOpened
    | WaitEnded
    | WaitWithdrawn
    | EventRaised
    | ClockStopped
    | ClockStarted
    | DeadlineMoved
    | MatterOpened
    | StepsFinished
    | ChildStarted
    | ChildEnded
    | CallRequested
    | CallFinished
    | CallFailed
    | CallWithdrawn
    | ChildWithdrawn
    | RunRequested
    | RunFinished
    | RunFailed
    | RunWithdrawn
    | NotificationRequested
    # Of the register: see `engine/register/`.
    | SchoolFact
    | PeopleFact
    | CalendarChanged
    | CoverFact
    | PreferencesSet
    | ChannelOpened
    | ChannelClosed
    | AddressFailed
    | AddressCleared
    | KeyFact
    | RecordsFact,
    Field(discriminator="kind"),
]
"""The closed union. A new kind of fact is added here and in `engine/evolve.py`, nowhere else; of the register's, here
and in its subject's module."""

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes one event as JSON."""

#: Every kind of fact, by its name in the log.
EVENT_KINDS: dict[str, type[Fact]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Event)[0])
}
