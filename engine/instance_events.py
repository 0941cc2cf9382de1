"""What happens to an instance as a whole."""

from typing import Annotated, Literal

from pydantic import JsonValue

from engine.fact import Fact
from engine.personal import THEIRS, Answered


class InstanceStarted(Fact):
    """An instance began. It keeps this definition for life, whatever happens to the file."""

    kind: Literal["instance-started"] = "instance-started"
    instance: str
    """The instance id, which is also the Temporal workflow id and the name of its stream."""
    process: str
    title: str
    name: str
    """What people call this cycle, from the definition's name template. Nothing personal."""
    definition: str
    """Content digest of the pinned definition."""
    calendar: str
    directory: str
    engine: int
    """The engine version whose rules decide for this instance."""
    owner_role: str
    confidentiality: str
    inputs: Annotated[dict[str, JsonValue], Answered()]
    stages: tuple[str, ...]
    schools: tuple[str, ...] = ()
    term: str | None = None
    root: str
    """The instance a leader started; differs from `instance` only in a child."""
    parent: str | None = None
    run_at: str | None = None
    """The address of the parent's step that runs this process; it is then a cycle of its own, no part."""
    processes: dict[str, str] = {}
    """Digests of the definitions that it may run, by process: pinned with its own."""
    part: str | None = None
    """The address in the parent whose steps this child runs."""
    data: Annotated[dict[str, JsonValue], Answered()] = {}
    """The parent's values that the child's steps read."""
    about: str | None = None
    """Whose records it makes: pupils' or staff's."""
    person: str | None = None
    """The person whose records they are, where it is one."""


class InstanceEnded(Fact):
    """Every step is finished."""

    kind: Literal["instance-ended"] = "instance-ended"
    outcome: str
    title: str
    reported: Annotated[dict[str, JsonValue], Answered()] = {}
    """What the outcome reports, computed at the end."""


class InstanceCancelled(Fact):
    """A person stopped it, and said why. Its open tasks are withdrawn with it."""

    kind: Literal["instance-cancelled"] = "instance-cancelled"
    reason: Annotated[str, THEIRS]


class InstanceMigrated(Fact):
    """It moved to another version of its definition, or to a newer calendar or directory, which it has from now on."""

    kind: Literal["instance-migrated"] = "instance-migrated"
    was: str
    """Content digest of the definition it had."""
    definition: str
    calendar: str
    directory: str
    engine: int
    version_was: int
    version: int
    title: str
    owner_role: str
    confidentiality: str
    stages: tuple[str, ...]
    inputs: Annotated[dict[str, JsonValue], Answered()] = {}
    """Inputs that it did not have, with their defaults; so with the values."""
    values: Annotated[dict[str, JsonValue], Answered()] = {}
    reason: Annotated[str, THEIRS]


class InstanceRenewed(Fact):
    """It goes on with the calendar and the directory that the register has now."""

    kind: Literal["instance-renewed"] = "instance-renewed"
    calendar: str
    """Content digest; so with the directory."""
    directory: str


class StepsFinished(Fact):
    """The steps of the definition are finished; what began beside them is still open."""

    kind: Literal["steps-finished"] = "steps-finished"
