"""Calls functions in a process of their own, and counts what they take: processor time and memory."""

import gc
import multiprocessing
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import process_time

MEGABYTE = 1_024
#: Every process is a copy of one that has only loaded this: what the tests before it left behind is not measured.
_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.definitions.test_hostile", "tests.definitions.test_hostile_dates"])
#: What `_pace` takes where nothing else happens on the machine of which the limits speak.
PACE = 0.037
#: A call that would never end is ended by the kernel after so many seconds.
END = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What a call took, and what came of it, in words."""

    seconds: float
    megabytes: float
    result: str


def watched(*calls: Callable[[], str]) -> Iterator[Taken]:
    """Make the calls one after the other, and say of each what it took. Raises EOFError where the process dies.

    They are sent to the process, so they are functions of a module, perhaps with arguments.
    """
    ours, theirs = multiprocessing.Pipe()
    process = _FRESH.Process(target=_watch, args=(calls, theirs))
    process.start()
    theirs.close()
    try:
        for _ in calls:
            yield ours.recv()
    finally:
        process.join()


def _watch(calls: tuple[Callable[[], str], ...], to: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (END, END))
    gc.freeze()  # What was loaded before is not gone through again, and paid for, with every collection.
    for call in calls:
        slower = max(1.0, _pace() / PACE)
        before = resource.getrusage(resource.RUSAGE_SELF)
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - it is told
            result = f"{type(error).__name__}: {error}"
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        to.send(Taken(spent / slower, (after.ru_maxrss - before.ru_maxrss) / MEGABYTE, result))


def _pace() -> float:
    """Processor time of a piece of work that is always the same: two processes on one core slow each other down."""
    begun = process_time()
    made = {f"k{number}": (number, [number]) for number in range(60_000)}
    assert sum(value[0] for _, value in sorted(made.items())) > 0
    return process_time() - begun
