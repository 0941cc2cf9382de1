"""Many appends as one, without a database."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.coalescer import Coalescer
from storage.errors import StoreUnavailableError

Item = tuple[str, int]


class Line:
    """Answers each item with itself, remembers the batches, and waits at a gate."""

    def __init__(self) -> None:
        self.batches: list[list[Item]] = []
        self.open = asyncio.Event()

    async def send(self, items: Sequence[Item]) -> list[Item]:
        self.batches.append(list(items))
        await self.open.wait()
        if any(number < 0 for _, number in items):
            raise ValueError("negative")
        return list(items)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def coalescer(line: Line) -> Coalescer[Item, Item]:
    return Coalescer(line.send, key=lambda item: item[0], limit=4)


async def ask(coalescer: Coalescer[Item, Item], *items: Item) -> list["asyncio.Task[Item]"]:
    """Ask for each, and come back when what can be sent is under way."""
    tasks = [asyncio.create_task(coalescer.submit(item)) for item in items]
    await asyncio.sleep(0)  # All stand in line, in this order;
    await asyncio.sleep(0)  # and who sends has taken what goes together.
    return tasks


async def test_what_comes_while_one_is_under_way_goes_together(
    line: Line, coalescer: Coalescer[Item, Item]
) -> None:
    first = await ask(coalescer, ("a", 1))
    rest = await ask(coalescer, ("a", 2), ("b", 3), ("a", 4), ("c", 5), ("d", 6), ("e", 7))
    line.open.set()

    assert await asyncio.gather(*first, *rest) == [
        ("a", 1), ("a", 2), ("b", 3), ("a", 4), ("c", 5), ("d", 6), ("e", 7),
    ]  # fmt: skip
    assert line.batches == [
        [("a", 1)],
        [("a", 2), ("b", 3), ("c", 5), ("d", 6)],
        [("a", 4), ("e", 7)],
    ]


async def test_a_caller_who_stops_waiting_harms_nobody(line: Line, coalescer: Coalescer[Item, Item]) -> None:
    under_way = await ask(coalescer, ("a", 1), ("b", 2))
    waiting = await ask(coalescer, ("c", 3), ("d", 4))
    under_way[0].cancel()
    waiting[0].cancel()
    line.open.set()

    answers = await asyncio.gather(*under_way, *waiting, return_exceptions=True)

    assert [type(answer) for answer in answers] == [
        asyncio.CancelledError,
        tuple,
        asyncio.CancelledError,
        tuple,
    ]
    assert line.batches == [[("a", 1), ("b", 2)], [("d", 4)]]


async def test_an_error_belongs_to_the_item_that_made_it(
    line: Line, coalescer: Coalescer[Item, Item]
) -> None:
    line.open.set()
    asked = await ask(coalescer, ("a", 1), ("b", -2), ("c", 3))

    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert answers[0] == ("a", 1)
    assert isinstance(answers[1], ValueError)
    assert answers[2] == ("c", 3)


async def test_when_the_store_is_away_all_are_told_at_once() -> None:
    sent = 0

    async def send(items: Sequence[Item]) -> list[Item]:
        nonlocal sent
        sent += 1
        raise StoreUnavailableError("gone")

    coalescer: Coalescer[Item, Item] = Coalescer(send, key=lambda item: item[0])

    answers = await asyncio.gather(*await ask(coalescer, ("a", 1), ("b", 2)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [StoreUnavailableError, StoreUnavailableError]
    assert sent == 1


async def test_it_works_on_after_an_error(line: Line, coalescer: Coalescer[Item, Item]) -> None:
    line.open.set()
    with pytest.raises(ValueError, match="negative"):
        await coalescer.submit(("a", -1))

    assert await coalescer.submit(("a", 1)) == ("a", 1)
    await coalescer.drained()


async def test_what_an_item_reads_no_other_of_its_batch_changes(line: Line) -> None:
    """In a batch nothing says which was first."""
    reads = {3: ("a",), 5: ("c",), 6: ("c",)}
    coalescer: Coalescer[Item, Item] = Coalescer(
        line.send, key=lambda item: item[0], reads=lambda item: reads.get(item[1], ())
    )
    first = await ask(coalescer, ("z", 1))
    rest = await ask(coalescer, ("a", 2), ("b", 3), ("d", 5), ("e", 6), ("c", 7))
    line.open.set()

    assert await asyncio.gather(*first, *rest) == [("z", 1), ("a", 2), ("b", 3), ("d", 5), ("e", 6), ("c", 7)]
    assert line.batches == [[("z", 1)], [("a", 2), ("d", 5), ("e", 6)], [("b", 3), ("c", 7)]]
