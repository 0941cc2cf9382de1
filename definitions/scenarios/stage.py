"""Where a scenario plays: the cast, the clock, and who is meant by what the script says."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from definitions.scenarios.stopping import StopError
from definitions.scenarios.tested import Step, Tested
from definitions.trust import TrustFolder
from engine import addresses, deadlines
from engine.definition.program import Node
from engine.errors import UnknownNameError
from engine.playing import Activity, Cast
from engine.scope import Scope
from engine.state import State, Task
from engine.world import World

NOON = time(12)
TODAY = "today"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Stage:
    """One cycle, before and while it runs. Raises kinds of TermwiseError for what stands for nothing."""

    def __init__(
        self, tested: Tested, trust: TrustFolder, activities: Mapping[str, Activity] | None = None
    ) -> None:
        world = World(tested.program, trust.calendar, trust.directory, tested.others)
        self.cast = Cast(world, activities)
        self.tested = tested
        self.program = tested.program
        self.directory = trust.directory
        self.calendar = trust.calendar
        self.now = trust.calendar.at(trust.calendar.known.first, NOON)
        self.root = ""

    @property
    def state(self) -> State:
        """The cycle itself."""
        if self.root not in self.cast.states:
            raise StopError("the cycle has not started")
        return self.cast.states[self.root]

    def step(self, instance: str, name: str) -> Step:
        """A step of this name, in the process that the instance runs."""
        return self.cast.states[instance].started.process, name

    def node(self, instance: str, task: Task) -> Node:
        """The step that a task is of."""
        return self.cast.world_of(instance).program.steps[task.step]

    @property
    def today(self) -> date:
        """The day on the wall."""
        return self.calendar.local_date(self.now)

    def moment(self, day: str | None, clock: str | None) -> datetime:
        """The instant that a script names; noon of today unless it says more."""
        at = time.fromisoformat(clock) if clock else NOON
        on = self.day(day) if day else self.today
        if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
            raise StopError(f"{on} is out of this world; take a day that the calendar knows")
        return self.calendar.at(on, at)

    def pass_time(self, to: datetime) -> None:
        """Let everything happen that falls due by then. Time does not run backwards."""
        if to < self.now:
            said = self.calendar.local_date(to)
            raise StopError(f"time runs forward only: it is {self.today} here already, and this is {said}")
        self.cast.pass_time(to)
        self.now = to

    def person(self, said: str) -> str:
        """The id of the person who is meant by a name, an id or an e-mail address."""
        return self.directory.by_name_or_id(said).id

    def owner(self) -> str:
        """Somebody who holds the role that owns the process."""
        role = self.program.definition.owner
        holders = self.directory.holders(role, self.today)
        if not holders:
            raise StopError(f"nobody is {role} on that day; say who starts it with `as`")
        return holders[0]

    def day(self, said: str) -> date:
        """The day that a date or a phrase names."""
        if _DATE.fullmatch(said):
            return _date(said)
        rule = deadlines.parse_rule(said)
        return deadlines.resolve(rule, self._anchor, self.calendar, None, roll=deadlines.Roll.FIXED).on

    def _anchor(self, name: str) -> date | str:
        if name == TODAY:
            return self.today
        if not self.root:
            raise UnknownNameError("date", name, [TODAY])
        return Scope(self.state, addresses.ROOT, self.calendar).anchor(name, self.now)


def _date(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise StopError(f"{said} is no day of any year; write one such as 2027-05-26") from None
