"""The register as it stands, read from its log only when it has moved."""

from engine.register.deciding import replay
from engine.register.fact import REGISTER
from engine.register.register import Register
from storage.events import PostgresEventStore
from storage.register import PostgresRegister


class RegisterNow:
    """Asked as often as one likes."""

    def __init__(self, store: PostgresEventStore, row: PostgresRegister) -> None:
        self._store = store
        self._row = row
        self._register = Register()

    async def __call__(self) -> Register:
        """The register; an empty one before the first import. Raises StoreUnavailableError."""
        standing = await self._row.standing()
        if standing is not None and standing.version != self._register.version:
            self._register = replay([each.event for each in await self._store.read(REGISTER)])
        return self._register
