"""The sealer: closes a block when one is due, and publishes it. Any number of processes may run one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from engine.errors import TermwiseError
from engine.evidence.block import Block
from storage.database import Pool
from storage.errors import StoreUnavailableError
from storage.evidence.sealer import AGE, seal
from storage.listener import pause
from storage.signing_keys import PostgresKeys
from workers.keys import KeyFileError, PrivateKey
from workers.publishing import Place

log = structlog.get_logger()

#: Seconds between two looks whether a block is due, and the most after doubling where something is wrong.
_LOOK, _LOOK_MOST = 5.0, 60.0


@dataclass(frozen=True)
class Sealing:
    """Seals with the key of a server, and tells some places."""

    pool: Pool
    keys: PostgresKeys
    key: PrivateKey
    places: Sequence[Place]

    async def run(self, stop: asyncio.Event) -> None:
        """Seal and publish until `stop`. What goes wrong is logged and tried again; appends never wait for it."""
        wait = _LOOK
        while not stop.is_set():
            try:
                await self._round()
                wait = _LOOK
            except StoreUnavailableError as error:
                log.warning("sealer.waiting", error=str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing must end the other services
                wait = min(wait * 2, _LOOK_MOST)
                log.error("sealer.stuck", error=str(error), wait=wait)  # noqa: TRY400 - without people's values
            await pause(stop, wait)

    async def _round(self) -> None:
        try:
            await self.seal(AGE)
        except TermwiseError:
            # What was sealed before, here or by others, is published all the same.
            await self.publish()
            raise
        await self.publish()

    async def seal(self, age: timedelta) -> list[Block]:
        """Close every block that is due. Raises KeyFileError when the key is not good any more."""
        enrolled = await self.keys.sealing_key(self.key.id)
        if enrolled is None or enrolled.until is not None or enrolled.use == "person":
            raise KeyFileError(
                f"the key {self.key.id} is not good to seal with: it must be enrolled as a server's, and not revoked; "
                "see `termwise keys list --all`"
            )
        closed = []
        while block := await seal(self.pool, self.key, age=age):
            log.info("block.sealed", block=block.number, first=block.first, last=block.last)
            closed.append(block)
        return closed

    async def publish(self) -> int:
        """Tell every place what it does not know yet; how many blocks that were in all.

        Raises the error of the first place that takes nothing, after all were tried.
        """
        told, failed = 0, None
        for place in self.places:
            try:
                told += await place.catch_up(self.pool)
            except Exception as error:  # noqa: BLE001 - raised below, when the others were told
                failed = failed or error
        if failed:
            raise failed
        return told
