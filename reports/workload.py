"""Who has how much to do, and when: figures from the logs of cycles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.calendar import BeyondCalendarError, Calendar
from engine.events import (
    InstanceEnded,
    TaskEscalated,
    TaskLapsed,
    TaskReminded,
    TaskReturned,
    TaskSkipped,
)
from engine.model import Model
from engine.people import Directory
from reports.jobs import NOBODY, CycleLog, Job, jobs_of


class Process(Model):
    """What the cycles of one process came to."""

    process: str
    title: str
    cycles: int
    ended: dict[str, int]
    """Cycles by named end; those that are missing are still open."""
    tasks: int
    done: int
    late: int
    sent_back: int
    skipped: int
    deferred: int
    lapsed: int
    """Those that got an outcome because their deadline passed."""
    overdue: int
    escalated: int
    open: int
    minutes: int


class Week(Model):
    """One week, by its Monday."""

    monday: date
    tasks: int
    minutes: int
    roles: dict[str, int]
    """Minutes by role."""
    school: bool
    """Whether any day of it is a school day."""


class Share(Model):
    """The part of a role, or of a person."""

    who: str
    name: str
    tasks: int
    minutes: int
    late: int
    busiest: date | None
    """The Monday of the week with most work."""
    most: int
    """The minutes of that week."""


class Holidays(Model):
    """What meets days without school."""

    moved: int
    """Deadlines that were moved to a school day."""
    statutory: int
    """Deadlines that are not moved and lie on a day without school."""
    reminders: int
    """Reminders and escalations on such days."""
    open_over: int
    """Tasks that were open over a whole week without school."""


class Standing(Model):
    """Tasks of one step that nobody has answered at the end."""

    process: str
    step: str
    role: str
    tasks: int
    since: date
    """When the first of them was asked."""
    escalated: int
    asked_nobody: int
    """Those that nobody can do."""


class Workload(Model):
    """All of it."""

    processes: tuple[Process, ...]
    weeks: tuple[Week, ...]
    roles: tuple[Share, ...]
    people: tuple[Share, ...]
    holidays: Holidays
    standing: tuple[Standing, ...]


@dataclass(slots=True)
class _Part:
    """What adds up for a role or a person."""

    tasks: int = 0
    late: int = 0
    weeks: Counter[date] = field(default_factory=Counter)

    def add(self, job: Job, monday: date) -> None:
        self.tasks += 1
        self.late += job.overdue
        self.weeks[monday] += job.opened.minutes

    def share(self, who: str, name: str) -> Share:
        busiest = min(self.weeks, key=lambda week: (-self.weeks[week], week), default=None)
        return Share(
            who=who,
            name=name,
            tasks=self.tasks,
            minutes=self.weeks.total(),
            late=self.late,
            busiest=busiest,
            most=self.weeks[busiest] if busiest else 0,
        )


def workload(cycles: Sequence[CycleLog], calendar: Calendar, directory: Directory) -> Workload:
    """The figures of these cycles. Work lies in the week in which it was done, or else in that of its deadline."""
    jobs = [job for cycle in cycles for job in jobs_of(cycle)]
    work = [job for job in jobs if job.counts]
    roles: defaultdict[str, _Part] = defaultdict(_Part)
    people: defaultdict[str, _Part] = defaultdict(_Part)
    for job in work:
        monday = _monday(calendar, job.when)
        roles[job.role].add(job, monday)
        people[job.who].add(job, monday)
    names = {person.id: person.name for person in directory.people}
    return Workload(
        processes=tuple(_processes(cycles, jobs)),
        weeks=tuple(_weeks(work, calendar)),
        roles=_by_minutes(part.share(role, role) for role, part in roles.items()),
        people=_by_minutes(part.share(who, names.get(who, who)) for who, part in people.items()),
        holidays=_holidays(cycles, jobs, calendar),
        standing=tuple(_standing(jobs, calendar)),
    )


def _processes(cycles: Sequence[CycleLog], jobs: Sequence[Job]) -> Iterator[Process]:
    for process, title in dict.fromkeys((cycle.process, cycle.title) for cycle in cycles):
        of_it = [cycle for cycle in cycles if cycle.process == process]
        own = [job for job in jobs if job.process == process]
        yield Process(
            process=process,
            title=title,
            cycles=len(of_it),
            ended=dict(sorted(Counter(end for cycle in of_it for end in _ends(cycle)).items())),
            tasks=len(own),
            done=sum(job.done for job in own),
            late=sum(job.done and job.overdue for job in own),
            sent_back=sum(isinstance(job.closed, TaskReturned) for job in own),
            skipped=sum(isinstance(job.closed, TaskSkipped) for job in own),
            deferred=sum(job.deferred for job in own),
            lapsed=sum(isinstance(job.closed, TaskLapsed) for job in own),
            overdue=sum(job.overdue for job in own),
            escalated=sum(job.escalated for job in own),
            open=sum(job.closed is None for job in own),
            minutes=sum(job.opened.minutes for job in own if job.counts),
        )


def _ends(cycle: CycleLog) -> Iterator[str]:
    for record in cycle.log:
        if isinstance(record.event, InstanceEnded) and record.stream == cycle.instance:
            yield record.event.outcome


def _weeks(work: Sequence[Job], calendar: Calendar) -> Iterator[Week]:
    tasks: Counter[date] = Counter()
    roles: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for job in work:
        monday = _monday(calendar, job.when)
        tasks[monday] += 1
        roles[monday][job.role] += job.opened.minutes
    if not tasks:
        return
    monday = min(tasks)
    while monday <= max(tasks):
        yield Week(
            monday=monday,
            tasks=tasks[monday],
            minutes=roles[monday].total(),
            roles=dict(sorted(roles[monday].items())),
            school=any(_is_school(calendar, None, monday + timedelta(days=n)) for n in range(5)),
        )
        monday += timedelta(days=7)


def _monday(calendar: Calendar, at: datetime) -> date:
    day = calendar.local_date(at)
    return day - timedelta(days=day.weekday())


def _by_minutes(shares: Iterable[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda each: (-each.minutes, each.who)))


def _standing(jobs: Sequence[Job], calendar: Calendar) -> Iterator[Standing]:
    groups: defaultdict[tuple[str, str, str], list[Job]] = defaultdict(list)
    for job in jobs:
        if job.closed is None:
            groups[job.process, job.opened.step, job.role].append(job)
    for (process, step, role), own in groups.items():
        yield Standing(
            process=process,
            step=step,
            role=role,
            tasks=len(own),
            since=calendar.local_date(min(job.opened.at for job in own)),
            escalated=sum(job.escalated for job in own),
            asked_nobody=sum(job.who == NOBODY for job in own),
        )


# ---- days without school


def _holidays(cycles: Sequence[CycleLog], jobs: Sequence[Job], calendar: Calendar) -> Holidays:
    dues = [(job.opened.school, job.opened.due) for job in jobs if job.opened.due]
    schools = {job.opened.task: job.opened.school for job in jobs}
    calls = [
        (schools.get(record.event.task), calendar.local_date(record.event.at))
        for cycle in cycles
        for record in cycle.log
        if isinstance(record.event, TaskReminded)
        or (isinstance(record.event, TaskEscalated) and record.event.days)
    ]
    return Holidays(
        moved=sum("which is no school day" in due.why for _, due in dues),
        statutory=sum(
            due.status == "statutory" and not _is_school(calendar, school, due.on) for school, due in dues
        ),
        reminders=sum(not _is_school(calendar, school, on) for school, on in calls),
        open_over=sum(_over_a_week(job, calendar) for job in jobs),
    )


def _over_a_week(job: Job, calendar: Calendar) -> bool:
    first = _monday(calendar, job.opened.at) + timedelta(days=7)
    last = calendar.local_date(job.when) - timedelta(days=7)
    while first <= last:
        if not any(_is_school(calendar, job.opened.school, first + timedelta(days=n)) for n in range(5)):
            return True
        first += timedelta(days=7)
    return False


def _is_school(calendar: Calendar, school: str | None, day: date) -> bool:
    try:
        return calendar.is_school_day(school, day)
    except BeyondCalendarError:
        return False
