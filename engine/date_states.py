"""How deadlines that were resolved anew move the state."""

from engine.agenda import enter, leave
from engine.copying import replace
from engine.date_events import DeadlineMoved
from engine.state import State
from engine.task_states import due_moved


def deadline_moved(state: State, event: DeadlineMoved) -> State:
    """A task, a wait or a for-each has another deadline; what still runs is on the agenda by it."""
    if event.task is not None:
        return due_moved(state, state.tasks[event.task], event)
    if event.address in state.waits:
        wait = state.waits[event.address]
        waits = state.waits.set(event.address, replace(wait, until=event.due))
        state = replace(state, waits=waits)
        runs = not wait.stopped
    else:
        composite = replace(state.composites[event.address], until=event.due)
        state = replace(state, composites=state.composites.set(event.address, composite))
        runs = True
    agenda = leave(state.agenda, event.was.at, (event.address, 0)) if event.was else state.agenda
    if event.due and runs:
        agenda = enter(agenda, event.due.at, (event.address, 0))
    return replace(state, agenda=agenda)
