"""What steps do by themselves: members, branches, rounds, decisions, values, facts and messages."""

from typing import Annotated, Literal

from pydantic import JsonValue

from engine.deadlines import Deadline
from engine.fact import Fact
from engine.model import Model
from engine.personal import THEIRS, WORDS, Answered


class StepFinished(Fact):
    """A step made of steps, or one item or branch of it, is finished."""

    kind: Literal["step-finished"] = "step-finished"
    address: str


class Item(Model):
    """One member of a for-each: its key in addresses, and what its steps may read."""

    key: str
    values: Annotated[dict[str, JsonValue], Answered()]
    school: str | None = None


class ForEachOpened(Fact):
    """The members were counted and each began."""

    kind: Literal["for-each-opened"] = "for-each-opened"
    address: str
    step: str
    items: tuple[Item, ...]
    partial: bool = False
    """Whether it may go on before every member is finished."""
    until: Deadline | None = None
    """When it goes on without those that are not finished."""


class MemberJoined(Fact):
    """A member was added to a for-each that runs, and begins."""

    kind: Literal["member-joined"] = "member-joined"
    address: str
    step: str
    item: Item
    reason: Annotated[str, THEIRS]


class MemberLeft(Fact):
    """A member left a for-each that runs. What was open in it is withdrawn; what was done stays in the log."""

    kind: Literal["member-left"] = "member-left"
    address: str
    step: str
    key: str
    reason: Annotated[str, THEIRS]


class Joined(Fact):
    """Lines of work came together again, perhaps without some of them: those were withdrawn."""

    kind: Literal["joined"] = "joined"
    address: str
    step: str
    missing: tuple[str, ...]
    """The members' keys, or the branches' names."""
    because: Annotated[str, THEIRS]


class QuorumOpened(Fact):
    """Several people are asked, each for themselves. Each gets a task; see `TaskOpened`."""

    kind: Literal["quorum-opened"] = "quorum-opened"
    address: str
    step: str
    people: tuple[str, ...]


class QuorumReached(Fact):
    """Enough have answered, or enough no longer can: this is what they decided together."""

    kind: Literal["quorum-reached"] = "quorum-reached"
    address: str
    step: str
    outcome: str
    tied: bool = False
    """Whether another outcome had as many answers; then the one that is listed first was taken."""
    because: str
    returned_to: str | None = None
    """Address of the step that is done again, when this outcome sends the work back."""


class BranchChosen(Fact):
    """A choice was made; `branch` counts from 0, none when no case held and none was needed."""

    kind: Literal["branch-chosen"] = "branch-chosen"
    address: str
    step: str
    branch: int | None
    because: str


class ParallelOpened(Fact):
    """All branches began."""

    kind: Literal["parallel-opened"] = "parallel-opened"
    address: str
    step: str
    branches: int


class RoundStarted(Fact):
    """A repeat began a round (from 1), or rework sent a block back to an earlier step."""

    kind: Literal["round-started"] = "round-started"
    address: str
    step: str
    round: int


class ValuesSet(Fact):
    """Computed values were set in a scope."""

    kind: Literal["values-set"] = "values-set"
    address: str
    step: str
    scope: str
    values: Annotated[dict[str, JsonValue], Answered()]


class DecisionMade(Fact):
    """A row of a decision table held, and gave this."""

    kind: Literal["decision-made"] = "decision-made"
    address: str
    step: str
    scope: str
    row: int
    """Which, from 1."""
    because: Annotated[str, THEIRS]
    given: Annotated[dict[str, JsonValue], Answered()]
    """What each column held."""
    gives: Annotated[JsonValue, WORDS]


class FactRecorded(Fact):
    """A fact of the business, for whoever counts them."""

    kind: Literal["fact-recorded"] = "fact-recorded"
    address: str
    step: str
    scope: str
    type: str
    """What kind of fact, in a word of the definition."""
    school: str | None = None
    values: Annotated[dict[str, JsonValue], Answered()] = {}


class NotificationRequested(Fact):
    """The definition asked for a message."""

    kind: Literal["notification-requested"] = "notification-requested"
    address: str
    step: str
    to: tuple[str, ...]
    subject: Annotated[str, WORDS]
    body: Annotated[str, WORDS]
