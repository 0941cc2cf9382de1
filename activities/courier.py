"""The activities of the courier: a round of letters, one letter by itself, and a look whether a channel is back."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from engine.errors import TermwiseError
from engine.model import Model

#: Seconds between two signs of life; without them another worker takes over, see `workflows/courier.py`.
BEAT = 5.0
#: Seconds for what is under way when it is time to stop.
GRACE = 5.0

T = TypeVar("T")

Ending = Literal["sent", "withdrawn", "held", "gone"]
"""What became of a letter; `gone`: somebody else has seen to it."""


class Round(Model):
    """What a round leaves alone."""

    followed: tuple[UUID, ...] = ()
    """Letters that are tried by themselves."""
    away: tuple[str, ...] = ()
    """Channels that take nothing now."""


class Tally(Model):
    """What became of a round. Ids only."""

    sent: int = 0
    withdrawn: int = 0
    held: int = 0
    dead: int = 0
    failing: tuple[UUID, ...] = ()
    """Letters that did not go and will be tried again."""
    away: dict[str, str] = {}
    """Channels that took nothing, and what they said."""


class DelayedError(TermwiseError):
    """It did not go now. The sentence has nothing personal in it."""

    def __init__(self, why: str, wait: timedelta) -> None:
        self.wait = wait
        """Until the next try."""
        super().__init__(why)


class GivenUpError(TermwiseError):
    """It will never go."""


class Deliveries(Protocol):
    """The outbox and the channels, as the courier's activities need them."""

    async def round(self, order: Round, stop: asyncio.Event) -> Tally:
        """Deliver what is due until there is something to tell, some minutes have passed, or `stop`."""
        ...

    async def letter(self, message_id: UUID) -> Ending:
        """Try one letter. Raises DelayedError, GivenUpError, or an error of the store."""
        ...

    async def reach(self, channel: str, attempt: int) -> Ending:
        """Try the channel with the oldest letter that is due there. Raises DelayedError while it is away."""
        ...


class CourierActivities:
    """As Temporal calls them. Each is safe to retry: a letter has one id for ever, and is claimed by one at a time."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    @activity.defn
    async def deliver_round(self, order: Round) -> Tally:
        """Deliver what is due. Ends early, with what it has done, when it is cancelled or the worker stops."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._deliveries.round(order, stop))
        signs = [asyncio.create_task(_beat()), asyncio.create_task(_when_worker_stops(stop))]
        try:
            return await _told(_gracefully(task, stop))
        finally:
            for each in signs:
                each.cancel()

    @activity.defn
    async def deliver_letter(self, message_id: UUID) -> Ending:
        """Deliver one letter that did not go before; tried again until it goes or is given up."""
        return await _told(self._deliveries.letter(message_id))

    @activity.defn
    async def reach_channel(self, channel: str) -> Ending:
        """Wait until a channel takes letters again, by trying the oldest."""
        return await _told(self._deliveries.reach(channel, activity.info().attempt))


async def _gracefully(task: "asyncio.Task[T]", stop: asyncio.Event) -> T:
    """The task's result; when we are cancelled it is asked to end, and its result still counts."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        if not (await asyncio.wait({task}, timeout=GRACE))[0]:
            task.cancel()
        return await task


async def _told(deed: Awaitable[T]) -> T:
    """The result, or an error as admins read it in Temporal's pages."""
    try:
        return await deed
    except DelayedError as error:
        raise ApplicationError(str(error), type=error.code, next_retry_delay=error.wait) from None
    except GivenUpError as error:
        raise ApplicationError(str(error), type=error.code, non_retryable=True) from None
    except TermwiseError as error:
        raise ApplicationError(str(error), type=error.code) from None


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(BEAT)


async def _when_worker_stops(stop: asyncio.Event) -> None:
    with suppress(RuntimeError):
        await activity.wait_for_worker_shutdown()
    stop.set()
