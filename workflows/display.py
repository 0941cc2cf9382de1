"""What admins see in the Temporal UI: search attributes, the current details, the timer's name. Nothing personal."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from engine.dates import say_day
from engine.model import Sent
from engine.state import State, Tally
from engine.world import World

PROCESS = SearchAttributeKey.for_keyword("TermwiseProcess")
TRUST = SearchAttributeKey.for_keyword("TermwiseTrust")
SCHOOL = SearchAttributeKey.for_keyword_list("TermwiseSchool")
TERM = SearchAttributeKey.for_keyword("TermwiseTerm")
OWNER = SearchAttributeKey.for_keyword("TermwiseOwnerRole")
STAGE = SearchAttributeKey.for_keyword("TermwiseStage")
DUE = SearchAttributeKey.for_datetime("TermwiseDue")
OVERDUE = SearchAttributeKey.for_int("TermwiseOverdue")

#: All that must be registered in a namespace before a process starts.
SEARCH_ATTRIBUTES = (PROCESS, TRUST, SCHOOL, TERM, OWNER, STAGE, DUE, OVERDUE)
FINISHED = "finished"
#: The details are made anew with every command: they stay short in a trust of ninety schools, too.
_MOST_ROWS = 40


class Status(Sent):
    """An instance in short."""

    version: int
    status: str
    outcome: str | None = None
    open_tasks: int = 0
    next_moment: datetime | None = None


def attributes(world: World, term: str | None, schools: tuple[str, ...]) -> TypedSearchAttributes:
    """What an instance can be found by from its first moment."""
    known = TypedSearchAttributes(
        [
            SearchAttributePair(PROCESS, world.program.definition.process),
            SearchAttributePair(TRUST, world.directory.trust.key),
            SearchAttributePair(OWNER, world.program.definition.owner),
            SearchAttributePair(SCHOOL, schools),
        ]
    )
    return known.updated(SearchAttributePair(TERM, term)) if term else known


class Display:
    """Keeps the UI true with few events: attributes move with the stage, the lateness and the timer."""

    def __init__(self) -> None:
        self._shown: tuple[str, int] | None = None

    def stale(self, state: State) -> bool:
        """Whether the stage or the number of overdue tasks has moved since it was last shown."""
        return self._shown != _headline(state)

    def tell(self, state: State, world: World, stuck: tuple[int, str] | None) -> None:
        """Update the current details, which costs no event."""
        workflow.set_current_details(_details(state, world, stuck))

    def show(self, state: State) -> None:
        """Update the search attributes, which costs one event, when stage or lateness have moved."""
        if not self.stale(state):
            return
        stage, overdue = self._shown = _headline(state)
        due = state.next_moment
        workflow.upsert_search_attributes(
            [
                STAGE.value_set(stage),
                OVERDUE.value_set(overdue),
                DUE.value_set(due) if due else DUE.value_unset(),
            ]
        )

    def moved(self, world: World) -> None:
        """What an instance can be found by follows to another version, at the cost of one event."""
        workflow.upsert_search_attributes(
            [
                OWNER.value_set(world.program.definition.owner),
                TRUST.value_set(world.directory.trust.key),
            ]
        )

    def timer(self, state: State) -> str:
        """The name of the agenda timer."""
        count = len(state.agenda[state.next_moment]) if state.next_moment else 0
        return (
            f"the next {'moment' if count == 1 else f'{count} moments'} of the agenda"
            if count
            else "nothing due"
        )

    def status(self, state: State | None) -> Status:
        """The answer to the query."""
        if state is None:
            return Status(version=0, status="starting")
        return Status(
            version=state.version,
            status=state.status,
            outcome=state.outcome,
            open_tasks=len(state.open_tasks),
            next_moment=state.next_moment,
        )


def _headline(state: State) -> tuple[str, int]:
    overdue = sum(tally.overdue for tally in state.tallies.values())
    if state.status != "running":
        return (state.outcome or FINISHED, overdue)
    open_stages = {stage for (stage, _), tally in state.tallies.items() if tally.open}
    return (next((stage for stage in state.started.stages if stage in open_stages), "waiting"), overdue)


def _aside(tally: Tally) -> str:
    """What is neither open nor done, and why."""
    counts = {"deferred": tally.deferred, "skipped": tally.skipped, "not answered": tally.lapsed}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _details(state: State, world: World, stuck: tuple[int, str] | None) -> str:
    lines = [f"### {state.started.name}", ""]
    if stuck:
        lines += [f"**Cannot go on:** {stuck[1]}", ""]
    lines += [f"Status: **{state.outcome or state.status}** at version {state.version}", ""]
    rows = [
        f"| {stage} | {_school(world, school)} | {tally.open} | {tally.done} | {tally.overdue} | {_aside(tally)} |"
        for (stage, school), tally in sorted(state.tallies.items(), key=lambda cell: _order(state, cell[0]))
    ]
    if len(rows) > _MOST_ROWS:
        rows = [*rows[:_MOST_ROWS], f"| and {len(rows) - _MOST_ROWS} more | | | | | |"]
    if rows:
        lines += [
            "| Stage | School | Open | Done | Overdue | Set aside |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    waiting = [f"{role} ({count})" for role, count in sorted(state.asked.items())]
    events = {each.event for wait in state.waits.values() for each in wait.awaited}
    waiting += sorted(events | {"a date" for wait in state.waits.values() if not wait.awaited})
    waiting += sorted({f"the activity {call.activity}" for call in state.calls.values()})
    lines += [f"Waiting for: {', '.join(waiting)}", ""] if waiting else []
    if state.next_moment:
        lines += [f"Time matters next on {say_day(world.calendar.local_date(state.next_moment))}", ""]
    lines += [f"Runs: {', '.join(sorted(state.runs))}", ""] if state.runs else []
    lines += [f"In child instances: {', '.join(sorted(state.children))}"] if state.children else []
    return "\n".join(lines)


def _order(state: State, cell: tuple[str, str]) -> tuple[int, str]:
    stages = state.started.stages
    return (stages.index(cell[0]) if cell[0] in stages else len(stages), cell[1])


def _school(world: World, key: str) -> str:
    return world.directory.school(key).name if key else "trust"
