"""Which cycles leave: those that were chosen, and of those what the reader of the records may see."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from engine.access.sight import Sight
from reports.cycle import Cycle
from reports.exchange.tables import Days
from reports.seeing import seen
from workers.reporting import read_whole
from workers.wiring import Records

#: More than any trust has.
_ALL = 10_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to leave; nothing said is everything."""

    process: str | None = None
    cycle: str | None = None
    """An instance id; of a part, its cycle is meant."""
    first: date | None = None
    last: date | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Choice()

    @property
    def days(self) -> Days:
        """From the first day to the last."""
        return Days(self.first, self.last)


async def processes(records: Records) -> frozenset[str]:
    """Those that the reader sees a cycle of, by their keys."""
    return frozenset(row.process for row in await records.queries.cycles(limit=_ALL))


async def chosen_cycles(records: Records, choice: Choice, *, whole: bool) -> AsyncIterator[Cycle]:
    """Each as its reader may see it, oldest first; who may not see one gets nothing of it.

    `whole`: only those that began in the days that are chosen. Else those, too, that began before.
    """
    known = await records.queries.cycles(limit=_ALL)
    named = next((row.root for row in known if row.id == choice.cycle), None)
    for row in reversed(known):
        wanted = (
            row.root == row.id
            and (choice.cycle is None or row.id == named)
            and (choice.process is None or row.process == choice.process)
            and (choice.days.has(row.started_at) if whole else choice.days.may_have_since(row.started_at))
        )
        if wanted:
            cycle = seen(await read_whole(records, row.id), records.reader)
            if cycle.sight >= Sight.OUTLINE:
                yield cycle
