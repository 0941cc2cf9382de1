"""What people ask of termwise, for the command line, the demo and programs alike."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import JsonValue
from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.ports import DocumentStore, EventStore, RegisterRow
from engine import library
from engine.commands import Answer, Order, PersonCommand, StartProcess, command_id
from engine.decide import decide
from engine.definition.compiler import canonical_json
from engine.errors import RefusedError, TermwiseError, UnknownNameError
from engine.events import Event
from engine.records import Recorded
from engine.register.orders import RegisterCommand
from engine.signing import Signed
from engine.starting import instance_id, instance_name, instance_term, resolve_inputs
from engine.world import ENGINE_VERSION, World
from workers import registering
from workers.keys import Signer
from workers.unanswered import ANSWER_WITHIN, NO_ANSWER, TRIES, OutcomeUnknownError, failure, refusal
from workflows.beginning import Beginning
from workflows.display import attributes
from workflows.shown import Shown

_LOOK_AGAIN_SECONDS = 0.03
_PAUSE_SECONDS = 0.2


class AlreadyStartedError(RefusedError):
    """The same key was started before."""

    def __init__(self, instance: str) -> None:
        self.instance = instance
        super().__init__(f"{instance} was started already; see `termwise show {instance}`")


class Log(EventStore, Protocol):
    """The log, with a look-up by command."""

    async def find(self, command: UUID) -> list[Recorded]:
        """The events of a command; none when it was never recorded."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A start that was decided but not carried out: what the dry run shows."""

    order: StartProcess
    name: str
    events: tuple[Event, ...]


class Termwise:
    """The client. Everything it sends is idempotent: ids come from what is asked, not from chance."""

    def __init__(  # noqa: PLR0913, PLR0917 - the two servers, and what it knows and signs with
        self,
        temporal: Client,
        log: Log,
        documents: DocumentStore,
        task_queue: str,
        row: RegisterRow,
        signer: Signer,
    ) -> None:
        self._temporal = temporal
        self._log = log
        self._documents = documents
        self._task_queue = task_queue
        self._row = row
        self._signer = signer

    async def plan(
        self, world: World, given: dict[str, JsonValue], by: str, at: datetime | None = None
    ) -> Plan:
        """What starting would do. Nothing is changed; raises what starting would raise."""
        at = at or datetime.now(UTC)
        inputs = resolve_inputs(world, given, at)
        instance = instance_id(world.program, inputs)
        order = StartProcess(
            id=command_id(instance, "start"),
            by=by,
            instance=instance,
            definition=world.program.digest,
            calendar=await self._documents.put("calendar", library.text(world.calendar)),
            directory=await self._documents.put("directory", library.text(world.directory)),
            processes={key: program.digest for key, program in world.processes.items()},
            inputs=inputs,
            root=instance,
            engine=ENGINE_VERSION,
        )
        events = decide(world, None, order, at)
        return Plan(order, instance_name(world.program, inputs), events)

    async def keep(self, world: World) -> tuple[str, str, str]:
        """Store the documents of a world, so that an instance can move to it; their digests. Safe to repeat."""
        return (
            await self._documents.put("definition", canonical_json(world.program.definition)),
            await self._documents.put("calendar", library.text(world.calendar)),
            await self._documents.put("directory", library.text(world.directory)),
        )

    async def start(self, world: World, given: dict[str, JsonValue], by: str) -> str:
        """Start a process and wait until it is recorded; the instance id.

        Raises AlreadyStartedError for a key that runs or ran. Safe to repeat after OutcomeUnknownError.
        """
        plan = await self.plan(world, given, by)
        order = plan.order
        if await self._log.read(order.instance, until=1):
            raise AlreadyStartedError(order.instance)
        for program in (world.program, *world.processes.values()):
            await self._documents.put("definition", canonical_json(program.definition))
        beginning = Beginning(
            instance=order.instance,
            definition=order.definition,
            calendar=order.calendar,
            directory=order.directory,
            processes=order.processes,
            order=order,
            follows=True,
            signature=self._signer.signed(order.instance, order).signature,
        )
        schools = order.inputs.get("schools")
        try:
            started = await self._temporal.start_workflow(
                world.program.definition.process,
                beginning,
                id=order.instance,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=Shown(plan.name),
                static_details=Shown(world.program.definition.purpose),
                search_attributes=attributes(
                    world,
                    instance_term(world.program, order.inputs),
                    tuple(str(school) for school in schools) if isinstance(schools, list) else (),
                ),
            )
        except WorkflowAlreadyStartedError:
            raise AlreadyStartedError(order.instance) from None
        except RPCError as error:
            raise failure(self._temporal, error, order.id) from error
        refused = asyncio.create_task(_refused(started))
        try:
            await self._recorded(order, refused)
        finally:
            refused.cancel()
        return order.instance

    async def _recorded(self, order: StartProcess, refused: asyncio.Task[TermwiseError | None]) -> None:
        """Wait until the log has the start. Raises RefusedError where the worker did not believe it."""
        deadline = asyncio.get_running_loop().time() + ANSWER_WITHIN.total_seconds()
        while not await self._log.read(order.instance, until=1):
            if asyncio.get_running_loop().time() > deadline:
                raise OutcomeUnknownError(order.id)
            if refused.done() and (why := refused.result()):
                raise why
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def send(self, instance: str, command: PersonCommand) -> Answer:
        """Send a command and wait until its events are durable. A time-out is followed by a repeat with the same id.

        Raises RefusedError when the rules do not allow it, OutcomeUnknownError when no answer came.
        """
        handle = self._temporal.get_workflow_handle(instance)
        catching_up = asyncio.get_running_loop().time() + ANSWER_WITHIN.total_seconds()
        tries = 0
        while tries < TRIES:
            tries += 1
            try:
                answer: Answer = await handle.execute_update(
                    command.kind,
                    self._signer.signed(instance, command),  # Anew each time: a signature is soon stale.
                    id=str(command.id),
                    result_type=Answer,
                    rpc_timeout=ANSWER_WITHIN,
                )
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                continue  # The same id: what was carried out meanwhile is not carried out again.
            except WorkflowUpdateFailedError as error:
                if await self._is_behind(instance, error) and asyncio.get_running_loop().time() < catching_up:
                    tries -= 1
                    await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                raise refusal(error) from error
            except RPCError as error:
                if error.status == RPCStatusCode.NOT_FOUND:
                    return await self._closed(instance, command)
                if error.status == RPCStatusCode.FAILED_PRECONDITION:
                    # Something else arrived in the very moment in which this would have ended the instance.
                    await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                if error.status in NO_ANSWER:
                    continue
                raise failure(self._temporal, error, command.id) from error
            else:
                return answer
        raise OutcomeUnknownError(command.id)

    def signed(self, instance: str, command: Order) -> Signed[Order]:
        """The command, signed now and not sent. Raises KeyFileError."""
        return self._signer.signed(instance, command)

    async def register(self, order: RegisterCommand) -> Answer:
        """Change the register of the trust and wait until it is durable. Raises as `send` does."""
        return await registering.register(self._temporal, self._task_queue, order, self._signer)

    async def _is_behind(self, instance: str, error: WorkflowUpdateFailedError) -> bool:
        """Whether the workflow refused because it does not know yet what stands in the log or in the register.

        What is recorded is seen at once. A worker that dies before it has told Temporal so, or keeps nothing in
        memory, decides on the state before it. An instance that nothing has happened in takes no notice of the
        register; it is told to.
        """
        cause = error.cause
        if not isinstance(cause, ApplicationError) or not cause.details:
            return False
        version, *pins = cause.details
        if isinstance(version, int) and await self._log.read(instance, after=version):
            return True
        standing = await self._row.standing() if pins else None
        if standing is None or [standing.calendar, standing.directory] == pins:
            return False
        await self._temporal.get_workflow_handle(instance).signal("look_at_register")
        return True

    async def _closed(self, instance: str, command: PersonCommand) -> Answer:
        """There is no open workflow: the first answer if there was one, else why nothing can be done."""
        recorded = await self._log.find(command.id)
        if recorded:
            return Answer(instance=instance, version=recorded[-1].version)
        log = await self._log.read(instance)
        if not log:
            raise UnknownNameError("cycle", instance, ())
        if log[-1].event.kind in {"instance-ended", "instance-cancelled"}:
            raise RefusedError(f"{instance} has ended; nothing can be changed in it")
        raise RefusedError(f"the log has {instance} open but Temporal does not run it; see `termwise doctor`")


async def _refused(started: WorkflowHandle[Any, Any]) -> TermwiseError | None:
    """Why a cycle that was just started has failed, once it has; none when it ends, or Temporal cannot tell."""
    try:
        await started.result()
    except WorkflowFailureError as error:
        return refusal(error)
    except RPCError:
        return None
    return None
