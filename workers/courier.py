"""The courier: takes messages from the outbox, delivers them, and says what became of each.

Exactly once, as far as the world allows. A row is planned once, claimed by one courier at a time, and marked
when a channel has taken charge of it. A courier that dies between the two leaves a claim that runs out; the
next one sends the same letter with the same id, and only then may it arrive twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog

from activities.channels import Channel, DeliveryError, hand_over
from activities.letters import write
from engine.people import Directory
from storage.database import Pool
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore
from storage.listener import pause
from storage.outbox import Message, PostgresOutbox
from storage.queries import Queries
from workers.channels import channels
from workers.correspondence import Correspondence, NotNeededError
from workers.settings import Settings

Log: TypeAlias = structlog.stdlib.BoundLogger

log: Log = structlog.get_logger()

#: Seconds between two looks into an outbox with nothing to send.
POLL = 1.0
#: Letters under way at once: a common mail service (Microsoft 365) allows three connections.
LANES = 3
#: Seconds for one delivery, fewer than a claim lasts; and for those under way when it is time to stop.
PATIENCE, GRACE = 120.0, 5.0
LEASE = 180.0
#: Minutes before the next try; the last repeats. 75 tries take three days: a mail server that is off from
#: Friday to Monday loses nothing.
WAITS = (1, 5, 15, 60)
MOST_TRIES = 75


class Courier:
    """Delivers what is due. Any number may run, in one process or many."""

    def __init__(
        self, outbox: PostgresOutbox, correspondence: Correspondence, channels: Mapping[str, Channel]
    ) -> None:
        self._outbox = outbox
        self._correspondence = correspondence
        self._channels = channels

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`, then finish what is under way, in a few seconds.

        No letter that fails stops the others; PostgreSQL may come and go.
        """
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(self._lane(stop)) for _ in range(LANES)]
            await stop.wait()
            _, slow = await asyncio.wait(lanes, timeout=GRACE)
            for lane in slow:
                lane.cancel()

    async def deliver_next(self) -> bool:
        """Attend to the oldest message that is due; False when there is none.

        A letter that fails is marked so and raises nothing. Raises StoreUnavailableError.
        """
        claimed = await self._outbox.claim(1)
        for message in claimed:
            await self._attend(message)
        return bool(claimed)

    async def _lane(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                found = await self.deliver_next()
            except StoreUnavailableError as error:
                log.warning("courier.waiting", error=str(error))
                found = False
            if not found:
                await pause(stop, POLL)

    async def _attend(self, message: Message) -> None:
        facts = log.bind(
            message=str(message.message_id),
            kind=message.kind,
            recipient=message.recipient,
            attempt=message.attempts,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                carrier = await self._deliver(message)
        except NotNeededError as error:
            await self._outbox.withdrawn(message, str(error))
            facts.info("letter.withdrawn", why=str(error))
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other letters go on
            await self._undelivered(message, error, facts)
        else:
            await self._mark(message, carrier)
            facts.info("letter.sent", carrier=carrier)

    async def _deliver(self, message: Message) -> str:
        if message.attempts > MOST_TRIES:  # its courier died again and again before it could say so
            raise DeliveryError("it was tried too often", permanent=True)
        channel = self._channels.get(message.channel)
        if channel is None:
            raise DeliveryError(f"no channel {message.channel!r} here", permanent=False)
        await hand_over(channel, write(await self._correspondence.occasion(message)))
        return channel.name

    async def _undelivered(self, message: Message, error: Exception, facts: Log) -> None:
        # Of an error that is not ours only the name: its text may quote people's words.
        why = str(error) if isinstance(error, DeliveryError) else type(error).__name__
        if message.attempts >= MOST_TRIES or (isinstance(error, DeliveryError) and error.permanent):
            await self._outbox.dead(message, why)
            facts.error("letter.dead", why=why)
            return
        wait = timedelta(minutes=WAITS[min(message.attempts, len(WAITS)) - 1])
        if isinstance(error, DeliveryError) and error.after:
            wait = max(wait, error.after)
        await self._outbox.failed(message, why, datetime.now(UTC) + wait)
        facts.warning("letter.delayed", why=why, minutes=wait.total_seconds() / 60)

    async def _mark(self, message: Message, carrier: str) -> None:
        """Keep at it while PostgreSQL is away: a letter that went and is not marked goes again."""
        while True:
            try:
                return await self._outbox.sent(message, carrier)
            except StoreUnavailableError as error:
                log.warning("courier.waiting", error=str(error))
                await asyncio.sleep(POLL)


def courier(settings: Settings, pool: Pool, directory: Callable[[], Awaitable[Directory]]) -> Courier:
    """The courier these settings choose. `directory` is asked at each letter: it may change meanwhile.

    Raises SettingsError.
    """
    correspondence = Correspondence(Queries(pool), PostgresEventStore(pool), directory)
    return Courier(PostgresOutbox(pool, LEASE), correspondence, channels(settings))
