"""Several people are asked, each for themselves, and decide together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine import addresses, opening
from engine.definition.model import TaskStep
from engine.definition.program import Node
from engine.definition.values import ALL_RESPONDED
from engine.errors import RefusedError
from engine.events import TERMWISE, QuorumOpened, QuorumReached, TaskOpened, TaskWithdrawn
from engine.joins import needed
from engine.run import Run
from engine.state import State
from engine.step_states import decisions_before

ANYBODY = "any"
DONE = "done"
#: The seat of whoever the owner gives it to, when nobody could be asked.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Decision:
    """What several people decided together, and why it is decided."""

    outcome: str
    because: str
    tied: bool = False


def asks_each(spec: TaskStep) -> bool:
    """Whether each of the people gets a task of their own."""
    return spec.quorum != ANYBODY


def open_seats(run: Run, node: Node, address: str, asked: TaskOpened) -> None:
    """Ask each of the people: `asked` is how one task for all of them would be opened."""
    people = asked.candidates or (NOBODY,)
    run.emit(QuorumOpened(at=run.at, by=TERMWISE, address=address, step=node.id, people=people))
    for person in people:
        seat = addresses.seat(address, person)
        own: dict[str, object] = {"task": opening.task_id(run.state.instance, seat), "address": seat}
        if asked.candidates:
            own |= {"assignee": person, "candidates": (person,)}
        opened = asked.model_copy(update=own)
        run.emit(opened)
        if not opened.candidates:
            run.emit(opening.nobody_is_asked(run.world, opened))


def seat_answered(run: Run, node: Node, spec: TaskStep, seat: str) -> None:
    """One of them has answered: go on if that decides it."""
    address = addresses.asking(seat)
    composite = run.state.composites[address]
    given = [str(each["outcome"]) for each in composite.answers if isinstance(each, dict)]
    decision = decide(spec.quorum, _outcomes(spec), _carries(spec), given, len(composite.items))
    if decision is None:
        return
    back = _sent_back_to(run, node, spec, decision.outcome, address)
    _withdraw_others(run, address)
    run.emit(
        QuorumReached(
            at=run.at,
            by=TERMWISE,
            address=address,
            step=node.id,
            outcome=decision.outcome,
            tied=decision.tied,
            because=decision.because,
            returned_to=back,
        )
    )
    if back:
        run.begin_again(run.world.program.steps[addresses.name_of(back)], back, _reasons(composite.answers))
    else:
        run.finish_step(address)


def decide(
    quorum: str, outcomes: Sequence[str], carries: str, given: Sequence[str], asked: int
) -> Decision | None:
    """What the answers given so far decide among so many people asked; none while it is open.

    `all`, a number or a share: that many must choose the outcome that carries. It is lost as soon as so many no
    longer can; then the other outcome with the most answers is taken. `all responded` waits for everybody, and
    takes the outcome with the most answers. Of equals the one that is listed first.
    """
    count, left = Counter(given), asked - len(given)
    if quorum == ALL_RESPONDED:
        return None if left else _most(count, outcomes, f"all {asked} have responded")
    need = needed(quorum, asked)
    if count[carries] >= need:
        return Decision(carries, f"{count[carries]} of {asked} chose it, and {need} were needed")
    if count[carries] + left >= need:
        return None
    others = Counter({name: times for name, times in count.items() if name != carries})
    return _most(others, outcomes, f"{need} of {asked} can no longer choose {carries!r}")


def _most(count: Mapping[str, int], outcomes: Sequence[str], because: str) -> Decision:
    most = max(count.values())
    # An outcome that is not listed, such as being skipped, stands behind those that are.
    order = [*outcomes, *sorted(count.keys() - set(outcomes))]
    first, *others = [name for name in order if count.get(name) == most]
    return Decision(first, because, tied=bool(others))


def refuse_a_second_seat(run: Run, seat: str, person: str) -> None:
    """Nobody answers twice: refuse to give a seat to somebody who has one, or has answered in one."""
    if has_another_seat(run.state, seat, person):
        name = run.world.directory.person(person).name
        raise RefusedError(f"{name} is asked for an answer of their own, and may not give two")


def has_another_seat(state: State, seat: str, person: str) -> bool:
    """Whether the person is asked, or has answered, in another seat than this; no for what is no seat."""
    if not addresses.is_seat(seat):
        return False
    address = addresses.asking(seat)
    seats = (addresses.seat(address, other) for other in state.composites[address].items)
    others = (state.tasks[opening.task_id(state.instance, each)] for each in seats if each != seat)
    return any(
        person
        in ((*each.asked, each.delegated_by) if each.status != "completed" else (each.done_by, each.done_for))
        for each in others
    )


def _reasons(answers: Sequence[JsonValue]) -> str:
    return "; ".join(str(each["reason"]) for each in answers if isinstance(each, dict) and each["reason"])


def _outcomes(spec: TaskStep) -> tuple[str, ...]:
    return tuple(spec.outcomes) or (DONE,)


def _carries(spec: TaskStep) -> str:
    return spec.carries or _outcomes(spec)[0]


def _sent_back_to(run: Run, node: Node, spec: TaskStep, outcome: str, address: str) -> str | None:
    """Where the work goes back to; none when this outcome does not send it back, or not any more."""
    found, done = spec.outcomes.get(outcome), addresses.again_of(address)
    if found is None or found.return_to is None:
        return None
    before = decisions_before(run.state, node.id, address)
    # Others may have sent it back meanwhile: where it goes on at the limit, only what this outcome did counts.
    times = sum(each.get("outcome") == outcome for each in before) if found.at_limit == "go on" else done - 1
    if times >= found.at_most:
        return None
    target = run.world.program.steps[found.return_to]
    return addresses.step(addresses.block_of(address), target.id, done + 1)


def _withdraw_others(run: Run, address: str) -> None:
    for person in run.state.composites[address].items:
        seat = addresses.seat(address, person)
        task = opening.task_id(run.state.instance, seat)
        if task in run.state.open_tasks or task in run.state.deferred_tasks:
            run.emit(TaskWithdrawn(at=run.at, by=TERMWISE, task=task, reason="the others have decided"))
