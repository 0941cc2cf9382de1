"""Compares what should have happened, and what people should have been told, with the story so far."""

from collections.abc import Iterator
from datetime import date

from pydantic import JsonValue

from definitions.positions import Place
from definitions.scenarios.expectations import EventIs, Told
from definitions.scenarios.selecting import words, words_of
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import Difference
from engine.dates import say_day
from engine.errors import UnknownNameError
from engine.events import (
    Event,
    NotificationRequested,
    TaskCommented,
    TaskEscalated,
    TaskNudged,
    TaskOpened,
    TaskOverdue,
    TaskReminded,
    TimeAsked,
    TimeGranted,
    TimeRefused,
)
from engine.playing import Played

Differences = Iterator[tuple[Place, Difference]]
_AboutTask = (
    TaskReminded
    | TaskOverdue
    | TaskEscalated
    | TaskNudged
    | TaskCommented
    | TimeAsked
    | TimeGranted
    | TimeRefused
)
_Letter = NotificationRequested | _AboutTask
_HOW: dict[str, type[_Letter] | tuple[type[_Letter], ...]] = {
    "message": NotificationRequested,
    "reminder": TaskReminded,
    "late": TaskOverdue,
    "escalation": TaskEscalated,
    "nudge": TaskNudged,
    "comment": TaskCommented,
    "request": TimeAsked,
    "answer": (TimeGranted, TimeRefused),
}


def has_happened(wanted: EventIs, stage: Stage) -> Differences:
    """Whether such an event has happened, as often as wanted."""
    place = words(wanted.where or "")
    kind = [
        each.event
        for each in stage.cast.played
        if each.event.kind == wanted.event and place <= _words(stage, each)
    ]
    fits = [event for event in kind if _fits(wanted.fields, event.model_dump(mode="json"), stage)]
    if not _as_often(len(fits), wanted.times):
        also = f"; {len(kind)} of this kind with other fields" if len(kind) > len(fits) else ""
        yield (
            ("event",),
            Difference(wanted.event, _times(wanted.times), f"{len(fits)} times{also}{_last(kind, wanted)}"),
        )


def _last(kind: list[Event], wanted: EventIs) -> str:
    if not kind or not wanted.fields:
        return ""
    last = kind[-1].model_dump(mode="json")
    return "; the last: " + ", ".join(f"{name} {last.get(name)!r}" for name in wanted.fields)


def _words(stage: Stage, played: Played) -> frozenset[str]:
    event, state = played.event, stage.cast.states[played.instance]
    task = state.tasks.get(getattr(event, "task", ""))
    address = task.address if task else getattr(event, "address", "")
    return words_of(stage.cast, played.instance, address)


def _fits(wanted: JsonValue, found: JsonValue, stage: Stage) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(name in found and _fits(value, found[name], stage) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(
            _fits(value, there, stage) for value, there in zip(wanted, found, strict=True)
        )
    return wanted == found or (isinstance(wanted, str) and wanted == _name(found, stage))


def was_told(wanted: Told, stage: Stage) -> Differences:
    """Whether somebody was told of something, as often as wanted."""
    who, about = stage.person(wanted.who), wanted.of.casefold()
    heard = [
        subject
        for letter, subject in _letters(stage)
        if who in letter.to and (wanted.how is None or isinstance(letter, _HOW[wanted.how]))
    ]
    count = sum(about in subject.casefold() for subject in heard)
    if not _as_often(count, wanted.times):
        others = f"; of other things {len(heard) - count} times" if len(heard) > count else ""
        what = f"{wanted.who} told of {wanted.of!r}"
        yield ("of",), Difference(what, _times(wanted.times), f"{count} times{others}")


def _letters(stage: Stage) -> Iterator[tuple[_Letter, str]]:
    """Every letter, with what it is about."""
    titles: dict[str, str] = {}
    for each in stage.cast.played:
        match each.event:
            case TaskOpened():
                titles[each.event.task] = each.event.title
            case NotificationRequested():
                yield each.event, each.event.subject
            case _ if isinstance(each.event, _AboutTask):
                yield each.event, titles[each.event.task]
            case _:
                pass


def _as_often(count: int, wanted: int | None) -> bool:
    return count > 0 if wanted is None else count == wanted


def _times(wanted: int | None) -> str:
    return "at least once" if wanted is None else f"{wanted} times"


def _name(value: object, stage: Stage) -> str:
    try:
        return stage.directory.person(str(value)).name
    except UnknownNameError:
        return str(value)


def said(value: object, stage: Stage) -> str:
    """A value in words, people by name."""
    if isinstance(value, list | tuple):
        return ", ".join(said(each, stage) for each in value) or "none"
    if isinstance(value, date):
        return say_day(value)
    return "none" if value is None else _name(value, stage)
