"""What people, time and other instances may ask of an instance: a closed set.

A command carries an id derived from business identity, so that sending it again is harmless:
the log answers a repeat with the first result.
"""

import re
from datetime import date, datetime
from typing import Annotated, Literal, get_args
from uuid import UUID, uuid5

from pydantic import Field, JsonValue, TypeAdapter
from pydantic_core import PydanticSerializationError

from engine.deadlines import Deadline
from engine.errors import InvalidInputError
from engine.model import Model
from engine.order import Order as Order  # noqa: PLC0414 - whoever writes a command finds it here
from engine.talk_commands import (
    AskForTime,
    AttachToTask,
    CommentOnTask,
    DelegateTask,
    GrantTime,
    HandBackTask,
    NudgeTask,
    RefuseTime,
)

#: The namespace of every id derived here.
TERMWISE_NAMESPACE = UUID("6f1d2c0a-7f3b-5d1e-9c52-0a4b8e6d7c11")


#: As JSON writes it; an even number of backslashes before it is text about it.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def command_id(*parts: object) -> UUID:
    """The id of the command with this business identity: same parts, same id, for ever."""
    return uuid5(TERMWISE_NAMESPACE, "\x1f".join(str(part) for part in parts))


class StartProcess(Order):
    """Begin an instance."""

    kind: Literal["start"] = "start"
    instance: str
    definition: str
    """Digest of the definition to keep for life."""
    calendar: str
    directory: str
    inputs: dict[str, JsonValue]
    root: str
    parent: str | None = None
    part: str | None = None
    run_at: str | None = None
    """The address of the parent's step that runs this process, which is then a cycle of its own."""
    attempt: int = 1
    processes: dict[str, str] = {}
    """Digests of the definitions that it and those it runs may run, by process."""
    school: str | None = None
    data: dict[str, JsonValue] = {}
    engine: int = 1
    """The rules it lives by; those of today unless it is told again from an old history."""


class ClaimTask(Order):
    """Take on a task one is a candidate for."""

    kind: Literal["claim"] = "claim"
    task: str


class ReleaseTask(Order):
    """Give a claimed task back to the candidates."""

    kind: Literal["release"] = "release"
    task: str


class CompleteTask(Order):
    """Answer a task. A candidate who has not claimed it does so by answering."""

    kind: Literal["complete"] = "complete"
    task: str
    outcome: str | None = None
    """One of the outcomes the task names; may be left out when there is only one."""
    values: dict[str, JsonValue] = {}
    reason: str | None = None
    """Must be given when the outcome sends the work back and has no codes."""
    code: str | None = None
    """One of the reasons that the outcome lists; must be given when it lists any."""
    minutes: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How long the work took, if the person says so."""


class SkipTask(Order):
    """Go on without a task; for whoever is asked, the head of the school or the owner role."""

    kind: Literal["skip"] = "skip"
    task: str
    code: str
    """One of the reasons that the task lists."""
    comment: str | None = None
    """What to add to the reason."""


class DeferTask(Order):
    """Put a task off to a later day; for whoever is asked, the head of the school or the owner role."""

    kind: Literal["defer"] = "defer"
    task: str
    code: str
    """One of the reasons that the task lists."""
    until: date
    """The day it comes back, in the morning."""
    comment: str | None = None
    """What to add to the reason."""


class ResumeTask(Order):
    """Bring a deferred task back before its day; for those who may defer it."""

    kind: Literal["resume"] = "resume"
    task: str


class ReassignTask(Order):
    """Ask somebody else; for the owner role, the head of the school or the assignee."""

    kind: Literal["reassign"] = "reassign"
    task: str
    to: str
    reason: str


class RecuseFromTask(Order):
    """Declare an interest in a task one is asked to do, and step back; others are asked, in later rounds too."""

    kind: Literal["recuse"] = "recuse"
    task: str


class JoinMember(Order):
    """Add a member to a for-each that runs; for the owner role."""

    kind: Literal["join-member"] = "join-member"
    address: str
    """Of the for-each: `visits`; the name is enough where it runs once."""
    values: dict[str, JsonValue]
    """A value for each of its names."""
    reason: str


class LeaveMember(Order):
    """Take a member out of a for-each that runs; for the owner role."""

    kind: Literal["leave-member"] = "leave-member"
    address: str
    key: str
    """The member's key, as it stands in addresses: `glenfield`."""
    reason: str


class RaiseEvent(Order):
    """Tell a waiting instance that something happened outside."""

    kind: Literal["raise"] = "raise"
    event: str
    reason: str
    values: dict[str, JsonValue] = {}
    """What is said with it: which of many it is about."""


class CancelProcess(Order):
    """Stop the instance for good, with the reason."""

    kind: Literal["cancel"] = "cancel"
    reason: str


class MigrateInstance(Order):
    """Move the instance to another version of its definition, or to a newer calendar or directory."""

    kind: Literal["migrate"] = "migrate"
    definition: str
    """Digest of the definition it has from then on."""
    calendar: str | None = None
    """Left out, it keeps the one it has; so with the directory."""
    directory: str | None = None
    reason: str
    engine: int = 1
    """The rules it lives by from then on."""


class RenewInstance(Order):
    """Decide with the calendar and the directory that the register has now. Harmless when it does already."""

    kind: Literal["renew"] = "renew"
    calendar: str
    directory: str


class PassTime(Order):
    """Let the clock reach what was due. Harmless when nothing is."""

    kind: Literal["pass-time"] = "pass-time"


class PassEvent(Order):
    """The instance this one is part of was told that something happened outside."""

    kind: Literal["pass-event"] = "pass-event"
    event: str
    reason: str
    values: dict[str, JsonValue] = {}
    raised_by: str
    """The person who raised it there."""
    until: Deadline | None = None
    """When a clock that it stops goes on at the latest."""


class EndChild(Order):
    """A child reports its end."""

    kind: Literal["end-child"] = "end-child"
    at: datetime
    """When it ended, by its own clock; the parent's time is never earlier."""
    address: str
    child: str
    outcome: str
    values: dict[str, JsonValue]


class EndCall(Order):
    """An activity that was called has given its result, or has failed for good."""

    kind: Literal["end-call"] = "end-call"
    address: str
    attempt: int
    result: JsonValue = None
    why: str | None = None
    """Why it failed; none when it did not."""


class EndRun(Order):
    """A process that is run has ended, has begun and is not waited for, or cannot begin."""

    kind: Literal["end-run"] = "end-run"
    at: datetime
    address: str
    child: str
    attempt: int | None = None
    """Of which attempt to start it this is said; none where it is said of its end."""
    outcome: str = ""
    reports: dict[str, JsonValue] = {}
    why: str | None = None
    """Why it cannot begin."""


Command = Annotated[
    StartProcess
    | ClaimTask
    | ReleaseTask
    | CompleteTask
    | ReassignTask
    | RecuseFromTask
    | JoinMember
    | LeaveMember
    | SkipTask
    | DeferTask
    | ResumeTask
    | DelegateTask
    | HandBackTask
    | AskForTime
    | GrantTime
    | RefuseTime
    | CommentOnTask
    | AttachToTask
    | NudgeTask
    | RaiseEvent
    | CancelProcess
    | MigrateInstance
    | RenewInstance
    | PassTime
    | PassEvent
    | EndChild
    | EndCall
    | EndRun,
    Field(discriminator="kind"),
]
"""The closed union. A new command is added here and in `engine/decide.py`, nowhere else."""

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Reads and writes one command as JSON."""

PersonCommand = (
    ClaimTask
    | ReleaseTask
    | CompleteTask
    | ReassignTask
    | RecuseFromTask
    | JoinMember
    | LeaveMember
    | SkipTask
    | DeferTask
    | ResumeTask
    | DelegateTask
    | HandBackTask
    | AskForTime
    | GrantTime
    | RefuseTime
    | CommentOnTask
    | AttachToTask
    | NudgeTask
    | RaiseEvent
    | CancelProcess
    | MigrateInstance
)

#: What people send, by kind: each is a named update of the workflow.
PERSON_COMMANDS: dict[str, type[PersonCommand]] = {
    model.model_fields["kind"].default: model for model in get_args(PersonCommand)
}


def refuse_unstorable(command: Command) -> None:
    """Raises InvalidInputError for texts that no database keeps: the null character, half a character."""
    try:
        text = command.model_dump_json()
    except PydanticSerializationError as error:
        raise InvalidInputError(["a text holds a broken character; type it anew"]) from error
    if _NULL.search(text):
        raise InvalidInputError(["a text holds a null character (U+0000); take it out"])


class Answer(Model):
    """What the sender of a command is told once its events are durable."""

    instance: str
    version: int
    """The version of the instance after the command; a repeat gets the first answer."""
