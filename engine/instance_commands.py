"""What people ask of an instance as a whole: to begin, to change, to stop."""

from typing import Literal

from pydantic import JsonValue

from engine.order import Order


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
