"""The courier workflow: one for a trust. It has letters delivered in rounds, and follows each that fails by itself.

A letter that goes at once costs no event of its own: a round is one activity, however many letters it delivers. A
letter that does not go, and a channel that takes nothing, is an activity of its own, so that admins see in
Temporal's pages what waits, why, and until when. All that must last is in the outbox: a courier that is terminated
and started anew takes up where it was.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.courier import CourierActivities, Round, Tally
    from engine.model import Sent
    from workflows.shown import Shown

COURIER = "courier"
#: Letters and channels that are followed at once: a server wants few activities under way. What is beyond waits in
#: the outbox and is tried in rounds.
MOST_FOLLOWED = 100
_ROUND_LASTS, _SIGN_OF_LIFE = timedelta(minutes=20), timedelta(seconds=30)
_AT_ONCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
#: The waits themselves (1, 5, 15, 60 minutes) come with each failure: this is for failures that say nothing.
_PATIENTLY = RetryPolicy(
    initial_interval=timedelta(minutes=1), backoff_coefficient=4, maximum_interval=timedelta(hours=1)
)
_ONE = timedelta(minutes=5)


class Bag(Sent):
    """What a run hands to the next."""

    followed: tuple[UUID, ...] = ()
    away: tuple[str, ...] = ()
    long: int = 2000
    """Events after which the history is begun anew."""
    sent: int = 0
    withdrawn: int = 0
    dead: int = 0


@workflow.defn(name=COURIER)
class CourierWorkflow:
    """Delivers until it is terminated; a service of the courier starts it again."""

    @workflow.init
    def __init__(self, bag: Bag) -> None:
        self._bag = bag
        self._letters: dict[UUID, asyncio.Task[None]] = {}
        self._channels: dict[str, asyncio.Task[None]] = {}
        self._round: workflow.ActivityHandle[Tally] | None = None

    @workflow.run
    async def run(self, bag: Bag) -> None:
        self._follow(bag.followed, bag.away)
        while workflow.info().get_current_history_length() < bag.long:
            self._tell()
            tally = await self._deliver()
            self._count(tally)
            self._follow(tally.failing, tuple(tally.away))
        workflow.continue_as_new(
            self._bag.model_copy(
                update={"followed": tuple(self._letters), "away": tuple(sorted(self._channels))}
            )
        )

    @workflow.signal(description="Whatever waits for its next try is tried now")
    def try_now(self) -> None:
        for each in (*self._letters.values(), *self._channels.values()):
            each.cancel()
        self._letters.clear()
        self._channels.clear()
        self._renew()

    @workflow.query(description="How many letters went since the courier was started, and what is followed")
    def bag(self) -> Bag:
        return self._bag.model_copy(
            update={"followed": tuple(self._letters), "away": tuple(sorted(self._channels))}
        )

    async def _deliver(self) -> Tally:
        order = Round(followed=tuple(self._letters), away=tuple(sorted(self._channels)))
        self._round = workflow.start_activity_method(
            CourierActivities.deliver_round,
            order,
            start_to_close_timeout=_ROUND_LASTS,
            heartbeat_timeout=_SIGN_OF_LIFE,
            retry_policy=_AT_ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=Shown("letters as they come due"),
        )
        try:
            return await self._round
        except ActivityError as error:
            if is_cancelled_exception(error) and not _we_are_cancelled():
                return Tally()  # It was ended before it had begun.
            raise
        finally:
            self._round = None

    def _renew(self) -> None:
        """End the round: the next one knows better what to leave alone."""
        if self._round and not self._round.done():
            self._round.cancel()

    def _follow(self, letters: tuple[UUID, ...], channels: tuple[str, ...]) -> None:
        for name in channels:
            if name not in self._channels:
                self._channels[name] = asyncio.create_task(self._reach(name))
        for letter in letters:
            if letter not in self._letters and len(self._letters) < MOST_FOLLOWED:
                self._letters[letter] = asyncio.create_task(self._attend(letter))

    async def _attend(self, letter: UUID) -> None:
        try:
            ending = await workflow.execute_activity_method(
                CourierActivities.deliver_letter,
                letter,
                start_to_close_timeout=_ONE,
                retry_policy=_PATIENTLY,
                summary=Shown(f"letter {letter}"),
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                return
            self._bag = self._bag.model_copy(update={"dead": self._bag.dead + 1})
        else:
            self._count(Tally(sent=ending == "sent", withdrawn=ending == "withdrawn"))
        if self._letters.get(letter) is asyncio.current_task():
            del self._letters[letter]
            self._tell()

    async def _reach(self, channel: str) -> None:
        try:
            ending = await workflow.execute_activity_method(
                CourierActivities.reach_channel,
                channel,
                start_to_close_timeout=_ONE,
                retry_policy=_PATIENTLY,
                summary=Shown(f"until {channel} takes letters again"),
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                return
        else:
            self._count(Tally(sent=ending == "sent", withdrawn=ending == "withdrawn"))
        if self._channels.get(channel) is asyncio.current_task():
            del self._channels[channel]
            self._tell()
            self._renew()

    def _count(self, tally: Tally) -> None:
        bag = self._bag
        self._bag = bag.model_copy(
            update={
                "sent": bag.sent + tally.sent,
                "withdrawn": bag.withdrawn + tally.withdrawn,
                "dead": bag.dead + tally.dead,
            }
        )

    def _tell(self) -> None:
        """What admins see; ids only."""
        bag = self._bag
        lines = [
            f"Sent: **{bag.sent}**, no longer needed: {bag.withdrawn}, given up: {bag.dead}",
            "",
            f"Letters that wait for their next try: {len(self._letters)}",
        ]
        lines += (
            [f"Channels that take nothing now: {', '.join(sorted(self._channels))}"] if self._channels else []
        )
        workflow.set_current_details("\n".join(lines))


def _we_are_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
