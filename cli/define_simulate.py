"""`termwise define simulate`: an academic year of a trust, played by invented people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.bar import Bar
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.options import PLAIN, Flag, Options, Pairs, UsageError, pairs
from cli.output import note, show, table, write_json
from cli.setup import settings
from cli.wording import counted, effort
from definitions.catalogue import FILE, Catalogue
from definitions.loader import load_program
from definitions.simulation.cycle import SimulatedCycle, simulate_cycle
from definitions.simulation.starting import starts_of
from definitions.simulation.temper import Temper
from definitions.trust import TrustFolder, load_trust
from engine.dates import say_day
from engine.definition.program import Program
from engine.definition.running import runs
from engine.errors import RefusedError
from engine.events import InstanceStarted
from engine.records import Recorded
from engine.schedules import academic_year
from engine.world import World
from reports.jobs import CycleLog
from reports.workload import Share, Workload, workload
from workers.wiring import catalogue

_PEOPLE = 12
_STUCK = 12
_BAR = 34
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class _Year:
    """What was played."""

    name: str
    seed: str
    temper: Temper
    cycles: tuple[SimulatedCycle, ...]
    assumptions: tuple[str, ...]
    figures: Workload


def simulate(  # noqa: PLR0913 - one for each thing that people may say
    what: Annotated[
        str | None, Parameter(help="The key, file or folder of a definition; all unless said.")
    ] = None,
    /,
    *,
    year: Annotated[
        str | None, Parameter(help="An academic year of the calendar; the last unless said.")
    ] = None,
    start: Annotated[
        tuple[str, ...],
        Parameter(help="A day on which it starts, instead of its schedule; as often as needed."),
    ] = (),
    inputs: Pairs = (),
    seed: Annotated[str, Parameter(help="The same seed gives the same year.")] = "1",
    nobody_answers: Annotated[Flag, Parameter(help="What happens when nobody does anything.")] = False,
    late: Annotated[int, Parameter(help="Of a hundred answers, how many come after their deadline.")] = 10,
    sent_back: Annotated[int, Parameter(help="Of a hundred times, how often work is sent back.")] = 10,
    raised: Annotated[int, Parameter(help="Of a hundred waits, in how many the event comes.")] = 10,
    options: Options = PLAIN,
) -> None:
    """Play an academic year by the schedules of definitions, and show who has how much to do when.

    Example: termwise define simulate moderation --year 2026-27
    """
    given = settings()
    trust = load_trust(given.trust)
    temper = Temper(
        answers=not nobody_answers,
        late=_share("--late", late),
        sends_back=_share("--sent-back", sent_back),
        raises=_share("--raised", raised),
    )
    known = catalogue(given.definitions)
    worlds = [
        World(program, trust.calendar, trust.directory, known.run_by(program))
        for program in _programs(what, known)
    ]
    played = _play(worlds, trust, year, _days(start), pairs(inputs), seed, temper)
    if options.json:
        write_json(_plain(played))
    else:
        show(*_rendered(played, trust))


def _share(option: str, percent: int) -> float:
    if not 0 <= percent <= _HUNDRED:
        raise UsageError(f"{option} {percent} is no share of a hundred; give a number from 0 to 100")
    return percent / _HUNDRED


def _days(given: Sequence[str]) -> list[date]:
    try:
        return [date.fromisoformat(each) for each in given]
    except ValueError:
        raise UsageError("--start needs a day written like 2027-05-03") from None


def _programs(what: str | None, known: Catalogue) -> list[Program]:
    """What is to be played. Of all, not what only others start."""
    if what is None:
        every = [known.program(key) for key in known.files()]
        run = {key for each in every for key in runs(each.definition)}
        return [each for each in every if each.schedules or each.definition.process not in run]
    path = Path(what)
    if path.suffix or path.exists():
        return [load_program(path / FILE if path.is_dir() else path)]
    return [known.program(what)]


def _play(  # noqa: PLR0913, PLR0917 - what is played, where, when and by whom
    worlds: Sequence[World],
    trust: TrustFolder,
    year: str | None,
    days: Sequence[date],
    inputs: dict[str, str],
    seed: str,
    temper: Temper,
) -> _Year:
    chosen = academic_year(trust.calendar, year)
    cycles: list[SimulatedCycle] = []
    assumptions: list[str] = []
    for world in worlds:
        planned = starts_of(world, chosen, days, inputs)
        assumptions += planned.assumptions
        for each in planned.starts:
            try:
                cycles.append(simulate_cycle(world, each, temper, seed))
            except RefusedError as error:
                why = "; ".join(str(error).splitlines())
                process = world.program.definition.process
                assumptions.append(f"{process} could not start on {each.on}: {why}")
    logs = [log for each in cycles for log in _logs(each)]
    figures = workload(logs, trust.calendar, trust.directory)
    return _Year(chosen.name, seed, temper, tuple(cycles), tuple(assumptions), figures)


def _logs(cycle: SimulatedCycle) -> Iterator[CycleLog]:
    """The log of the cycle, and those of the cycles that it ran: each counts for its own process."""
    begun = {r.stream: r.event for r in cycle.log if isinstance(r.event, InstanceStarted)}
    parts: defaultdict[str, list[Recorded]] = defaultdict(list)
    for record in cycle.log:
        parts[begun[record.stream].root].append(record)
    for root, log in parts.items():
        yield CycleLog(begun[root].process, begun[root].title, root, log)


# ---- for programs


def _plain(played: _Year) -> dict[str, object]:
    return {
        "year": played.name,
        "seed": played.seed,
        "temper": played.temper.model_dump(mode="json"),
        "assumptions": list(played.assumptions),
        "cycles": [
            {
                "process": each.process,
                "instance": each.instance,
                "started": each.log[0].event.at.isoformat(),
                "events": len(each.log),
                "stuck": [{"instance": s.instance, "task": s.task, "why": s.why} for s in each.stuck],
            }
            for each in played.cycles
        ],
        **played.figures.model_dump(mode="json"),
    }


# ---- for people


def _rendered(played: _Year, trust: TrustFolder) -> Iterator[RenderableType]:
    figures, how = played.figures, "nobody answers" if not played.temper.answers else f"seed {played.seed}"
    count = counted(len(played.cycles), "cycle")
    yield Text(f"{trust.directory.trust.name}, {played.name}: {count} ({how})", "bold")
    yield from (_line(each) for each in played.assumptions)
    if not figures.processes:
        note("nothing was played; give the definition a schedule, or say --start DATE")
        return
    yield from _part("By process", _processes(figures))
    yield from _part("By week", _weeks(figures))
    yield from _part("By role", _shares(figures.roles))
    people = figures.people[:_PEOPLE]
    more = len(figures.people) - len(people)
    yield from _part(
        f"By person{f', the first {_PEOPLE} of {len(figures.people)}' if more else ''}", _shares(people)
    )
    yield from _part("Days without school", *map(_line, _holidays(figures)))
    if figures.standing:
        yield from _part("Still open at the end", _standing(figures))
    stuck = [each for cycle in played.cycles for each in cycle.stuck]
    if stuck:
        lines = [_line(f"{each.instance}: {each.why}") for each in stuck[:_STUCK]]
        yield from _part(f"What could not go on, {len(stuck)} in all", *lines)


def _part(title: str, *parts: RenderableType) -> Iterator[RenderableType]:
    yield Text(f"\n{title}\n", "bold")
    yield from parts


def _line(text: str) -> RenderableType:
    return Padding(Text(text), (0, 0, 0, 2))


def _processes(figures: Workload) -> Table:
    made = table("process*", "cycles", "tasks", "late", "back", "told", "open", "work")
    for each in figures.processes:
        counts = (each.cycles, each.tasks, each.late, each.sent_back, each.escalated, each.open)
        made.add_row(Text(each.title), *map(str, counts), effort(each.minutes))
    return made


def _weeks(figures: Workload) -> Table:
    most = max((week.minutes for week in figures.weeks), default=0) or 1
    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=16)
    grid.add_column(justify="right")
    grid.add_column(justify="right")
    for week in figures.weeks:
        bar = Bar(most, 0, week.minutes, width=_BAR) if week.school else Text("no school", "dim")
        tasks = counted(week.tasks, "task")
        grid.add_row(Text(say_day(week.monday)), Text(tasks), Text(effort(week.minutes)), bar)
    return grid


def _shares(shares: Sequence[Share]) -> Table:
    made = table("who*", "tasks", "late", "work", "busiest week", "in it")
    for each in shares:
        busiest = say_day(each.busiest) if each.busiest else ""
        made.add_row(
            Text(each.name), str(each.tasks), str(each.late), effort(each.minutes), busiest, effort(each.most)
        )
    return made


def _holidays(figures: Workload) -> Iterator[str]:
    found = figures.holidays
    yield f"deadlines moved to a school day: {found.moved}"
    yield f"statutory deadlines on a day without school: {found.statutory}"
    yield f"reminders and escalations on a day without school: {found.reminders}"
    yield f"tasks open over a whole week without school: {found.open_over}"


def _standing(figures: Workload) -> Table:
    made = table("step*", "tasks", "told", "since")
    for each in figures.standing:
        nobody = f"; {each.asked_nobody} asked of nobody" if each.asked_nobody else ""
        what = f"{each.process}: {each.step.replace('_', ' ')}, for {each.role}{nobody}"
        made.add_row(Text(what), str(each.tasks), str(each.escalated), say_day(each.since))
    return made
