"""Each kind of event about a task or its deadline as a sentence."""

from functools import singledispatchmethod

from engine.dates import say_day, say_days
from engine.day_count import Unit
from engine.events import (
    TERMWISE,
    ClockStarted,
    ClockStopped,
    DeadlineMoved,
    Event,
    NudgePlanned,
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
)
from engine.people import Directory
from reports.names import Names, plain

#: What a deputy may do for somebody.
ActedOn = (
    TaskClaimed | TaskReleased | TaskReassigned | TaskCompleted | TaskReturned | TaskSkipped | TaskDeferred
)
#: How many deadlines one sentence tells.
_SHOWN = 3


class TaskSentences(Names):
    """Says events of tasks. Must have heard of a task's opening to call it by its title."""

    def __init__(self, directory: Directory) -> None:
        super().__init__(directory)
        self._opened: dict[str, TaskOpened] = {}

    def hear(self, event: Event) -> None:
        """Remember what later sentences speak of."""
        if isinstance(event, TaskOpened):
            self._opened[event.task] = event

    def step(self, task: str) -> str:
        """The step of a task that was heard of."""
        return self._opened[task].step if task in self._opened else task

    @singledispatchmethod
    def say(self, event: Event) -> str | None:
        """The sentence, without its full stop; none for what is not about a task."""
        del event
        return None

    @say.register
    def _(self, event: ClockStopped) -> str:
        held = len(event.tasks) + len(event.waits)
        ends = [f"until {event.ends_on}"] if event.ends_on else []
        ends += [f"at most until {say_day(event.until.on)}"] if event.until else []
        what = f"{held} deadline{'' if held == 1 else 's'}" if held else "no deadline"
        lasts = f", {' or '.join(ends)}" if ends else ""
        return f"the clock stands still{self.at(event.school)}, for {what} now{lasts}"

    @say.register
    def _(self, event: ClockStarted) -> str:
        moved = [f"{self.task(each.task)} is due {say_day(each.due.on)}" for each in event.tasks if each.due]
        told = f"; {', '.join(moved[:_SHOWN])}" if moved else ""
        more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
        return f"the clock goes on{self.at(event.school)}{told}{more}"

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
        opened = self._opened.get(task)
        return f"{opened.title!r}{self.at(opened.school)}" if opened else f"the task {task}"

    def actor(self, event: ActedOn) -> str:
        """Who did it, and for whom where a deputy did: `Martin Esposito for Claire Whitmore`."""
        return f"{self.person(event.by)}{f' for {self.person(event.for_)}' if event.for_ else ''}"
