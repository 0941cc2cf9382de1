"""Processes that are run: cycles of their own, started because the log asks for them, reporting by a signal."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.record import ReadLog, Recorder
    from engine.commands import EndRun, StartProcess
    from engine.events import Event
    from engine.runs import begun, is_ours, order_of_run, refusal_of, run_report_of, running_already
    from engine.starting import instance_name, instance_term
    from engine.state import OpenRun, State
    from engine.world import World
    from workflows.beginning import Beginning
    from workflows.display import attributes
    from workflows.shown import Shown

_AWAY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
#: Until whoever has taken the same key a moment ago has recorded it.
_LOOK_AGAIN = timedelta(seconds=1)


async def start(state: State, world: World, run: OpenRun) -> EndRun | None:
    """Start the process; what is to be said of it, if anything is yet. Safe to repeat.

    A process that this step has started before is asked again where its end is waited for: it goes on, or reports
    once more. The same key in other hands is left alone, and said.
    """
    while True:
        first = await _first_event(run.child)
        if first is not None and not is_ours(state, run, first):
            return running_already(state, run)
        if first is None or run.wait:
            try:
                await _start(state, world, run)
            except WorkflowAlreadyStartedError:
                if first is None:  # Whose it is, its log will say.
                    await workflow.sleep(_LOOK_AGAIN)
                    continue
        return None if run.wait else begun(state, run)


async def report(state: State) -> None:
    """Tell whoever ran this process that it has ended. Safe to repeat."""
    ended = run_report_of(state)
    if ended is not None and state.started.parent is not None:
        await _tell(state.started.parent, ended)


async def report_refusal(order: StartProcess, why: str) -> None:
    """Tell whoever runs this process that it cannot begin. Safe to repeat."""
    refused = refusal_of(order, workflow.now(), why)
    if refused is not None and order.parent is not None:
        await _tell(order.parent, refused)


async def _tell(parent: str, said: EndRun) -> None:
    try:
        await workflow.get_external_workflow_handle(parent).signal("end_run", said)
    except ApplicationError:
        # It has ended: it did not wait, or went on without us.
        workflow.logger.info("run.parent_gone", extra={"parent": parent, "child": said.child})


async def _first_event(instance: str) -> Event | None:
    log = await workflow.execute_activity_method(
        Recorder.read_log,
        ReadLog(stream=instance, after=0, until=1),
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=_AWAY,
        summary=Shown(f"whether {instance} was started before"),
    )
    return log.records[0].event if log.records else None


async def _start(state: State, world: World, run: OpenRun) -> None:
    order, its = order_of_run(state, run), world.running(run.process)
    definition = its.program.definition
    beginning = Beginning(
        instance=run.child,
        definition=order.definition,
        calendar=order.calendar,
        directory=order.directory,
        processes=order.processes,
        order=order,
        follows=True,
    )
    schools = order.inputs.get("schools")
    named = tuple(str(each) for each in schools) if isinstance(schools, list) else ()
    handle = await workflow.start_child_workflow(
        run.process,
        beginning,
        id=run.child,
        # It outlives whoever ran it: the log decides, not the cluster.
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        static_summary=Shown(instance_name(its.program, order.inputs)),
        static_details=Shown(definition.purpose),
        search_attributes=attributes(
            its,
            instance_term(its.program, order.inputs),
            (order.school,) if order.school else named,
        ),
    )
    # Its end comes as a signal; how its workflow ends says nothing more, even when it fails.
    handle.add_done_callback(lambda ended: None if ended.cancelled() else ended.exception())
