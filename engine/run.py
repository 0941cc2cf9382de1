"""How an instance moves on by itself: from a finished step to what follows, until only people or time act.

Work is a queue, not recursion, so that the depth of a definition and the number of members cost no stack. What a
step does when it begins stands in the module of its kind, in `engine/kinds/`.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from pydantic import JsonValue

from engine import addresses
from engine.definition.program import Block, Node
from engine.errors import BrokenRuleError, RefusedError, TermwiseError
from engine.events import (
    TERMWISE,
    Event,
    InstanceEnded,
    StepsFinished,
)
from engine.evolve import evolve
from engine.scope import Scope
from engine.state import State
from engine.world import World

MAX_EVENTS = 200_000
#: How a part ends that runs as an instance of its own.
FINISHED = ("finished", "Finished")


def rules_of(node: Node, address: str) -> "broken":
    """What fails in here fails because of this step: the refusal says so."""
    return broken("the step", node.id, f" ({address})" if address != node.id else "")


class broken:  # noqa: N801 - read as `with broken(...)`; a generator would cost several times as much
    """Names the rule that fails in here."""

    __slots__ = ("_said",)

    def __init__(self, what: str, name: str, place: str = "") -> None:
        self._said = (what, name, place)

    def __enter__(self) -> None:
        """Nothing yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, TermwiseError) and not isinstance(error, BrokenRuleError):
            what, name, place = self._said
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
        self.sent_back: dict[str, str] = {}
        """Why the step at an address is done again, where it is."""
        self._gone: set[str] = set()

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
        self.sent_back[address] = reason
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

    def leave(self, blocks: Iterable[str]) -> None:
        """Nothing begins or finishes any more in these blocks: they were withdrawn."""
        self._gone.update(blocks)

    def finish_block(self, block: Block, address: str) -> None:
        """A block is finished: its owner goes on or is finished with it."""
        if self._is_gone(address):
            return
        owner = block.owner
        if address == addresses.ROOT or owner is None:
            if self.state.beside:
                self.emit(StepsFinished(at=self.at, by=TERMWISE))
            else:
                self.finish_instance()
            return
        owner.does.inner_finished(self, owner, owner.spec, addresses.owner_of(address), address)

    def _later(self, node: Node, address: str) -> None:
        self._queue.append(lambda: self._begin(node, address))

    def _is_gone(self, address: str) -> bool:
        return bool(self._gone) and not self._gone.isdisjoint(addresses.around(address))

    def _begin(self, node: Node, address: str) -> None:
        if self._is_gone(address):
            return
        with rules_of(node, address):
            node.does.begin(self, node, node.spec, address)

    def finish_instance(self) -> None:
        """All that there was to do is done: the instance ends with the outcome that holds."""
        outcome, title = self._outcome() if self.state.started.part is None else FINISHED
        self.end(outcome, title)

    def end(self, outcome: str, title: str) -> None:
        """The instance ends here; nothing of it may be open any more."""
        reported = self._reported(outcome) if self.state.started.part is None else {}
        self.emit(InstanceEnded(at=self.at, by=TERMWISE, outcome=outcome, title=title, reported=reported))

    def _outcome(self) -> tuple[str, str]:
        scope = self.scope(addresses.ROOT)
        for name, outcome in self.world.program.definition.outcomes.items():
            condition = self.world.program.conditions.get(name)
            with broken("the outcome", name):
                if condition is None or scope.holds(condition):
                    return name, outcome.title
        return FINISHED

    def _reported(self, outcome: str) -> dict[str, JsonValue]:
        scope, reports = self.scope(addresses.ROOT), self.world.program.reports.get(outcome, {})
        with broken("the outcome", outcome):
            return {name: scope.evaluate(expression) for name, expression in reports.items()}
