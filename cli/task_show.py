"""`termwise tasks show`: all that a person needs to answer one task."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.finding import pinned_program, task_step
from cli.looking_back import days, looking_back, tell_day
from cli.options import NOW, UNSAID, ActingOptions, Then
from cli.output import facts, show, write_json
from cli.questions import blanks, questions, rules
from cli.setup import acting_person, open_desk
from cli.stopping import stopped
from cli.task_drafts import drafted
from cli.wording import Words, effort
from engine.access.sight import Sight
from engine.definition.model import Definition, Outcome, TaskStep
from engine.evolve import replay
from engine.state import Attachment, Comment, Stop, Task
from reports.seeing import sight_of_task
from storage.projections.task_changes import Request
from storage.views import TaskRow


async def show_task(
    task: Annotated[str, Parameter(help="Its id, or the beginning of it.")],
    /,
    *,
    then: Then = NOW,
    options: ActingOptions = UNSAID,
) -> None:
    """Show one task: what is asked, by when and why, what is known, and how to answer.

    Example: termwise tasks show k3fq
    """
    async with open_desk(options.as_) as desk:
        past = await looking_back(desk, then)
        row, moment = await past.records.queries.task(task), past.records.moment
        program = await pinned_program(desk.records, row.definition)
        person = acting_person(desk.trust.directory, options.as_) if options.as_ else None
        draft = await desk.records.drafts.read(row.task, person.id) if person and not moment else None
        log = await desk.records.store.read(row.instance)
        state = replay(each for each in log if moment is None or moment.has(each))
    spec = task_step(program, row)
    known = state.tasks[row.task] if state else None
    reads = state is not None and sight_of_task(past.records.reader, state, row.task) >= Sight.ANSWERS
    talked = known if reads else None
    stops = [state.stops[key] for key in known.stopped] if state and known and row.status == "open" else []
    if options.json:
        form = spec.model_dump(
            mode="json",
            include={
                "guidance",
                "form",
                "rules",
                "outcomes",
                "skip",
                "defer",
                "unanswered",
                "quorum",
                "carries",
            },
        )
        kept: dict[str, object] = {
            "draft": draft.answers if draft else None,
            "stopped": [each.event for each in stops],
            "said": [_plain(each) for each in talked.comments] if talked else [],
            "attached": [_plain(each) for each in talked.attachments] if talked else [],
        }
        write_json({**days(then), **row.model_dump(mode="json"), **form, **kept})
    else:
        words = Words.of(past.trust)
        tell_day(then)
        show(*_rendered(row, spec, stops, program.definition, words))
        if talked:
            show(*talk(talked, words))
        if draft:
            show(Text(f"\nYour draft of {words.moment(draft.saved_at)}", "bold"), drafted(spec, draft, words))


def _rendered(
    row: TaskRow, spec: TaskStep, stops: Sequence[Stop], definition: Definition, words: Words
) -> Iterator[RenderableType]:
    yield Text(row.title, "bold")
    yield facts(_header(row, spec, stops, words))
    if spec.guidance:
        yield Padding(Text(spec.guidance, "italic"), (1, 0, 0, 0))
    if row.shown:
        yield Text("\nKnown", "bold")
        yield facts({name: words.value(value) for name, value in row.shown.items()})
    if spec.form:
        yield Text("\nQuestions", "bold")
        yield facts(dict(questions(spec, definition)))
    if refused := list(rules(spec)):
        yield Text("\nNot taken when", "bold")
        yield from map(Text, refused)
    if spec.outcomes:
        yield Text("\nOutcomes", "bold")
        yield facts({name: _outcome(name, outcome) for name, outcome in spec.outcomes.items()})
    if codes := dict(_reasons(row, spec)):
        yield Text("\nReasons (--code)", "bold")
        yield facts(codes)
    for what, command in _commands(row, spec):
        yield Text(f"\n{what}", "bold")
        yield Padding(Text(command), (0, 0, 0, 2))


def _header(row: TaskRow, spec: TaskStep, stops: Sequence[Stop], words: Words) -> dict[str, str | None]:
    deputy = f"{words.person(row.deputy)} for " if row.deputy and row.assignee else ""
    asked = (
        f"{deputy}{words.person(row.assignee)}" if row.assignee else words.people(row.candidates) or "nobody"
    )
    claimed = "" if row.assignee or row.status != "open" else ", unclaimed"
    where = words.school(row.school) + (f", {row.year_group}" if row.year_group else "")
    closed = (
        f"{row.status} on {words.moment(row.closed_at)}: {row.outcome or row.status}"
        if row.closed_at
        else None
    )
    late = "! late; was due " if row.overdue else ""
    delegated = f", delegated by {words.person(row.delegated_by)}" if row.delegated_by else ""
    return {
        "Task": row.task,
        "Cycle": f"{row.cycle} ({row.instance})",
        "Where": f"{where}; stage {row.stage}",
        "For": f"{asked}{delegated} ({row.role}{claimed})",
        "Due": f"{late}{words.day(row.due_on)}: {row.due_why}" if row.due_on else "no deadline",
        "Asked": asked_for(row.request, words) if row.request else None,
        "Clock": "; ".join(f"stands still: {stopped(stop, words)}" for stop in stops),
        "Together": _together(spec),
        "Work": f"about {effort(row.minutes)}"
        + (f"; took {effort(row.took)}" if row.took is not None else ""),
        "Unanswered": _unanswered(row, spec),
        "Round": f"{row.round}: it was sent back" if row.round > 1 else None,
        "State": closed or _state(row, words),
    }


def asked_for(request: Request, words: Words) -> str:
    """Who asks for how much more time, and why."""
    until = f"{words.person(request.by)} asks for time until {words.day(request.until)}"
    return f"{until}: {request.reason}"


def talk(task: Task, words: Words) -> Iterator[RenderableType]:
    """What people have said about it, and what they have attached."""
    if task.comments:
        yield Text("\nSaid", "bold")
        for said in task.comments:
            yield Padding(Text(f"{words.person(said.by)}, {words.moment(said.at)}", "dim"), (0, 0, 0, 2))
            yield Padding(Text(said.text), (0, 0, 0, 4))
    if task.attachments:
        yield Text("\nAttached", "bold")
        yield facts({each.label: f"{each.link} ({words.person(each.by)})" for each in task.attachments})


def _plain(said: Comment | Attachment) -> dict[str, object]:
    return {**asdict(said), "at": said.at.isoformat()}


def _unanswered(row: TaskRow, spec: TaskStep) -> str | None:
    if row.due_on and spec.unanswered and row.status == "open":
        return f"at its deadline it ends by itself: {spec.unanswered}"
    return None


def _together(spec: TaskStep) -> str | None:
    """What becomes of the answer, where several people are asked each for themselves."""
    if spec.quorum == "any":
        return None
    wanted = repr(spec.carries or next(iter(spec.outcomes)))
    match spec.quorum:
        case "all responded":
            return "everybody who is asked answers; the outcome with the most answers is taken"
        case "all":
            return f"it is decided for {wanted} when everybody who is asked chooses it"
        case many:
            return f"it is decided for {wanted} when {many} of those who are asked choose it"


def _reasons(row: TaskRow, spec: TaskStep) -> Iterator[tuple[str, str]]:
    """The codes that may be given now, each with what it means."""
    listed = {name: outcome.reasons for name, outcome in spec.outcomes.items() if outcome}
    aside = {"to skip": spec.skip, "to put off": spec.defer if row.status == "open" else {}}
    for what, codes in {**listed, **aside}.items() if row.status in {"open", "deferred"} else ():
        if codes:
            yield what, "\n".join(f"{code}: {meaning}" for code, meaning in codes.items())


def _state(row: TaskRow, words: Words) -> str:
    return f"put off until {words.day(row.deferred_until)}" if row.deferred_until else row.status


def _commands(row: TaskRow, spec: TaskStep) -> Iterator[tuple[str, str]]:
    """What may be done with it now, each with the command to type."""
    if row.status == "open":
        yield "To answer", _command(row, spec)
        yield from (("To send it back", each) for each in _ways_back(row, spec))
        yield from _people(row, spec)
    if row.status == "deferred":
        yield "To bring it back", f"termwise tasks resume {row.task}"
    if row.status in {"open", "deferred"} and spec.skip:
        yield "To skip it", f"termwise tasks skip {row.task} --code {'|'.join(spec.skip)}"
    if row.status == "open" and spec.defer:
        yield "To put it off", f"termwise tasks defer {row.task} --until DAY --code {'|'.join(spec.defer)}"


def _people(row: TaskRow, spec: TaskStep) -> Iterator[tuple[str, str]]:
    """What may be asked of others about an open task."""
    if row.request:
        decide = f"termwise tasks grant {row.task}\ntermwise tasks refuse {row.task} --reason ..."
        yield "To decide about more time", decide
    elif row.due_on and spec.status != "statutory":
        yield (
            "If there is too little time",
            f"termwise tasks ask-for-time {row.task} --until DAY --reason ...",
        )
    if row.delegated_by:
        yield "To give it back to its owner", f"termwise tasks hand-back {row.task}"


def _outcome(name: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return name
    label = outcome.label or name
    if outcome.return_to:
        reason = "choose a reason" if outcome.reasons else "give the reason"
        return f"{label} (sends the work back to {outcome.return_to!r}; {reason})"
    return f"{label} (choose a reason)" if outcome.reasons else label


def _ways_back(row: TaskRow, spec: TaskStep) -> Iterator[str]:
    ways = {name: each for name, each in spec.outcomes.items() if each and each.return_to}
    for name, outcome in ways.items():
        which = f" --outcome {name}" if len(ways) > 1 else ""
        why = f"--code {'|'.join(outcome.reasons)}" if outcome.reasons else "--reason ..."
        yield f"termwise tasks return {row.task}{which} {why}"


def _command(row: TaskRow, spec: TaskStep) -> str:
    forward = [name for name, outcome in spec.outcomes.items() if not (outcome and outcome.return_to)]
    words = [f"termwise tasks complete {row.task}"]
    words += [f"--outcome {'|'.join(forward)}"] if spec.outcomes else []
    return " ".join([*words, *dict.fromkeys(blanks(spec, {}))])
