"""Waking the running instances that a change of the register concerns."""

from datetime import UTC, date, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.ports import Documents, RegisterRow, Waker
from engine import library
from engine.errors import TermwiseError
from engine.model import Model
from engine.people import Directory
from engine.register.standing import Standing
from engine.register.touched import beginning_or_ending, touched
from engine.timezone import local_date


class Change(Model):
    """What the register said before and says now; or a day on which posts begin and end."""

    was: Standing | None = None
    now: Standing | None = None
    on: date | None = None


class Waking:
    """The activity that tells instances to look."""

    def __init__(self, row: RegisterRow, documents: Documents, waker: Waker) -> None:
        self._row = row
        self._documents = documents
        self._waker = waker

    @activity.defn(name="wake_instances")
    async def wake(self, change: Change) -> int:
        """Let every running instance that the change concerns look at the register; how many. Safe to retry."""
        try:
            instances = await self._concerned(change)
        except TermwiseError as error:
            raise ApplicationError(str(error), type=error.code) from error
        for place, instance in enumerate(instances):
            activity.heartbeat(place)
            await self._waker.wake(instance)
        return len(instances)

    async def _concerned(self, change: Change) -> list[str]:
        standing = change.now or await self._row.standing()
        if standing is None:
            return []
        now, today = await self._directory(standing.directory), local_date(datetime.now(UTC))
        if change.on is not None:
            return await self._row.asked(beginning_or_ending(now, change.on))
        if change.was is None or change.was.calendar != standing.calendar:
            return await self._row.running()
        return await self._row.asked(touched(await self._directory(change.was.directory), now, today))

    async def _directory(self, digest: str) -> Directory:
        if not library.known(digest):
            library.put("directory", digest, await self._documents.get(digest))
        return library.directory(digest)
