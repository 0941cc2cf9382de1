"""The courier: takes messages from the outbox, delivers them, and says what became of each.

Exactly once, as far as the world allows. A row is planned once, claimed by one courier at a time, and marked
when a channel has taken charge of it. A courier that dies between the two leaves a claim that runs out; the
next one sends the same letter with the same id, and only then may it arrive twice.

`workflows/courier.py` says when to do what; this is the doing.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog

from activities.courier import DelayedError, Ending, GivenUpError, Round, Tally
from storage.database import Pool
from storage.errors import StoreUnavailableError
from storage.events import PostgresEventStore
from storage.listener import pause
from storage.outbox import Message, PostgresOutbox, Which
from storage.queries import Queries
from storage.sealing import PLAIN, Sealing
from workers.addressees import Known
from workers.bouncing import Report, unheard
from workers.channels import channels
from workers.correspondence import Correspondence
from workers.delivering import Outcome, Postman, wait_after
from workers.settings import Settings

log = structlog.get_logger()

#: Seconds between two looks into an outbox with nothing to send.
POLL = 1.0
#: Letters under way at once: a common mail service (Microsoft 365) allows three connections.
LANES = 3
#: Letters that a lane takes at once.
BATCH = 8
LEASE = 180.0
#: Seconds a round lasts at most, and after there is something to tell.
ROUND, SOON = 600.0, 5.0
#: Seconds between two looks whether the register has changed.
JUDGE = 5.0
#: Letters that fail, of which one round tells.
MOST_FAILING = 50
#: Before the next look at a letter that somebody else has, or that must wait for an earlier one.
BLOCKED = timedelta(minutes=1)


def _utc() -> datetime:
    return datetime.now(UTC)


class Courier:
    """Delivers what is due. Any number may run, in one process or many."""

    def __init__(
        self, outbox: PostgresOutbox, postman: Postman, known: Known, lasting: float = ROUND
    ) -> None:
        self._outbox = outbox
        self._postman = postman
        self._known = known
        self._lasting = lasting

    async def round(self, order: Round, stop: asyncio.Event) -> Tally:
        """Deliver until there is something to tell, the time is over, or `stop`; then finish what is under way.

        No letter that fails stops the others. Raises StoreUnavailableError.
        """
        going = _Going(order, stop, monotonic() + self._lasting)
        await self._judge(going)
        async with asyncio.TaskGroup() as group:
            for _ in range(LANES):
                group.create_task(self._lane(going))
        if going.broken:
            raise going.broken
        return going.tally()

    async def letter(self, message_id: UUID) -> Ending:
        """Try one letter. Raises DelayedError, GivenUpError, StoreUnavailableError."""
        now = self._postman.clock()
        row = await self._outbox.waiting(message_id)
        if row is None or row.status != "planned":
            return "gone"
        if row.next_at > now:
            raise DelayedError(row.error or "it waits", row.next_at - now)
        claimed = await self._outbox.claim(1, Which(now=now, letter=message_id))
        if not claimed:
            raise DelayedError(row.error or "it waits for an earlier one", BLOCKED)
        return _ended(await self._postman.attend(claimed[0]), claimed[0].attempts)

    async def reach(self, channel: str, attempt: int) -> Ending:
        """Try the channel with its oldest letter. Raises DelayedError while it is away, StoreUnavailableError."""
        claimed = await self._outbox.claim(1, Which(now=self._postman.clock(), channel=channel))
        if not claimed:
            return "gone"
        outcome = await self._postman.attend(claimed[0])
        if outcome.ending == "away":
            raise DelayedError(outcome.why, wait_after(attempt))
        return "gone" if outcome.ending in {"dead", "delayed"} else _ended(outcome, attempt)

    async def _lane(self, going: "_Going") -> None:
        while not going.over:
            try:
                found = await self._deliver_some(going)
                if not found:
                    await self._judge(going)
            except StoreUnavailableError as error:
                log.warning("courier.waiting", error=str(error))
                going.broken = error
                return
            if not found and (going.told_at is not None or monotonic() >= going.until):
                return
            if not found:
                await pause(going.stop, POLL)

    async def _judge(self, going: "_Going") -> None:
        """Judge what waits anew where the register has changed: now and then, for a round is long."""
        if monotonic() < going.judge_at:
            return
        going.judge_at = monotonic() + JUDGE
        version = (await self._known()).version
        if version != going.version:
            await self._outbox.judge_anew(version, self._postman.clock())
            going.version = version

    async def _deliver_some(self, going: "_Going") -> bool:
        """Attend to the oldest messages that are due; False when there is none."""
        now = self._postman.clock()
        which = Which(now=now, not_by=[*going.order.away, *going.away], not_these=going.order.followed)
        claimed, since = await self._outbox.claim(BATCH, which), monotonic()
        for place, message in enumerate(claimed):
            # A claim must outlast the delivery; and a channel that is away is not asked again.
            late = place > 0 and (going.over or monotonic() - since > self._outbox.lease / 3)
            if late or message.channel in going.away:
                await self._outbox.put_back(message)
            else:
                going.note(message, await self._postman.attend(message))
        return bool(claimed)


def _ended(outcome: Outcome, tries: int) -> Ending:
    match outcome.ending:
        case "sent" | "withdrawn" | "held":
            return outcome.ending
        case "dead":
            raise GivenUpError(outcome.why)
        case "delayed" | "away":
            raise DelayedError(outcome.why, outcome.wait or wait_after(tries))


class _Going:
    """A round that is under way."""

    def __init__(self, order: Round, stop: asyncio.Event, until: float) -> None:
        self.order = order
        self.stop = stop
        self.until = until
        self.told_at: float | None = None
        self.judge_at = 0.0
        self.version: int | None = None
        self.broken: StoreUnavailableError | None = None
        self.away: dict[str, str] = {}
        self._failing: list[UUID] = []
        self._counts: Counter[str] = Counter()

    @property
    def over(self) -> bool:
        told = self.told_at is not None and monotonic() >= self.told_at + SOON
        # While there is always more to do, a round ends all the same: its tally is worth seeing.
        return self.stop.is_set() or self.broken is not None or told or monotonic() >= self.until + SOON

    def note(self, message: Message, outcome: Outcome) -> None:
        self._counts[outcome.ending] += 1
        if outcome.ending == "away":
            self.away[message.channel] = outcome.why
        if outcome.ending == "delayed":
            self._failing.append(message.message_id)
        if outcome.ending in {"away", "delayed"}:
            self.told_at = self.told_at or monotonic()

    def tally(self) -> Tally:
        counts = {name: self._counts[name] for name in ("sent", "withdrawn", "held", "dead")}
        return Tally(**counts, failing=tuple(self._failing[:MOST_FAILING]), away=self.away)


def courier(  # noqa: PLR0913 - what the settings do not say
    settings: Settings,
    pool: Pool,
    known: Known,
    *,
    clock: Callable[[], datetime] = _utc,
    lasting: float = ROUND,
    lease: float = LEASE,
    report: Report = unheard,
    sealing: Sealing = PLAIN,
) -> Courier:
    """The courier these settings choose. Raises SettingsError."""
    outbox = PostgresOutbox(pool, lease)
    return with_outbox(
        outbox, settings, pool, known, clock=clock, lasting=lasting, report=report, sealing=sealing
    )


def with_outbox(  # noqa: PLR0913 - what a courier is made of
    outbox: PostgresOutbox,
    settings: Settings,
    pool: Pool,
    known: Known,
    *,
    clock: Callable[[], datetime] = _utc,
    lasting: float = ROUND,
    report: Report = unheard,
    sealing: Sealing = PLAIN,
) -> Courier:
    """A courier with an outbox of its own kind. Raises SettingsError."""
    correspondence = Correspondence(Queries(pool), PostgresEventStore(pool, sealing), clock)
    postman = Postman(outbox, correspondence, channels(settings), known, clock, report)
    return Courier(outbox, postman, known, lasting)
