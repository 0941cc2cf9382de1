"""What an instance has yet to do about the instances it has begun: to start them, to tell them, to cancel them."""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from engine.children import passed_on, told_before
    from engine.commands import EndRun, PassEvent
    from engine.events import ChildStarted, ChildWithdrawn, Event, EventRaised, RunRequested, RunWithdrawn
    from engine.state import State
    from workflows import children, runs
    from workflows.recording import Ledger


class Errands:
    """Keeps what believed events ask for until it is done; `told` hears of a process that cannot begin."""

    def __init__(self, told: Callable[[EndRun], None]) -> None:
        self._told = told
        self._unstarted: list[str] = []
        self._untold: list[tuple[str, PassEvent]] = []
        self._uncancelled = False

    @property
    def waiting(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._unstarted) or self._uncancelled or bool(self._untold)

    def take_up(self, state: State) -> None:
        """A renewed or recovered run asks again for every open child: one that runs already is left alone."""
        self._unstarted += sorted({*state.children, *state.runs})
        self._uncancelled = bool(state.leaving)
        self._untold += told_before(state)

    def hear_of(self, state: State, event: Event) -> None:
        """What is believed may ask for more than that."""
        if isinstance(event, ChildStarted | RunRequested):
            self._unstarted.append(event.child)
        if isinstance(event, EventRaised):
            self._untold += passed_on(state, event)
        if isinstance(event, ChildWithdrawn | RunWithdrawn):
            self._uncancelled = True

    async def start(self, its: Ledger) -> None:
        """Start what is to be started, unless it has been withdrawn since."""
        while self._unstarted:
            child = self._unstarted.pop(0)
            run = its.current.runs.get(child)
            if child in its.current.children:
                await children.start(its.current, its.world, child)
            elif run is not None and not run.began:
                said = await runs.start(its.current, its.world, run)
                if said:
                    self._told(said)

    async def tell(self) -> None:
        """Pass on what was raised."""
        while self._untold:
            await children.tell(*self._untold.pop(0))

    async def cancel(self, its: Ledger) -> None:
        """Cancel what was withdrawn."""
        if self._uncancelled:
            self._uncancelled = False
            await children.cancel(its.current)
