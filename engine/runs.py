"""Between an instance and the processes it runs: the order that starts one, and what is said of it."""

from datetime import datetime

from engine.commands import EndRun, StartProcess, command_id
from engine.events import TERMWISE, Event, InstanceStarted
from engine.state import OpenRun, State

#: The outcome of a process that is not waited for.
STARTED = "started"


def order_of_run(state: State, run: OpenRun) -> StartProcess:
    """The command that starts a process that is to be run: a cycle of its own, that knows whom to tell."""
    started = state.started
    return StartProcess(
        id=command_id(run.child, "start", started.instance, run.address, run.attempt),
        by=TERMWISE,
        instance=run.child,
        definition=run.definition,
        calendar=started.calendar,
        directory=started.directory,
        # Fewer with every level: even definitions that lead back to each other come to an end.
        processes={key: digest for key, digest in started.processes.items() if key != run.process},
        inputs=dict(run.inputs),
        root=run.child,
        parent=started.instance,
        run_at=run.address,
        attempt=run.attempt,
        school=run.school,
        engine=started.engine,
    )


def is_ours(state: State, run: OpenRun, first: Event) -> bool:
    """Whether an instance, by the first event of its log, was started by this step."""
    if not isinstance(first, InstanceStarted):
        return False
    return (first.parent, first.run_at) == (state.instance, run.address)


def begun(state: State, run: OpenRun) -> EndRun:
    """What is said of a process that was started and is not waited for."""
    return _said(state.instance, run.child, run.address, state.now, attempt=run.attempt, outcome=STARTED)


def refused(state: State, run: OpenRun, why: str) -> EndRun:
    """What is said of a process that could not be started."""
    return _said(state.instance, run.child, run.address, state.now, attempt=run.attempt, why=why)


def running_already(state: State, run: OpenRun) -> EndRun:
    """What is said where the same key was started before, by somebody else."""
    return refused(state, run, f"{run.child} was started already, not by this step")


def refusal_of(order: StartProcess, at: datetime, why: str) -> EndRun | None:
    """What a process that cannot begin says to whoever runs it; none where nobody does."""
    if order.parent is None or order.run_at is None:
        return None
    return _said(order.parent, order.instance, order.run_at, at, attempt=order.attempt, why=why)


def run_report_of(state: State) -> EndRun | None:
    """What an ended process says to whoever ran it; none where nobody did, or while it runs."""
    started = state.started
    if started.parent is None or started.run_at is None or state.status == "running":
        return None
    return _said(
        started.parent,
        started.instance,
        started.run_at,
        state.now,
        outcome=state.outcome or state.status,
        reports=state.reported,
    )


def _said(parent: str, child: str, address: str, at: datetime, **said: object) -> EndRun:
    identity = command_id(parent, "end-run", child, address, said.get("attempt"), said.get("why") is None)
    return EndRun.model_validate(
        {"id": identity, "by": TERMWISE, "at": at, "address": address, "child": child, **said}
    )
