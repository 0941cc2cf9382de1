"""One message of the outbox: judge whether it may go now, write it, deliver it, and say what became of it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import structlog

from activities.channels import Channel, DeliveryError, Letter, hand_over
from activities.digests import Digest, Item, write_digest
from activities.letters import write
from engine.letters_policy import when, work_days
from storage.errors import StoreUnavailableError
from storage.outbox import Message, PostgresOutbox
from storage.projections.outbox import CHANNEL
from workers.addressees import Addressees, Known
from workers.bouncing import Report, unheard
from workers.correspondence import Correspondence, NotNeededError, addressee

Log: TypeAlias = structlog.stdlib.BoundLogger

log: Log = structlog.get_logger()

#: Seconds for one delivery, fewer than a claim lasts; and between two tries to say that a letter went.
PATIENCE, AGAIN = 120.0, 1.0
#: Minutes before the next try; the last repeats. 75 tries take three days.
WAITS = (1, 5, 15, 60)
MOST_TRIES = 75
#: Before the next look at an address that fails; a change of the register is looked at at once.
UNREACHABLE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message."""

    ending: Literal["sent", "withdrawn", "held", "dead", "delayed", "away"]
    why: str = ""
    wait: timedelta = timedelta()


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    return timedelta(minutes=WAITS[min(max(tries, 1), len(WAITS)) - 1])


class Postman:
    """Attends to one claimed message at a time."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a postman works with
        self,
        outbox: PostgresOutbox,
        correspondence: Correspondence,
        channels: Mapping[str, Channel],
        known: Known,
        clock: Callable[[], datetime],
        report: Report = unheard,
    ) -> None:
        self._outbox = outbox
        self._correspondence = correspondence
        self._channels = channels
        self._known = known
        self.clock = clock
        self._report = report

    async def attend(self, message: Message) -> Outcome:
        """Whatever is wrong with the letter is its outcome. Raises StoreUnavailableError."""
        facts = log.bind(
            message=str(message.message_id),
            kind=message.kind,
            recipient=message.recipient,
            attempt=message.attempts,
        )
        unneeded: list[Message] = []
        try:
            async with asyncio.timeout(PATIENCE):
                known = await self._known()
                if outcome := await self._held(message, known, facts):
                    return outcome
                carrier = await self._deliver(message, known, unneeded)
        except NotNeededError as error:
            await self._outbox.withdrawn(message, str(error))
            facts.info("letter.withdrawn", why=str(error))
            return Outcome("withdrawn", str(error))
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other letters go on
            return await self._undelivered(message, error, facts)
        # However long PostgreSQL is away now: it has gone.
        await self._mark(message, carrier, unneeded)
        facts.info("letter.sent", carrier=carrier)
        return Outcome("sent")

    async def _deliver(self, message: Message, known: Addressees, unneeded: list[Message]) -> str:
        if message.attempts > MOST_TRIES:  # its courier died again and again before it could say so
            raise DeliveryError("it was tried too often", permanent=True)
        letter = await self._letter(message, known, unneeded)
        return await self._carry(message, letter, known)

    async def _held(self, message: Message, known: Addressees, facts: Log) -> Outcome | None:
        """Put it off, where the person should not be written to now. What goes to no person goes at once."""
        if message.channel != CHANNEL:
            return None
        person = addressee(known.directory, message.recipient).id
        now = self.clock()
        if person in known.unreachable:
            await self._outbox.hold(message, now + UNREACHABLE, "address", known.version)
            facts.info("letter.held", why="address")
            return Outcome("held", "address")
        if not known.hold:
            return None
        sending = when(
            now,
            message.planned_at,
            known.wishes_of(person),
            known.calendar,
            work_days(known.calendar, known.directory, person),
            urgent=message.parameters.get("urgent") is True,
        )
        if sending.held is None:
            return None
        await self._outbox.hold(message, sending.at, sending.held, known.version)
        facts.info("letter.held", why=sending.held, until=sending.at.isoformat())
        return Outcome("held", sending.held)

    async def _letter(self, message: Message, known: Addressees, unneeded: list[Message]) -> Letter:
        """What to send; what of it nobody needs any more joins `unneeded`. Raises NotNeededError."""
        directory = known.directory
        if message.held is None:
            return write(await self._correspondence.occasion(message, directory))
        together = await self._outbox.gather(message, self.clock())
        items: list[Item] = []
        for each in together:
            try:
                items.append(await self._correspondence.item(each, directory))
            except NotNeededError:
                unneeded.append(each)
        if not items:
            raise NotNeededError("nothing of it is needed any more")
        if len(together) == 1:
            return write(items[0].occasion)
        return write_digest(Digest(message_id=message.message_id, held=message.held, items=tuple(items)))

    async def _carry(self, message: Message, letter: Letter, known: Addressees) -> str:
        """Give it to the first channel that does not refuse it for good, and say which that was."""
        refused: DeliveryError | None = None
        for channel in self._carriers(message, known):
            try:
                await hand_over(channel, letter)
            except DeliveryError as error:
                if not error.permanent:
                    raise
                refused = refused or error
            else:
                return channel.name
        raise refused or DeliveryError(f"no channel {message.channel!r} here", permanent=False)

    def _carriers(self, message: Message, known: Addressees) -> Iterable[Channel]:
        wished = known.wishes_of(message.recipient).channels if message.channel == CHANNEL else ()
        names = [name for name in wished if name in self._channels] or [message.channel]
        return [self._channels[name] for name in names if name in self._channels]

    async def _undelivered(self, message: Message, error: Exception, facts: Log) -> Outcome:
        # Of an error that is not ours only the name: its text may quote people's words.
        why = str(error) if isinstance(error, DeliveryError) else type(error).__name__
        if isinstance(error, DeliveryError) and error.away:
            # Nothing is wrong with the letter, however often it is tried.
            await self._outbox.put_back(message, why)
            facts.warning("channel.away", channel=message.channel, why=why)
            return Outcome("away", why)
        if message.attempts >= MOST_TRIES or (isinstance(error, DeliveryError) and error.permanent):
            if isinstance(error, DeliveryError) and error.address and message.channel == CHANNEL:
                # Before the letter is given up: whoever dies in between comes back to it.
                person = addressee((await self._known()).directory, message.recipient)
                await self._report(message.message_id, person, error.address)
            await self._outbox.dead(message, why)
            facts.error("letter.dead", why=why)
            return Outcome("dead", why)
        wait = wait_after(message.attempts)
        if isinstance(error, DeliveryError) and error.after:
            wait = max(wait, error.after)
        await self._outbox.failed(message, why, self.clock() + wait)
        facts.warning("letter.delayed", why=why, minutes=wait.total_seconds() / 60)
        return Outcome("delayed", why, wait)

    async def _mark(self, message: Message, carrier: str, unneeded: Iterable[Message]) -> None:
        """Keep at it while PostgreSQL is away: a letter that went and is not marked goes again."""
        ids = [each.message_id for each in unneeded]
        while True:
            try:
                return await self._outbox.sent(message, carrier, ids)
            except StoreUnavailableError as error:
                log.warning("courier.waiting", error=str(error))
                await asyncio.sleep(AGAIN)
