"""Child workflows: started because the log asks for them, reporting their end by a signal."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from engine.children import cancellation_of, in_force, order_of, report_of, unwanted
    from engine.commands import PassEvent, StartProcess
    from engine.state import State
    from engine.world import World
    from workflows.beginning import Beginning
    from workflows.display import attributes
    from workflows.shown import Shown


async def start(state: State, world: World, child: str) -> None:
    """Start the workflow of an open child. Safe to repeat: a running one is left alone."""
    order = order_of(state, world, child)
    beginning = Beginning(
        instance=child,
        definition=order.definition,
        calendar=order.calendar,
        directory=order.directory,
        processes=order.processes,
        order=order,
        follows=True,
    )
    try:
        await workflow.start_child_workflow(
            state.started.process,
            beginning,
            id=child,
            # A child outlives its parent's new run, and even its termination: the log decides, not the cluster.
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=Shown(f"{state.started.name}: {_called(world, order)}"),
            search_attributes=attributes(world, state.started.term, (order.school,) if order.school else ()),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("child.running_already", extra={"child": child})
    for command in in_force(state, child):
        await tell(child, command)


async def tell(child: str, command: PassEvent) -> None:
    """Tell an open child what happened outside. Safe to repeat."""
    try:
        await workflow.get_external_workflow_handle(child).signal("hear_event", command)
    except ApplicationError:
        # It has just ended: there is nothing to tell.
        workflow.logger.info("child.gone", extra={"child": child})


async def cancel(state: State) -> None:
    """Cancel the children that are not wanted any more. Safe to repeat."""
    for child in unwanted(state):
        try:
            await workflow.get_external_workflow_handle(child).signal("cancel_part", cancellation_of(child))
        except ApplicationError:
            # It never began, or has just ended: there is nothing to cancel.
            workflow.logger.info("child.gone", extra={"child": child})


async def report(state: State) -> None:
    """Tell the parent that this child has ended. Safe to repeat."""
    ended = report_of(state)
    if ended is None or state.started.parent is None:
        return
    try:
        await workflow.get_external_workflow_handle(state.started.parent).signal("end_child", ended)
    except ApplicationError:
        # The parent is gone (cancelled, or lost with its cluster): the log still says that this child ended.
        workflow.logger.warning("child.parent_gone", extra={"child": state.instance})


def _called(world: World, order: StartProcess) -> str:
    return world.directory.school(order.school).name if order.school else order.instance.rpartition("/")[2]
