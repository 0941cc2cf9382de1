"""Show one cycle: what it was started with, what is open, what it waits for.

Example: termwise show moderation:2026-27:summer-1:writing
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from cyclopts import App, Parameter
from pydantic import JsonValue
from rich.console import RenderableType
from rich.text import Text

from cli.finding import find_cycle
from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Then
from cli.output import facts, show, write_json
from cli.setup import open_desk
from cli.stopping import stopped
from cli.wording import Words, counted
from engine.access.sight import Sight
from engine.events import Awaited, InstanceStarted
from engine.raising import said
from engine.state import State, Stop, Wait
from reports.cycle import Cycle
from workers.reporting import read_cycle

app = App(name="show")


@app.default
async def show_cycle(
    cycle: Annotated[str, Parameter(help="Its id, or the beginning of it.")],
    /,
    *,
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk(options.as_) as desk:
        past = await looking_back(desk, then)
        seen = await read_cycle(past.records, await find_cycle(desk.records, cycle))
    if options.json:
        write_json(days(then) | _plain(seen))
    else:
        tell_day(then)
        show(*_rendered(seen, Words(seen.world.directory, desk.trust.calendar)))


def _instances(cycle: Cycle) -> tuple[State, ...]:
    return (cycle.root, *cycle.parts)


def _plain(cycle: Cycle) -> dict[str, object]:
    started = cycle.root.started
    return {
        **started.model_dump(mode="json", exclude={"kind", "data", "part", "inputs"}),
        "inputs": _inputs(cycle),
        "state": cycle.root.status,
        "outcome": cycle.root.outcome,
        "reported": _reported(cycle),
        "version": cycle.root.version,
        "definition_version": cycle.world.program.definition.version,
        "open": sum(len(each.open_tasks) for each in _instances(cycle)),
        "deferred": sum(len(each.deferred_tasks) for each in _instances(cycle)),
        "waits": [
            {
                "instance": state.instance,
                "event": wait.awaited[0].event if wait.awaited else None,
                "raised_by": wait.awaited[0].raised_by if wait.awaited else (),
                "awaited": [each.model_dump(mode="json") for each in wait.awaited],
                "until": wait.until,
            }
            for state, wait in _waits(cycle)
        ],
        "stopped": [
            {"instance": state.instance, "event": stop.event, "school": stop.school, "since": stop.since}
            for state, stop in _stops(cycle)
        ],
        "parts": [{"instance": part.instance, "state": part.status} for part in cycle.parts],
    }


def _inputs(cycle: Cycle) -> dict[str, JsonValue]:
    """What it was started with, as far as its reader may see it."""
    if cycle.sight < Sight.ANSWERS:
        return {}
    declared = cycle.world.program.definition.inputs
    personal = {name for name, given in declared.items() if getattr(given, "personal", False)}
    hidden = personal if cycle.sight < Sight.ALL else set()
    return {name: value for name, value in cycle.root.started.inputs.items() if name not in hidden}


def _reported(cycle: Cycle) -> Mapping[str, JsonValue]:
    return cycle.root.reported if cycle.sight >= Sight.ANSWERS else {}


def _waits(cycle: Cycle) -> Iterator[tuple[State, Wait]]:
    for state in _instances(cycle):
        for wait in state.waits.values():
            yield state, wait


def _whose(stop: Stop, words: Words) -> str:
    return "everything" if stop.person else words.school(stop.school)


def _stops(cycle: Cycle) -> Iterator[tuple[State, Stop]]:
    for state in _instances(cycle):
        for key in sorted(state.stops) if state.status == "running" else ():
            yield state, state.stops[key]


def _rendered(cycle: Cycle, words: Words) -> Iterator[RenderableType]:
    started = cycle.root.started
    yield Text(started.name, "bold")
    yield facts(_header(cycle.root, started, cycle.world.program.definition.version, words))
    if reported := _reported(cycle):
        yield Text("\nReported", "bold")
        yield facts({name.replace("_", " "): words.value(each) for name, each in reported.items()})
    if inputs := _inputs(cycle):
        yield Text("\nStarted with", "bold")
        yield facts(words.answers(cycle.world.program.definition.inputs, inputs))
    yield Text("\nOpen", "bold")
    yield facts(_open(cycle)) if _open(cycle) else Text("nothing")
    waits = [_waiting(state, wait, words) for state, wait in _waits(cycle)]
    if waits:
        yield Text("\nWaiting", "bold")
        yield from map(Text, waits)
    stops = [
        f"{_whose(stop, words)}: {stopped(stop, words)}"
        for state, stop in _stops(cycle)
        if state is cycle.root
    ]
    if stops:
        yield Text("\nClocks that stand still", "bold")
        yield from map(Text, stops)
    if cycle.parts:
        yield Text("\nParts", "bold")
        yield facts(
            {words.school(part.started.schools[0]): f"{part.status}: {part.instance}" for part in cycle.parts}
        )


def _header(state: State, started: InstanceStarted, version: int, words: Words) -> dict[str, str | None]:
    return {
        "Cycle": state.instance,
        "State": state.outcome or state.status,
        "Process": f"{started.title}, version {version} (definition {started.definition[:12]})",
        "Started": f"{words.moment(started.at)}, by {words.person(started.by)}",
        "Answers for it": started.owner_role,
        "Class": started.confidentiality,
    }


def _open(cycle: Cycle) -> dict[str, str | None]:
    """Open and deferred tasks by stage, in the order of the stages."""
    tasks = [state.tasks[each] for state in _instances(cycle) for each in state.unfinished]
    counts = Counter(task.stage for task in tasks if task.status == "open")
    late = Counter(task.stage for task in tasks if task.status == "open" and task.overdue)
    deferred = Counter(task.stage for task in tasks if task.status == "deferred")
    return {
        stage: counted(counts[stage], "task")
        + (f", {late[stage]} late" if late[stage] else "")
        + (f", {deferred[stage]} deferred" if deferred[stage] else "")
        for stage in cycle.root.started.stages
        if counts[stage] or deferred[stage]
    }


def _waiting(state: State, wait: Wait, words: Words) -> str:
    what = " or ".join(_awaited(each, words) for each in wait.awaited) or "a date"
    until = f", until {words.moment(wait.until.at)}" if wait.until else ""
    return f"{state.instance}: for {what}{until}"


def _awaited(awaited: Awaited, words: Words) -> str:
    return said(awaited) + (
        f" (raised by {words.people(awaited.raised_by) if awaited.raised_by else 'the owner'})"
    )
