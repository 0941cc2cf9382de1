"""Whom a cycle would give how much to do in which week: it is played through before it is started."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import JsonValue

from cli.wording import Words, effort
from definitions.simulation.cycle import simulate_cycle
from definitions.simulation.temper import Temper
from engine.schedules import PlannedStart
from engine.world import World
from reports.jobs import CycleLog, jobs_of
from reports.ledger import Overload

#: Nothing goes wrong: everybody answers in time, and nothing is sent back.
_SMOOTH = Temper(late=0, sends_back=0, raises=0, sets_aside=0)
_SHOWN = 8


def expected_work(
    world: World, instance: str, inputs: Mapping[str, JsonValue], on: date
) -> Counter[tuple[str, date]]:
    """Minutes by person and Monday, as one smooth course of it would go. The same for the same cycle.

    Raises RefusedError where it cannot start.
    """
    played = simulate_cycle(world, PlannedStart(on, inputs, "", "as asked"), _SMOOTH, instance)
    work: Counter[tuple[str, date]] = Counter()
    for job in jobs_of(CycleLog(played.process, played.title, played.instance, played.log)):
        due = job.due or job.opened.due
        day = due.on if due else world.calendar.local_date(job.when)
        work[job.who, day - timedelta(days=day.weekday())] += job.opened.minutes if job.counts else 0
    return work


def warnings(overloads: tuple[Overload, ...], limit: int, words: Words) -> Iterator[str]:
    """One sentence for each week that would be too full, the fullest first."""
    for each in overloads[:_SHOWN]:
        total = effort(round(each.now + each.more))
        has = f", {effort(round(each.now))} of it from before" if each.now else ""
        yield (
            f"{words.person(each.person)} would have {total} in the week of {words.day(each.monday)}"
            f"{has}; the limit is {effort(limit)}."
        )
    if len(overloads) > _SHOWN:
        yield f"... and {len(overloads) - _SHOWN} more weeks of other people."
