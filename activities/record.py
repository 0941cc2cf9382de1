"""Recording: the one way events become true."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.gate import Gate
from activities.ports import EventStore, RegisterRow
from engine.errors import NotAllowedError, RefusedError, TermwiseError
from engine.fact import TERMWISE
from engine.model import Model
from engine.records import Append, Appended, Begins, Recorded
from engine.register.standing import Pins, Standing


class OldStartError(NotAllowedError):
    """A start that names a calendar or a directory that the register has replaced."""


class ReadLog(Model):
    """Which part of an instance's log to read."""

    stream: str
    after: int
    until: int | None = None
    """Up to this version; to the end unless said."""


class Log(Model):
    """Part of an instance's log."""

    records: tuple[Recorded, ...]


class Recorder:
    """The activities around the log."""

    def __init__(self, store: EventStore, register: RegisterRow, gate: Gate) -> None:
        self._store = store
        self._register = register
        self._gate = gate

    @activity.defn
    async def record(self, append: Append) -> Appended:
        """Make a command's events durable. Safe to retry: the log knows the command's id.

        What was decided with another calendar or directory than the register has now is not recorded, but told so.
        """
        try:
            await self._gate.admit(activity.info().workflow_id or "", append)
            standing = await self._register.standing() if append.pins else None
            if standing is not None and standing.pins != append.pins:
                return Appended(status="stale", version=append.expected or 0, pins=standing.pins)
            if append.begins:
                await self._refuse_an_old_start(append, append.begins)
            return await self._store.append(append)
        except RefusedError as refused:
            return Appended(
                status="refused", version=append.expected or 0, why=str(refused), code=refused.code
            )
        except TermwiseError as error:
            raise ApplicationError(str(error), type=error.code) from error

    async def _refuse_an_old_start(self, append: Append, begins: Begins) -> None:
        """Who may start is judged by the register of now: a person may not choose an older one.

        What was recorded already is left to the log, which knows the first answer.
        """
        order = begins.order
        if append.expected or order.by == TERMWISE:
            return
        standing = await self._register.standing()
        given = Pins(calendar=order.calendar, directory=order.directory)
        if standing is None or standing.pins == given or await self._store.read(append.stream, 0, 1):
            return
        raise OldStartError(
            f"{order.instance} was to start with an older calendar or directory than the register has now; "
            "start it again"
        )

    @activity.defn
    async def read_register(self) -> Standing | None:
        """What the register says now; None while nothing was imported. Safe to retry."""
        try:
            return await self._register.standing()
        except TermwiseError as error:
            raise ApplicationError(str(error), type=error.code) from error

    @activity.defn
    async def read_log(self, request: ReadLog) -> Log:
        """Read what the log has beyond a version. Safe to retry."""
        try:
            return Log(records=tuple(await self._store.read(request.stream, request.after, request.until)))
        except TermwiseError as error:
            raise ApplicationError(str(error), type=error.code) from error
