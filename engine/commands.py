"""What people, time and other instances may ask of an instance: a closed set.

A command carries an id derived from business identity, so that sending it again is harmless:
the log answers a repeat with the first result.
"""

import re
from typing import Annotated, get_args
from uuid import UUID, uuid5

from pydantic import Field, TypeAdapter
from pydantic_core import PydanticSerializationError

from engine.errors import InvalidInputError
from engine.instance_commands import (
    CancelProcess,
    JoinMember,
    LeaveMember,
    MigrateInstance,
    RaiseEvent,
    StartProcess,
)
from engine.linked_commands import (
    EndCall,
    EndChild,
    EndRun,
    PassEvent,
    PassTime,
    RenewInstance,
)
from engine.model import Model
from engine.order import Order
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
from engine.task_commands import (
    ClaimTask,
    CompleteTask,
    DeferTask,
    ReassignTask,
    RecuseFromTask,
    ReleaseTask,
    ResumeTask,
    SkipTask,
)

#: Whoever reads or writes a command finds it here, wherever it is kept.
__all__ = [
    "COMMAND",
    "PERSON_COMMANDS",
    "TERMWISE_NAMESPACE",
    "Answer",
    "AskForTime",
    "AttachToTask",
    "CancelProcess",
    "ClaimTask",
    "Command",
    "CommentOnTask",
    "CompleteTask",
    "DeferTask",
    "DelegateTask",
    "EndCall",
    "EndChild",
    "EndRun",
    "GrantTime",
    "HandBackTask",
    "JoinMember",
    "LeaveMember",
    "MigrateInstance",
    "NudgeTask",
    "Order",
    "PassEvent",
    "PassTime",
    "PersonCommand",
    "RaiseEvent",
    "ReassignTask",
    "RecuseFromTask",
    "RefuseTime",
    "ReleaseTask",
    "RenewInstance",
    "ResumeTask",
    "SkipTask",
    "StartProcess",
    "command_id",
    "refuse_unstorable",
]

#: The namespace of every id derived here.
TERMWISE_NAMESPACE = UUID("6f1d2c0a-7f3b-5d1e-9c52-0a4b8e6d7c11")


#: As JSON writes it; an even number of backslashes before it is text about it.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def command_id(*parts: object) -> UUID:
    """The id of the command with this business identity: same parts, same id, for ever."""
    return uuid5(TERMWISE_NAMESPACE, "\x1f".join(str(part) for part in parts))


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
"""The closed union. A new command is added here and in `engine/decide.py`."""

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
