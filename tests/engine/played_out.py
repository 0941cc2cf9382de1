"""Plays that are carried on to their end, always by the same next thing."""

from typing import Any

from engine.calls import finished
from engine.commands import RaiseEvent, ReassignTask
from engine.decide import decide
from engine.errors import RefusedError
from engine.state import OpenCall, Task
from tests.worlds import Play, named

PEOPLE = ("Chief", "Officer", "Head ash", "Teacher Y2A ash", "Teacher Y2B ash", "Head beech")


def open_calls(play: Play) -> list[tuple[str, OpenCall]]:
    """Every call that waits for its activity, with its instance."""
    found = [(name, call) for name, state in play.states.items() for call in state.calls.values()]
    return sorted(found, key=lambda each: (each[0], each[1].address))


def able(play: Play, task: Task) -> str | None:
    """Somebody to whom the owner may give the task."""
    for name in PEOPLE:
        command = ReassignTask(
            id=play.id(),
            by=named(play.world.directory, "Officer"),
            task=task.id,
            to=named(play.world.directory, name),
            reason="somebody must",
        )
        try:
            decide(play.world_of(task), play.states[play.where(task)], command, play.at)
        except RefusedError:
            continue
        return name
    return None


def answer_as_asked(play: Play, task: Task, *, back: bool) -> None:
    where = play.where(task)
    if not task.asked:
        to = able(play, task)
        assert to
        order = {"id": play.id(), "by": named(play.world.directory, "Officer")}
        target = named(play.world.directory, to)
        play.do(ReassignTask(**order, task=task.id, to=target, reason="somebody must"), instance=where)
        task = play.states[where].tasks[task.id]
    spec: Any = play.world_of(task).program.steps[task.step].spec
    outcomes = list(spec.outcomes) or [None]
    asks = "go_on" in outcomes
    returns = [name for name in spec.outcomes if spec.outcomes[name] and spec.outcomes[name].return_to]
    last = spec.outcomes[returns[0]] if back and returns else None
    if last and (task.round <= 2 or last.at_limit == "go on"):
        play.complete(task, returns[0], reason="again", code="away" if last.reasons else None)
    else:
        play.complete(task, "go_on" if asks else outcomes[0], **({"amount": 1} if spec.form else {}))


def finish(play: Play) -> None:
    """Play to the end: it must come, after finitely many answers and days."""
    for _ in range(2_000):
        if play.state.status != "running":
            break
        advance(play)
    assert play.state.status != "running"


def advance(play: Play) -> None:
    """The next thing happens, always the same one."""
    moment = min((s.next_moment for s in play.states.values() if s.next_moment), default=None)
    if tasks := play.tasks():
        answer_as_asked(play, tasks[0], back=False)
    elif calls := open_calls(play):
        name, call = calls[0]
        play.do(finished(name, call, 1), instance=name)
    elif moment is not None:
        play.pass_time(max(moment, play.at))
    else:
        raise_what_is_awaited(play)


def raise_what_is_awaited(play: Play) -> None:
    """With no task and no date left, somebody can raise what is awaited, or what lets a clock go on."""
    if any(wait.stopped for state in play.states.values() for wait in state.waits.values()):
        head = named(play.world.directory, "Head ash")
        values = {"school": "ash"}
        back = RaiseEvent(id=play.id(), by=head, event="school-back", reason="it is over", values=values)
        play.do(back)
        return
    name, state = next((name, s) for name, s in play.states.items() if s.waits and s.status == "running")
    wait = min(state.waits.values(), key=lambda each: each.address)
    awaited = wait.awaited[-1]
    by = awaited.raised_by[0] if awaited.raised_by else named(play.world.directory, "Officer")
    command = RaiseEvent(id=play.id(), by=by, event=awaited.event, reason="it came", values=awaited.match)
    play.do(command, instance=name)
