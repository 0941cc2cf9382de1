"""Many who ask at once become one question: the reason a commit can be shared."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

from storage.errors import StoreUnavailableError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def _nothing(_: object) -> Collection[Hashable]:
    return ()


class Coalescer(Generic[Item, Answer]):
    """Sends what is waiting as one batch, and while it is under way gathers the next. There is no timer.

    At most one item of a `key` is in a batch, in the order they came, and none whose key another of the batch
    `reads`. An error is of one item only: the batch it was in is sent again one by one; except when the store
    is away, which is told to all at once.
    A caller who stops waiting takes back its item if it was not sent yet, and never harms the others.
    """

    def __init__(
        self,
        send: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]],
        key: Callable[[Item], Hashable],
        reads: Callable[[Item], Collection[Hashable]] = _nothing,
        limit: int = 256,
    ) -> None:
        self._send = send
        self._key = key
        self._reads = reads
        self._limit = limit
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._sender: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Answer:
        """The answer to this item, when its batch is back."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_all(), name="coalescer")
        return await future

    async def drained(self) -> None:
        """Return when nothing is waiting or under way."""
        while self._sender is not None and not self._sender.done():
            await asyncio.wait([self._sender])

    async def _send_all(self) -> None:
        while batch := self._next_batch():
            await self._answer(batch)

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Answer]]]:
        batch: dict[Hashable, tuple[Item, asyncio.Future[Answer]]] = {}
        later: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        read: set[Hashable] = set()
        while self._waiting and len(batch) < self._limit:
            item, future = self._waiting.popleft()
            if future.done():
                continue
            key, reads = self._key(item), self._reads(item)
            if key in batch or key in read or any(each in batch for each in reads):
                later.append((item, future))
            else:
                batch[key] = (item, future)
                read.update(reads)
        self._waiting.extendleft(reversed(later))
        return list(batch.values())

    async def _answer(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._send([item for item, _ in batch])
            answered = list(zip(batch, answers, strict=True))
        except Exception as error:  # noqa: BLE001 - whatever it was, it belongs to those who wait
            if len(batch) == 1 or isinstance(error, StoreUnavailableError):
                _fail(batch, error)
            else:
                for each in batch:
                    await self._answer([each])
            return
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), answer in answered:
            if not future.done():
                future.set_result(answer)


def _fail(batch: Sequence[tuple[object, "asyncio.Future[Answer]"]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
