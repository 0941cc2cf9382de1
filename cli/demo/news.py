"""What is worth a line while the demo runs."""

from engine.dates import say_day
from engine.events import (
    ChildEnded,
    ForEachOpened,
    InstanceEnded,
    RoundStarted,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReminded,
    TaskReturned,
    WaitOpened,
)
from engine.people import Directory
from engine.records import Recorded


class News:
    """Turns events into lines. Remembers what each task was called, to name it later."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._tasks: dict[str, TaskOpened] = {}
        self._round = 1

    def line(self, record: Recorded) -> str | None:  # noqa: PLR0911 - one line for each kind of news
        """A line with its date, or nothing."""
        event = record.event
        if isinstance(event, TaskOpened):
            self._tasks[event.task] = event
        what = self._what(record)
        return f"{say_day(event.at.date())}: {what}" if what else None

    def _what(self, record: Recorded) -> str | None:  # noqa: PLR0911 - as above
        match record.event:
            case TaskReturned() as event:
                return f"{self._person(event.by)} sends {self._task(event.task)} back: {event.reason}"
            case RoundStarted(step="moderation", round=number):
                self._round = number
            case ForEachOpened(step="packs", items=items) if items and self._round > 1:
                return f"a band looks weak at {self._school(items[0].school)}; {len(items)} more packs are judged"
            case ForEachOpened(step="packs", items=items) if items:
                return f"a sample of {len(items)} pupils is drawn; the schools are paired"
            case TaskCompleted() as event if self._tasks[event.task].step == "adjudicate":
                return f"{self._person(event.by)} decides where two schools could not agree: {event.values['value']}"
            case TaskCompleted() as event if self._tasks[event.task].step in {"sign_off", "submit"}:
                return f"{self._person(event.by)}: {self._task(event.task)}"
            case TaskReminded() | TaskOverdue() | TaskEscalated() as event:
                verb = {"task-reminded": "is reminded", "task-overdue": "is late"}.get(event.kind, "is told")
                return f"{', '.join(map(self._person, event.to)) or 'nobody'} {verb}: {self._task(event.task)}"
            case WaitOpened(event="appeal-raised", school=school):
                return f"{self._school(school)} may appeal for ten school days"
            case ChildEnded(child=child):
                return f"{child.rpartition('/')[2]} is finished"
            case InstanceEnded(title=title):
                return title
        return None

    def _task(self, task: str) -> str:
        opened = self._tasks[task]
        school = f" ({self._school(opened.school)})" if opened.school else ""
        return f"“{opened.title}”{school}"

    def _person(self, person: str) -> str:
        return self._directory.person(person).name

    def _school(self, key: str | None) -> str:
        return self._directory.school(key).name.removesuffix(" Primary School") if key else "the trust"
