"""Each kind of event as a sentence with names, reasons and days."""

from collections.abc import Iterable
from functools import singledispatchmethod

from pydantic import JsonValue

from engine import addresses
from engine.dates import say_day, say_days
from engine.day_count import Unit
from engine.errors import UnknownNameError
from engine.events import (
    TERMWISE,
    Awaited,
    BranchChosen,
    CallFailed,
    CallFinished,
    CallRequested,
    ChildEnded,
    ChildStarted,
    ChildWithdrawn,
    ClockStarted,
    ClockStopped,
    DeadlineMoved,
    DecisionMade,
    Event,
    EventRaised,
    FactRecorded,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceRenewed,
    InstanceStarted,
    Joined,
    MatterOpened,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    NudgePlanned,
    QuorumReached,
    RoundStarted,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
    StepsFinished,
    TaskAttached,
    TaskClaimed,
    TaskCommented,
    TaskCompleted,
    TaskDeferred,
    TaskDelegated,
    TaskEscalated,
    TaskHandedBack,
    TaskLapsed,
    TaskNudged,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
    TaskRecused,
    TaskReleased,
    TaskReminded,
    TaskReplanned,
    TaskResumed,
    TaskReturned,
    TaskSkipped,
    TaskWithdrawn,
    TimeAsked,
    TimeGranted,
    TimeRefused,
    ValuesSet,
    WaitEnded,
    WaitOpened,
)
from engine.people import Directory
from engine.raising import said

#: What a deputy may do for somebody.
ActedOn = (
    TaskClaimed | TaskReleased | TaskReassigned | TaskCompleted | TaskReturned | TaskSkipped | TaskDeferred
)
#: How many deadlines one sentence tells.
_SHOWN = 3
#: What follows by itself from something that is told anyway.
OF_COURSE = (ForEachOpened, BranchChosen, ValuesSet, ChildStarted, InstanceRenewed)


class Sentences:
    """Says events. Must have heard of a task's opening to call it by its title."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tasks: dict[str, TaskOpened] = {}

    def hear(self, event: Event) -> None:
        """Remember what later sentences speak of."""
        if isinstance(event, TaskOpened):
            self._tasks[event.task] = event

    def step(self, task: str) -> str:
        """The step of a task that was heard of."""
        return self._tasks[task].step if task in self._tasks else task

    @singledispatchmethod
    def say(self, event: Event) -> str | None:
        """The sentence, without its full stop; none for what means nothing to people."""
        del event
        return None

    @say.register
    def _(self, event: InstanceStarted) -> str:
        return f"{event.name} began" if event.parent else f"{self.person(event.by)} started {event.name}"

    @say.register
    def _(self, event: InstanceEnded) -> str:
        reported = "; ".join(f"{plain(name)}: {_value(value)}" for name, value in event.reported.items())
        return f"it ended: {event.title}" + (f" ({reported})" if reported else "")

    @say.register
    def _(self, event: InstanceCancelled) -> str:
        return f"{self.person(event.by)} cancelled it: {event.reason}"

    @say.register
    def _(self, event: InstanceMigrated) -> str:
        what = (
            f"to version {event.version} of {event.title}"
            if event.was != event.definition
            else "to the people and dates of today"
        )
        return f"{self.person(event.by)} moved it {what}: {event.reason}"

    @say.register
    def _(self, event: InstanceRenewed) -> str:
        del event
        return "it goes on with the people and dates of today"

    @say.register
    def _(self, event: RoundStarted) -> str | None:
        return f"round {event.round} of {plain(event.step)} began" if event.round > 1 else None

    @say.register
    def _(self, event: WaitOpened) -> str | None:
        until = f", until {say_day(event.until.on)}" if event.until else ""
        plain_one = (Awaited(event=event.event, raised_by=event.raised_by),) if event.event else ()
        told = [
            # Where nobody is named, the owner may.
            f"{self.people(each.raised_by) if each.raised_by else 'the owner'} may raise {said(each)}"
            for each in event.awaited or plain_one
        ]
        return f"{'; '.join(told)}{until}" if told else None

    @say.register
    def _(self, event: WaitEnded) -> str | None:
        if not event.happened:
            return None
        what = f"{event.event}, which was waited for" if event.event else "what was waited for"
        values = f" ({_values(event.values)})" if event.values else ""
        return f"{self.person(event.by)} raised {what}{values}: {event.reason}"

    @say.register
    def _(self, event: EventRaised) -> str:
        whom = self._at(event.subject) if event.of == "school" else ""
        whom = f" of {self.person(event.subject)}" if event.of == "person" else whom
        return f"{self.person(event.by)} raised {event.event}{whom} ({event.do}): {event.reason}"

    @say.register
    def _(self, event: ClockStopped) -> str:
        held = len(event.tasks) + len(event.waits)
        ends = [f"until {event.ends_on}"] if event.ends_on else []
        ends += [f"at most until {say_day(event.until.on)}"] if event.until else []
        what = f"{held} deadline{'' if held == 1 else 's'}" if held else "no deadline"
        lasts = f", {' or '.join(ends)}" if ends else ""
        return f"the clock stands still{self._at(event.school)}, for {what} now{lasts}"

    @say.register
    def _(self, event: ClockStarted) -> str:
        moved = [f"{self.task(each.task)} is due {say_day(each.due.on)}" for each in event.tasks if each.due]
        told = f"; {', '.join(moved[:_SHOWN])}" if moved else ""
        more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
        return f"the clock goes on{self._at(event.school)}{told}{more}"

    @say.register
    def _(self, event: MatterOpened) -> str:
        return f"steps for {event.event} began beside the others"

    @say.register
    def _(self, event: StepsFinished) -> str:
        del event
        return "all steps are finished but those that began beside them"

    @say.register
    def _(self, event: ChildStarted) -> str:
        return f"the part {_part(event.child)} began, an instance of its own"

    @say.register
    def _(self, event: ChildEnded) -> str:
        return f"the part {_part(event.child)} is finished"

    @say.register
    def _(self, event: CallRequested) -> str:
        again = f", attempt {event.attempt}" if event.attempt > 1 else ""
        return f"{event.activity} was called{again}: {plain(event.step)}"

    @say.register
    def _(self, event: CallFinished) -> str:
        return f"{_step(event.address)} was answered"

    @say.register
    def _(self, event: CallFailed) -> str:
        return f"{_step(event.address)} did not succeed: {event.why}"

    @say.register
    def _(self, event: RunRequested) -> str:
        return f"{event.child} was to be started: {plain(event.step)}"

    @say.register
    def _(self, event: RunFinished) -> str:
        return f"{event.child}: {plain(event.outcome)}"

    @say.register
    def _(self, event: RunFailed) -> str:
        return f"{event.child} could not be started: {event.why}"

    @say.register
    def _(self, event: RunWithdrawn) -> str:
        return f"{event.child} is not waited for any more: {event.reason}"

    @say.register
    def _(self, event: NotificationRequested) -> str:
        return f"a message to {self.people(event.to)}: {event.subject}"

    @say.register
    def _(self, event: ForEachOpened) -> str:
        return f"{plain(event.step)}: {len(event.items)} at once"

    @say.register
    def _(self, event: MemberJoined) -> str:
        return f"{self.person(event.by)} added {event.item.key} to {plain(event.step)}: {event.reason}"

    @say.register
    def _(self, event: MemberLeft) -> str:
        return f"{self.person(event.by)} took {event.key} out of {plain(event.step)}: {event.reason}"

    @say.register
    def _(self, event: Joined) -> str:
        without = f", without {', '.join(map(plain, event.missing))}" if event.missing else ""
        return f"{plain(event.step)} went on{without}: {event.because}"

    @say.register
    def _(self, event: QuorumReached) -> str:
        back = "; the work goes back" if event.returned_to else ""
        return f"{plain(event.step)} was decided, {plain(event.outcome)}: {event.because}{back}"

    @say.register
    def _(self, event: ChildWithdrawn) -> str:
        return f"the part {_part(event.child)} was withdrawn: {event.reason}"

    @say.register
    def _(self, event: BranchChosen) -> str:
        return f"{plain(event.step)}: {event.because}"

    @say.register
    def _(self, event: ValuesSet) -> str:
        return "; ".join(f"{plain(name)} is {_value(value)}" for name, value in event.values.items())

    @say.register
    def _(self, event: DecisionMade) -> str:
        return f"decided: {plain(event.step)} is {_values(event.gives)} ({event.because})"

    @say.register
    def _(self, event: FactRecorded) -> str:
        told = f": {_values(event.values)}" if event.values else ""
        return f"recorded: {event.type}{self._at(event.school)}{told}"

    @say.register
    def _(self, event: TaskOpened) -> str:
        due = f", due {say_day(event.due.on)}" if event.due else ""
        who = self.people((event.assignee,) if event.assignee else event.candidates)
        return f"opened: {self.task(event.task)}, for {who}{due}"

    @say.register
    def _(self, event: TaskClaimed) -> str:
        return f"{self.actor(event)} took on {self.task(event.task)}"

    @say.register
    def _(self, event: TaskReleased) -> str:
        return f"{self.actor(event)} gave back {self.task(event.task)}"

    @say.register
    def _(self, event: TaskReassigned) -> str:
        given = f"gave {self.task(event.task)} to {self.person(event.person)}"
        return f"{self.actor(event)} {given}: {event.reason}"

    @say.register
    def _(self, event: TaskRecused) -> str:
        asked = self.people((event.assignee,) if event.assignee else event.candidates)
        stepped = (
            f"{self.person(event.person)} declared an interest in {self.task(event.task)} and stepped back"
        )
        return f"{stepped}; it is for {asked} now"

    @say.register
    def _(self, event: TaskReplanned) -> str:
        asked = (event.assignee,) if event.assignee else event.candidates
        now = f"{self.people(asked)} may do" if asked else "nobody can be asked for"
        return f"{now} {self.task(event.task)}: {event.reason}"

    @say.register
    def _(self, event: TaskCompleted) -> str:
        said = "" if event.outcome == "done" else f": {plain(event.outcome)}"
        said += (", late" if event.late else "") + (f" ({event.reason})" if event.reason else "")
        said += f"; it took {event.minutes} minutes" if event.minutes is not None else ""
        return f"{self.actor(event)} completed {self.task(event.task)}{said}"

    @say.register
    def _(self, event: TaskReturned) -> str:
        back = f"sent {self.task(event.task)} back ({plain(event.outcome)})"
        return f"{self.actor(event)} {back}; round {event.round} began: {event.reason}"

    @say.register
    def _(self, event: TaskSkipped) -> str:
        return f"{self.actor(event)} skipped {self.task(event.task)}: {event.reason}"

    @say.register
    def _(self, event: TaskLapsed) -> str:
        said = f"nobody answered {self.task(event.task)} by its deadline"
        return said if event.outcome == "done" else f"{said}: {plain(event.outcome)}"

    @say.register
    def _(self, event: TaskDeferred) -> str:
        put_off = f"put off {self.task(event.task)} until {say_day(event.on)}"
        return f"{self.actor(event)} {put_off}: {event.reason}"

    @say.register
    def _(self, event: TaskResumed) -> str:
        due = f", due {say_day(event.due.on)}" if event.due else ""
        if event.by == TERMWISE:
            return f"{self.task(event.task)} came back to {self.people(event.to)}{due}"
        return f"{self.person(event.by)} brought back {self.task(event.task)}{due}"

    @say.register
    def _(self, event: DeadlineMoved) -> str:
        what = self.task(event.task) if event.task else f"the end of {plain(event.step)}"
        if event.back_on:
            return f"{what} comes back on {say_day(event.back_on)}: {event.because}"
        if not event.another_day or event.due is None:
            return f"the reminders of {what} were planned anew: {event.because}"
        before = f" from {say_day(event.was.on)}" if event.was else ""
        return f"the date of {what} moved{before} to {say_day(event.due.on)}: {event.because}"

    @say.register
    def _(self, event: TaskWithdrawn) -> str:
        return f"{self.task(event.task)} was withdrawn: {event.reason}"

    @say.register
    def _(self, event: TaskReminded) -> str:
        when = f"{event.days} school days before it was due" if event.days else "on the day it was due"
        return f"{self.people(event.to)} was reminded of {self.task(event.task)}, {when}"

    @say.register
    def _(self, event: TaskOverdue) -> str:
        return f"{self.task(event.task)} was late; it was with {self.people(event.to)}"

    @say.register
    def _(self, event: TaskEscalated) -> str:
        told = f"{self.people(event.to)} ({event.role})"
        if not event.days:
            return f"{self.task(event.task)} was brought to {told}, for nobody can be asked"
        days = say_days(event.days, Unit.SCHOOL_DAYS)
        instead = f"; there was no {' and no '.join(event.skipped)} to tell" if event.skipped else ""
        return f"{self.task(event.task)} was brought to {told}, {days} late{instead}"

    @say.register
    def _(self, event: TaskDelegated) -> str:
        given = f"asked {self.person(event.person)} to do {self.task(event.task)} for them"
        return f"{self.person(event.by)} {given}: {event.reason}"

    @say.register
    def _(self, event: TaskHandedBack) -> str:
        why = f": {event.reason}" if event.reason else ""
        if event.by == event.person:
            took = f"took back {self.task(event.task)} from {self.person(event.delegate)}"
            return f"{self.person(event.by)} {took}{why}"
        gave = f"handed {self.task(event.task)} back to {self.person(event.person)}"
        return f"{self.person(event.by)} {gave}{why}"

    @say.register
    def _(self, event: TimeAsked) -> str:
        asked = f"asked for time until {say_day(event.until)} for {self.task(event.task)}"
        return f"{self.person(event.by)} {asked}: {event.reason}"

    @say.register
    def _(self, event: TimeGranted) -> str:
        gave = f"gave {self.person(event.asked_by)} more time for {self.task(event.task)}"
        days = f"due {say_day(event.due.on)} instead of {say_day(event.was.on)}"
        return f"{self.person(event.by)} {gave}, {days}" + (f": {event.reason}" if event.reason else "")

    @say.register
    def _(self, event: TimeRefused) -> str:
        refused = f"did not give {self.person(event.asked_by)} more time for {self.task(event.task)}"
        return f"{self.person(event.by)} {refused}: {event.reason}"

    @say.register
    def _(self, event: TaskCommented) -> str:
        return f"{self.person(event.by)} said about {self.task(event.task)}: {' '.join(event.text.split())}"

    @say.register
    def _(self, event: TaskAttached) -> str:
        return f"{self.person(event.by)} attached {event.label!r} to {self.task(event.task)}: {event.link}"

    @say.register
    def _(self, event: NudgePlanned) -> str:
        goes = f"it goes out on {say_day(event.until.date())}"
        return f"{self.person(event.by)} wanted a reminder of {self.task(event.task)}; {goes}"

    @say.register
    def _(self, event: TaskNudged) -> str:
        wanted = f"as {self.person(event.wanted_by)} wanted"
        return f"{self.people(event.to)} was reminded of {self.task(event.task)}, {wanted}"

    def task(self, task: str) -> str:
        """A task by its title and school."""
        opened = self._tasks.get(task)
        return f"{opened.title!r}{self._at(opened.school)}" if opened else f"the task {task}"

    def actor(self, event: ActedOn) -> str:
        """Who did it, and for whom where a deputy did: `Martin Esposito for Claire Whitmore`."""
        return f"{self.person(event.by)}{f' for {self.person(event.for_)}' if event.for_ else ''}"

    def person(self, person: str) -> str:
        """By name; an id that nobody has stays what it is."""
        try:
            return self._directory.person(person).name
        except UnknownNameError:
            return person

    def people(self, people: Iterable[str]) -> str:
        """All of them by name."""
        names = [self.person(person) for person in people]
        return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names) or "nobody"

    def _at(self, school: str | None) -> str:
        try:
            return f" at {self._directory.school(school).name}" if school else ""
        except UnknownNameError:
            return f" at {school}"


def plain(name: str) -> str:
    """A step's or an outcome's name in words."""
    return name.replace("_", " ")


def _step(address: str) -> str:
    return plain(addresses.name_of(address))


def _part(child: str) -> str:
    return child.rpartition("/")[2]


def _value(value: JsonValue) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else str(value)


def _values(given: JsonValue) -> str:
    if not isinstance(given, dict):
        return _value(given)
    return ", ".join(f"{plain(name)} {_value(value)}" for name, value in given.items())
