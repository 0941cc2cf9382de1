"""What can be said of a scenario before it is played: names that the definition does not have."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress

from definitions.positions import Place
from definitions.scenarios.doing import Doing
from definitions.scenarios.expectations import Expect, ProcessIs
from definitions.scenarios.grammar import (
    Answer,
    Claim,
    Complete,
    Defer,
    Do,
    Entry,
    Join,
    Leave,
    Pass,
    Raise,
    Reassign,
    Release,
    Resume,
    Return,
    Scenario,
    Skip,
)
from definitions.scenarios.selecting import read_selector
from definitions.scenarios.tested import Step, Tested
from engine.commands import PERSON_COMMANDS
from engine.definition.model import ForEachStep, TaskStep, WaitStep
from engine.definition.program import Program
from engine.errors import UnknownNameError
from engine.events import EVENT_KINDS

Found = Iterator[tuple[Place, str]]
EVERYTHING = "everything"


def problems(scenario: Scenario, tested: Tested) -> Found:
    """Every name that stands for nothing, with its place in the file."""
    for text, answer in scenario.usually.items():
        place: Place = ("usually", text)
        for step in (yield from _tasks(place, text, tested)):
            yield from _answer(place, answer, tested, step)
    for name in scenario.start.inputs:
        yield from _unknown(("start", "set", name), "input", name, tested.program.definition.inputs)
    for name in scenario.calls:
        yield from _unknown(("calls", name), "called activity", name, tested.calls())
    for position, entry in enumerate(scenario.script):
        yield from _entry(("script", position), entry, tested)
    if scenario.expect:
        yield from _expect(("expect",), scenario.expect, tested)


def _tasks(place: Place, text: str, tested: Tested) -> Generator[tuple[Place, str], None, list[Step]]:
    """What the name of a task stands for; nothing, and a problem, when that is no task."""
    try:
        return tested.named(text, TaskStep)
    except UnknownNameError as error:
        yield place, str(error)
        return []


def _entry(place: Place, entry: Entry, tested: Tested) -> Found:
    for key, text in _selectors(entry):
        yield from _selector((*place, key), text, tested)
    match entry:
        case Complete():
            for position, step in enumerate(entry.but):
                yield from _tasks((*place, "but", position), step, tested)
            yield from _complete(place, entry, tested)
        case Join():
            yield from _for_each((*place, "join"), entry.join, tested)
            for name in entry.values:
                yield from _unknown((*place, "values", name), "name", name, _over(entry.join, tested))
        case Leave():
            yield from _for_each((*place, "leave"), entry.leave, tested)
        case Raise():
            events = [event for each in tested.programs.values() for event in events_of(each)]
            yield from _unknown((*place, "raise"), "event", entry.raise_, events)
        case Do():
            yield from _command(place, entry)
        case _:
            pass
    if entry.expect:
        yield from _expect((*place, "expect"), entry.expect, tested)


def _for_each(place: Place, text: str, tested: Tested) -> Found:
    try:
        tested.named(text, ForEachStep)
    except UnknownNameError as error:
        yield place, str(error)


def _over(text: str, tested: Tested) -> Iterator[str]:
    """What a for-each runs over."""
    with suppress(UnknownNameError):
        for step in tested.named(text, ForEachStep):
            spec = tested.node(step).spec
            yield from spec.over if isinstance(spec, ForEachStep) else ()


def events_of(program: Program) -> Iterator[str]:
    """What may be raised: what is waited for, what something is done about, and what ends that."""
    for node in program.walk():
        if isinstance(node.spec, WaitStep):
            yield from node.spec.awaited
    for event, handler in program.definition.on.items():
        yield event
        if handler.until:
            yield handler.until


def _command(place: Place, entry: Do) -> Found:
    yield from _unknown((*place, "do"), "command", entry.do, PERSON_COMMANDS)
    if entry.do in PERSON_COMMANDS:
        # Who does it, and to which task, stands beside it.
        known = PERSON_COMMANDS[entry.do].model_fields.keys() - {"id", "by", "kind", "task"}
        for name in entry.says:
            yield from _unknown((*place, "with", name), f"field of {entry.do}", name, known)


def _selectors(entry: Entry) -> Iterator[tuple[str, str]]:  # noqa: C901 - one line for each kind of entry
    match entry:
        case Complete() if entry.complete != EVERYTHING:
            yield "complete", entry.complete
        case Return():
            yield "return", entry.return_
        case Claim():
            yield "claim", entry.claim
        case Release():
            yield "release", entry.release
        case Reassign():
            yield "reassign", entry.reassign
        case Skip():
            yield "skip", entry.skip
        case Defer():
            yield "defer", entry.defer
        case Resume():
            yield "resume", entry.resume
        case Do() if entry.task:
            yield "task", entry.task
        case Doing() | Pass():
            pass


def _selector(place: Place, text: str, tested: Tested) -> Found:
    try:
        read_selector(text, tested)
    except UnknownNameError as error:
        yield place, str(error)


def _complete(place: Place, entry: Complete, tested: Tested) -> Found:
    try:
        steps = () if entry.complete == EVERYTHING else read_selector(entry.complete, tested).steps
    except UnknownNameError:
        return
    for step in steps:
        yield from _answer(place, entry, tested, step)


def _answer(place: Place, answer: Answer, tested: Tested, step: Step) -> Found:
    spec = tested.node(step).spec
    if not isinstance(spec, TaskStep):
        yield place, f"{step[1]!r} is no task, so nobody can answer it"
        return
    if answer.outcome and not answer.outcome.startswith("="):
        yield from _unknown((*place, "outcome"), "outcome", answer.outcome, spec.outcomes or {"done": None})
    for question in answer.form:
        yield from _unknown((*place, "form", question), "question", question, spec.form)


def _expect(place: Place, expect: Expect, tested: Tested) -> Found:
    for key, counts in (("open", expect.open), ("waiting", expect.waiting)):
        for step in counts or ():
            yield from _step((*place, key, step), step, tested)
    if expect.outcome:
        outcomes = tested.program.definition.outcomes
        yield from _unknown((*place, "outcome"), "outcome", expect.outcome, outcomes)
    for position, task in enumerate(expect.tasks):
        yield from _selector((*place, "tasks", position, "task"), task.task, tested)
    for position, each in enumerate(expect.processes):
        yield from _process((*place, "processes", position), each, tested)
    for position, event in enumerate(expect.events):
        where = (*place, "events", position)
        yield from _unknown((*where, "event"), "kind of event", event.event, EVENT_KINDS)
        for name in event.fields if event.event in EVENT_KINDS else ():
            known = EVENT_KINDS[event.event].model_fields
            yield from _unknown((*where, "with", name), f"field of {event.event}", name, known)


def _step(place: Place, text: str, tested: Tested) -> Found:
    try:
        tested.named(text)
    except UnknownNameError as error:
        yield place, str(error)


def _process(place: Place, wanted: ProcessIs, tested: Tested) -> Found:
    yield from _unknown((*place, "process"), "process that is run", wanted.process, tested.others)
    if wanted.outcome and wanted.process in tested.others:
        outcomes = tested.others[wanted.process].definition.outcomes
        yield from _unknown((*place, "outcome"), f"outcome of {wanted.process}", wanted.outcome, outcomes)


def _unknown(place: Place, what: str, name: str, known: Iterable[str]) -> Found:
    if name not in (names := list(known)):
        yield place, str(UnknownNameError(what, name, names))
