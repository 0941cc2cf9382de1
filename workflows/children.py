"""Child instances: started by their parent's log, reporting their end by a signal."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from engine import addresses
    from engine.commands import EndChild, StartProcess, command_id
    from engine.events import TERMWISE
    from engine.scope import Scope
    from engine.state import State
    from engine.world import World
    from workflows.beginning import Beginning
    from workflows.display import attributes


async def start(state: State, world: World, parent: Beginning, child: str) -> None:
    """Start the workflow of a child the log asks for. Safe to repeat: a running child is left alone."""
    order = _order(state, world, parent, child)
    beginning = parent.model_copy(update={"instance": child, "version": 0, "order": order, "log": ()})
    try:
        await workflow.start_child_workflow(
            state.started.process,
            beginning,
            id=child,
            # A child outlives a parent's new run, and even its termination: the log decides, not the cluster.
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"{state.started.name}: {order.school or child.rpartition('/')[2]}",
            search_attributes=attributes(world, state.started.term, (order.school,) if order.school else ()),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("child.running_already", extra={"child": child})


async def report(state: State) -> None:
    """Tell the parent that this child has ended, and what its steps left behind."""
    parent = state.started.parent
    if parent is None or state.started.part is None:
        return
    given = {"key", *state.started.inputs, *state.started.data}
    values = {name: value for name, value in state.scopes[addresses.ROOT].items() if name not in given}
    ended = EndChild(
        id=command_id(parent, "end-child", state.instance),
        by=TERMWISE,
        address=state.started.part,
        child=state.instance,
        outcome=state.outcome or state.status,
        values=values,
    )
    try:
        await workflow.get_external_workflow_handle(parent).signal("end_child", ended)
    except ApplicationError:
        # The parent is gone (cancelled, or lost with its cluster): the log still says that this child ended.
        workflow.logger.warning("child.parent_gone", extra={"child": state.instance})


def _order(state: State, world: World, parent: Beginning, child: str) -> StartProcess:
    address = state.children[child]
    node = world.program.steps[addresses.name_of(addresses.owner_of(address))]
    member = next(each for each in state.composites[addresses.owner_of(address)].items if each.key == addresses.key_of(address))
    # What the child's steps read of ours, as it is now; asked from inside the member, whose own values come first.
    scope = Scope(state, f"{address}/{node.id}", world.calendar)
    read = node.reads() - state.started.inputs.keys() - {"key"}
    values = {name: scope.value(name) for name in sorted(read)}
    school = {"school": member.school} if member.school else {}
    return StartProcess(
        id=command_id(child, "start"),
        by=TERMWISE,
        instance=child,
        definition=parent.definition,
        calendar=parent.calendar,
        directory=parent.directory,
        inputs=state.started.inputs,
        root=state.started.root,
        parent=state.instance,
        part=address,
        school=member.school,
        data={**{name: value for name, value in values.items() if value is not None}, **school, **member.values},
    )
