"""What can be said of a scenario before it is played: names that the definition does not have."""

from collections.abc import Iterable, Iterator

from definitions.positions import Place
from definitions.scenarios.expectations import Expect
from definitions.scenarios.grammar import (
    Answer,
    Claim,
    Complete,
    Defer,
    Do,
    Doing,
    Entry,
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
from engine.commands import PERSON_COMMANDS
from engine.definition.model import TaskStep, WaitStep
from engine.definition.outward import CallStep
from engine.definition.program import Program
from engine.errors import UnknownNameError
from engine.events import EVENT_KINDS

Found = Iterator[tuple[Place, str]]
EVERYTHING = "everything"


def problems(scenario: Scenario, program: Program) -> Found:
    """Every name that stands for nothing, with its place in the file."""
    tasks = [node.id for node in program.walk() if isinstance(node.spec, TaskStep)]
    for step, answer in scenario.usually.items():
        place: Place = ("usually", step)
        yield from _unknown(place, "task", step, tasks)
        if step in tasks:
            yield from _answer(place, answer, program, step)
    for name in scenario.start.inputs:
        yield from _unknown(("start", "set", name), "input", name, program.definition.inputs)
    called = [node.spec.activity for node in program.walk() if isinstance(node.spec, CallStep)]
    for name in scenario.calls:
        yield from _unknown(("calls", name), "called activity", name, called)
    for position, entry in enumerate(scenario.script):
        yield from _entry(("script", position), entry, program, tasks)
    if scenario.expect:
        yield from _expect(("expect",), scenario.expect, program)


def _entry(place: Place, entry: Entry, program: Program, tasks: list[str]) -> Found:
    for key, text in _selectors(entry):
        yield from _selector((*place, key), text, program)
    match entry:
        case Complete():
            for position, step in enumerate(entry.but):
                yield from _unknown((*place, "but", position), "task", step, tasks)
            yield from _complete(place, entry, program)
        case Raise():
            yield from _unknown((*place, "raise"), "event", entry.raise_, _events(program))
        case Do():
            yield from _command(place, entry)
        case _:
            pass
    if entry.expect:
        yield from _expect((*place, "expect"), entry.expect, program)


def _events(program: Program) -> Iterator[str]:
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


def _selector(place: Place, text: str, program: Program) -> Found:
    try:
        read_selector(text, program)
    except UnknownNameError as error:
        yield place, str(error)


def _complete(place: Place, entry: Complete, program: Program) -> Found:
    try:
        step = None if entry.complete == EVERYTHING else read_selector(entry.complete, program).step
    except UnknownNameError:
        return
    if step:
        yield from _answer(place, entry, program, step)


def _answer(place: Place, answer: Answer, program: Program, step: str) -> Found:
    spec = program.steps[step].spec
    if not isinstance(spec, TaskStep):
        yield place, f"{step!r} is no task, so nobody can answer it"
        return
    if answer.outcome and not answer.outcome.startswith("="):
        yield from _unknown((*place, "outcome"), "outcome", answer.outcome, spec.outcomes or {"done": None})
    for question in answer.form:
        yield from _unknown((*place, "form", question), "question", question, spec.form)


def _expect(place: Place, expect: Expect, program: Program) -> Found:
    steps = [node.id for node in program.walk() if node.does.named]
    for key, counts in (("open", expect.open), ("waiting", expect.waiting)):
        for step in counts or ():
            yield from _unknown((*place, key, step), "step", step, steps)
    if expect.outcome:
        yield from _unknown((*place, "outcome"), "outcome", expect.outcome, program.definition.outcomes)
    for position, task in enumerate(expect.tasks):
        yield from _selector((*place, "tasks", position, "task"), task.task, program)
    for position, event in enumerate(expect.events):
        where = (*place, "events", position)
        yield from _unknown((*where, "event"), "kind of event", event.event, EVENT_KINDS)
        for name in event.fields if event.event in EVENT_KINDS else ():
            known = EVENT_KINDS[event.event].model_fields
            yield from _unknown((*where, "with", name), f"field of {event.event}", name, known)


def _unknown(place: Place, what: str, name: str, known: Iterable[str]) -> Found:
    if name not in (names := list(known)):
        yield place, str(UnknownNameError(what, name, names))
