"""What is worth a line while the demo runs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from engine.dates import say_day
from engine.events import (
    Event,
    ForEachOpened,
    InstanceEnded,
    RoundStarted,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReminded,
    TaskReturned,
    WaitEnded,
    WaitOpened,
)
from engine.people import Directory
from engine.records import Recorded

_TOLD_STEPS = {"sign_off", "submit"}


class News:
    """Turns events into lines. Remembers what each task was called, to name it later."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tasks: dict[str, TaskOpened] = {}
        self._round = 1

    def lines(self, records: Iterable[Recorded]) -> Iterator[str]:
        """The lines these events are worth, oldest first; the reminders of a day in one."""
        reminders: Counter[date] = Counter()
        for record in records:
            event = record.event
            if isinstance(event, TaskOpened):
                self._tasks[event.task] = event
            reminders[event.at.date()] += isinstance(event, TaskReminded)
            what = self._what(event)
            if what:
                yield from _reminded(reminders)
                yield f"{say_day(event.at.date())}: {what}"
        yield from _reminded(reminders)

    def _what(self, event: Event) -> str | None:
        match event:
            case TaskReturned():
                return f"{self._person(event.by)} sends back {self._task(event.task)}: {event.reason}"
            case TaskCompleted():
                return self._completed(event)
            case TaskOverdue() | TaskEscalated():
                told = "is late with" if isinstance(event, TaskOverdue) else "is told of"
                return f"{', '.join(map(self._person, event.to)) or 'nobody'} {told} {self._task(event.task)}"
            case InstanceEnded() if event.outcome != "finished":
                return event.title
            case _:
                return self._moved_on(event)

    def _moved_on(self, event: Event) -> str | None:
        match event:
            case RoundStarted(step="moderation", round=number):
                self._round = number
            case ForEachOpened(step="packs", items=[first, *_] as items) if self._round > 1:
                return f"a standard looks weak at {self._school(first.school)}; {len(items)} more packs are judged"
            case ForEachOpened(step="packs", items=[_, *_] as items):
                return f"a sample of {len(items)} pupils is drawn; no school judges its own"
            case WaitOpened(event="appeal-raised"):
                return f"{self._school(event.school)} may appeal for ten school days"
            case WaitEnded(happened=False):
                return "nobody appealed"
            case _:
                pass
        return None

    def _completed(self, event: TaskCompleted) -> str | None:
        step = self._tasks[event.task].step
        if step == "adjudicate":
            decided = event.values["value"]
            return f"{self._person(event.by)} decides where two schools could not agree: {decided}"
        return f"{self._person(event.by)}: {self._task(event.task)}" if step in _TOLD_STEPS else None

    def _task(self, task: str) -> str:
        opened = self._tasks[task]
        school = f" ({self._school(opened.school)})" if opened.school else ""
        return f"“{opened.title}”{school}"

    def _person(self, person: str) -> str:
        return self._directory.person(person).name

    def _school(self, key: str | None) -> str:
        return self._directory.school(key).name.removesuffix(" Primary School") if key else "the trust"


def _reminded(reminders: Counter[date]) -> Iterator[str]:
    for day, count in sorted(reminders.items()):
        if count:
            yield f"{say_day(day)}: {count} reminder{'s' if count > 1 else ''}"
    reminders.clear()
