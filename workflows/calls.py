"""Open calls: the activities that the log asks for run, and what is no longer asked for is cancelled."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from temporalio import exceptions, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutType

with workflow.unsafe.imports_passed_through():
    from engine.calls import call_key, failed, finished
    from engine.commands import EndCall
    from engine.state import OpenCall, State
    from workflows.shown import Shown

_LONGEST_PAUSE = timedelta(hours=1)
#: What the SDK calls an activity that no function on the worker answers to.
_UNKNOWN = "NotFoundError"


class Calls:
    """Follows the state: whatever run it is, the calls that are open in the log are under way in it."""

    def __init__(self, tell: Callable[[EndCall], None]) -> None:
        self._tell = tell
        self._under_way: dict[tuple[str, int], asyncio.Task[None]] = {}

    @property
    def running(self) -> bool:
        """Whether any activity is under way."""
        return bool(self._under_way)

    def behind(self, state: State) -> bool:
        """Whether the state asks for what is not under way, or no longer for what is."""
        return _open(state).keys() != self._under_way.keys()

    def follow(self, state: State) -> None:
        """Begin the calls that are new and cancel those that are no longer wanted. Safe to repeat."""
        wanted = _open(state)
        for key in sorted(self._under_way.keys() - wanted.keys()):
            self._under_way.pop(key).cancel()
        for key in sorted(wanted.keys() - self._under_way.keys()):
            self._under_way[key] = asyncio.create_task(self._carry_out(state.instance, wanted[key]))

    async def _carry_out(self, instance: str, call: OpenCall) -> None:
        try:
            ended = finished(instance, call, await _called(instance, call))
        except ActivityError as error:
            ended = failed(instance, call, _why(call, error))
        # One that was cancelled ends too, and nobody asks any more.
        if (call.address, call.attempt) in self._under_way:
            self._tell(ended)


def _open(state: State) -> dict[tuple[str, int], OpenCall]:
    # Whoever has ended asks for nothing: what is under way is cancelled.
    asked = state.calls.values() if state.status == "running" else ()
    return {(call.address, call.attempt): call for call in asked}


async def _called(instance: str, call: OpenCall) -> object:
    # What `workflow.execute_activity` returns without a result type is what JSON says: plain values.
    return await workflow.execute_activity(
        call.activity,
        args=[dict(call.arguments)] if call.arguments else [],
        activity_id=str(call_key(instance, call.address)),
        start_to_close_timeout=timedelta(seconds=call.timeout_seconds),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=call.first_seconds),
            maximum_interval=_LONGEST_PAUSE,
            maximum_attempts=call.at_most,
        ),
        summary=Shown(f"call {call.step}"),
    )


def _why(call: OpenCall, error: ActivityError) -> str:
    cause = error.cause
    if isinstance(cause, exceptions.TimeoutError) and cause.type == TimeoutType.START_TO_CLOSE:
        return f"{call.activity} gave no answer within {call.timeout_seconds} seconds"
    if isinstance(cause, ApplicationError) and cause.type == _UNKNOWN:
        return (
            f"no worker here knows the activity {call.activity!r}; "
            "install the plug-in that has it, or correct its name in the definition"
        )
    return str(cause or error)
