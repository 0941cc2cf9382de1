"""How an instance moves on by itself: from a finished step to what follows, until only people or time act.

Work is a queue, not recursion, so that the depth of a definition and the number of members cost no stack.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import assert_never

from pydantic import JsonValue

from engine import addresses, opening
from engine.definition.model import (
    Call,
    ChooseStep,
    ForEachStep,
    NotifyStep,
    ParallelStep,
    RepeatStep,
    SetStep,
    TaskStep,
    WaitStep,
)
from engine.definition.program import Block, Node
from engine.errors import BrokenRuleError, RefusedError, TermwiseError
from engine.events import (
    TERMWISE,
    BranchChosen,
    ChildStarted,
    Event,
    ForEachOpened,
    InstanceEnded,
    ParallelOpened,
    RoundStarted,
    StepFinished,
    ValuesSet,
)
from engine.evolve import evolve
from engine.functions import call
from engine.members import members
from engine.scope import Scope
from engine.state import State
from engine.world import World

MAX_EVENTS = 200_000
#: How a part ends that runs as an instance of its own.
FINISHED = ("finished", "Finished")


@contextmanager
def rules_of(node: Node, address: str) -> Iterator[None]:
    """What fails in here fails because of this step: the refusal says so."""
    place = f" ({address})" if address != node.id else ""
    with broken("the step", node.id, place):
        yield


@contextmanager
def broken(what: str, name: str, place: str = "") -> Iterator[None]:
    """Names the rule that fails in here."""
    try:
        yield
    except BrokenRuleError:
        raise
    except TermwiseError as error:
        raise BrokenRuleError(f"{what} {name!r}{place} cannot go on: {error}") from error


class Run:
    """One command being decided: the events so far and the state they lead to."""

    def __init__(self, world: World, state: State | None, at: datetime, by: str) -> None:
        self.world = world
        self.at = at
        self.by = by
        self.events: list[Event] = []
        self._state = state
        self._queue: deque[Callable[[], None]] = deque()
        self._sent_back: dict[str, str] = {}

    @property
    def state(self) -> State:
        """The state after the events so far."""
        if self._state is None:
            raise ValueError("nothing has started")
        return self._state

    def emit(self, event: Event) -> None:
        """Add an event and move the state by it."""
        if len(self.events) >= MAX_EVENTS:
            raise RefusedError(
                f"this would record more than {MAX_EVENTS} events at once; split the process into children"
            )
        self.events.append(event)
        self._state = evolve(self._state, event)

    def settle(self) -> tuple[Event, ...]:
        """Move on until only people or time can act; the events of the whole command."""
        while self._queue:
            self._queue.popleft()()
        return tuple(self.events)

    def scope(self, address: str) -> Scope:
        """What a step at this address sees now."""
        return Scope(self.state, address, self.world.calendar)

    # ---- going on

    def begin_block(self, block: Block, address: str) -> None:
        """Begin the first step of a block, or finish it when there is none."""
        if block.steps:
            self._later(block.steps[0], addresses.step(address, block.steps[0].id))
        else:
            self._queue.append(lambda: self.finish_block(block, address))

    def begin_again(self, node: Node, address: str, reason: str) -> None:
        """Begin a step that rework sent the block back to; whoever is asked sees why."""
        self._sent_back[address] = reason
        self._later(node, address)

    def finish_step(self, address: str) -> None:
        """A step is finished: begin the next of its block, or finish the block."""
        node = self.world.program.steps[addresses.name_of(address)]
        following = node.following
        place = addresses.block_of(address)
        if following:
            self._later(following, addresses.step(place, following.id, addresses.again_of(address)))
        else:
            self._queue.append(lambda: self.finish_block(node.block, place))

    def finish_block(self, block: Block, address: str) -> None:
        """A block is finished: its owner goes on or is finished with it."""
        owner = block.owner
        if address == addresses.ROOT or owner is None:
            self._end()
            return
        at = addresses.owner_of(address)
        if owner.kind == "repeat":
            self._next_round(owner, at)
        elif owner.kind == "choose":
            self.finish_step(at)
        else:
            self.emit(StepFinished(at=self.at, by=TERMWISE, address=address))
            if self.state.composites[at].open == 0:
                self.finish_step(at)

    def _later(self, node: Node, address: str) -> None:
        self._queue.append(lambda: self._begin(node, address))

    def _begin(self, node: Node, address: str) -> None:
        with rules_of(node, address):
            self._open(node, address)

    def _open(self, node: Node, address: str) -> None:
        match node.spec:
            case TaskStep():
                why = self._sent_back.get(address)
                asked = opening.open_task(self.world, self.scope(address), node, address, self.at, why)
                self.emit(asked)
                if not asked.candidates:
                    self.emit(opening.nobody_is_asked(self.world, asked))
            case WaitStep():
                self.emit(opening.open_wait(self.world, self.scope(address), node, address, self.at))
            case ForEachStep():
                self._open_for_each(node, node.spec, address)
            case RepeatStep():
                self._round(node, address, 1)
            case ChooseStep():
                self._choose(node, node.spec, address)
            case ParallelStep():
                self._open_parallel(node, address)
            case SetStep():
                self._set(node, node.spec, address)
            case NotifyStep():
                self.emit(opening.notification(self.world, self.scope(address), node, address, self.at))
                self.finish_step(address)
            case _:
                assert_never(node.spec)

    # ---- kinds of step

    def _open_for_each(self, node: Node, spec: ForEachStep, address: str) -> None:
        items = members(node, spec, self.scope(address))
        self.emit(ForEachOpened(at=self.at, by=TERMWISE, address=address, step=node.id, items=items))
        if not items:
            self.finish_step(address)
        for each in items:
            block = addresses.item(address, each.key)
            if spec.run == "as child instances":
                child = addresses.child(self.state.instance, block)
                self.emit(ChildStarted(at=self.at, by=TERMWISE, address=block, child=child, item=each))
            else:
                self.begin_block(node.blocks[0], block)

    def _round(self, node: Node, address: str, number: int) -> None:
        self.emit(RoundStarted(at=self.at, by=TERMWISE, address=address, step=node.id, round=number))
        self.begin_block(node.blocks[0], addresses.round_of(address, number))

    def _next_round(self, node: Node, address: str) -> None:
        number = self.state.composites[address].round
        inside = addresses.step(addresses.round_of(address, number), node.id)
        enough = not isinstance(node.spec, RepeatStep) or number >= node.spec.at_most
        with rules_of(node, address):
            enough = enough or self.scope(inside).holds(node.expressions["until"])
        if enough:
            self.finish_step(address)
        else:
            self._round(node, address, number + 1)

    def _choose(self, node: Node, spec: ChooseStep, address: str) -> None:
        scope = self.scope(address)
        held = (
            number
            for number, case in enumerate(spec.cases)
            if case.when is None or scope.holds(node.expressions[f"when.{number}"])
        )
        chosen = next(held, None)
        because = "no case held"
        if chosen is not None:
            because = spec.cases[chosen].label or spec.cases[chosen].when or "otherwise"
        self.emit(
            BranchChosen(
                at=self.at, by=TERMWISE, address=address, step=node.id, branch=chosen, because=because
            )
        )
        if chosen is None:
            self.finish_step(address)
        else:
            self.begin_block(node.blocks[chosen], addresses.case(address, chosen))

    def _open_parallel(self, node: Node, address: str) -> None:
        branches = len(node.blocks)
        self.emit(ParallelOpened(at=self.at, by=TERMWISE, address=address, step=node.id, branches=branches))
        for number, block in enumerate(node.blocks):
            self.begin_block(block, addresses.branch(address, number))

    def _set(self, node: Node, spec: SetStep, address: str) -> None:
        scope = addresses.scope_of(address)
        for name, value in spec.set.items():
            found = self._computed(node, name, value, address)
            self.emit(
                ValuesSet(
                    at=self.at, by=TERMWISE, address=address, step=node.id, scope=scope, values={name: found}
                )
            )
        self.finish_step(address)

    def _computed(self, node: Node, name: str, value: Call | str, address: str) -> JsonValue:
        scope = self.scope(address)
        if not isinstance(value, Call):
            return scope.evaluate(node.expressions[f"set.{name}"])
        arguments = {arg: scope.evaluate(node.expressions[f"set.{name}.{arg}"]) for arg in value.args}
        return call(value.function, arguments)

    def _end(self) -> None:
        outcome, title = self._outcome() if self.state.started.part is None else FINISHED
        self.emit(InstanceEnded(at=self.at, by=TERMWISE, outcome=outcome, title=title))

    def _outcome(self) -> tuple[str, str]:
        scope = self.scope(addresses.ROOT)
        for name, outcome in self.world.program.definition.outcomes.items():
            condition = self.world.program.conditions.get(name)
            with broken("the outcome", name):
                if condition is None or scope.holds(condition):
                    return name, outcome.title
        return FINISHED
