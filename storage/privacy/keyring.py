"""The keys of this process: looked up once for each subject, and forgotten soon."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.model import Model
from storage.privacy.cipher import DataKey, new_secret
from storage.privacy.errors import MasterKeyError
from storage.privacy.key_store import KeyStoreState, PostgresKeyStore, Wrapped
from storage.privacy.master import MasterFile, MasterKey

#: Seconds for which a key is known without being looked up: after them nobody opens what was shredded.
LIFETIME = 45.0
#: Subjects whose keys are known at once; those that were asked for longest ago are forgotten first.
MOST = 10_000
_BATCH = 500
#: A master key may be replaced, or somebody else may make the same key, while we make one.
_TRIES = 5


class Rotated(Model):
    """A master key was replaced."""

    master: str
    """The id of the one in force now."""
    wrapped: int
    """How many keys were closed anew."""


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    keys: dict[int, DataKey]
    """Those that are not shredded."""
    last: int
    """The highest number there ever was."""

    @property
    def newest(self) -> DataKey | None:
        return self.keys[max(self.keys)] if self.keys else None


class Keyring:
    """Keys by subject: a person's id, `instance:<root>`, `workflow:<root>`.

    Every method raises KeyStoreUnavailableError when the key store is away, and MasterKeyError where the master key
    is not the one it was closed with.
    """

    def __init__(
        self,
        store: PostgresKeyStore,
        masters: MasterFile,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST,
    ) -> None:
        self._store = store
        self._masters = masters
        self._clock = clock
        self._most = most
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._opening: dict[str, MasterKey] = {}

    async def key(self, subject: str, create: bool = False) -> DataKey | None:  # noqa: FBT001, FBT002 - as it is said
        """The key that new data of the subject are closed with; None where there is none and none is to be made.

        After a shredding another is made, which opens nothing of what was closed before.
        """
        for _ in range(_TRIES):
            known = await self._look(subject)
            if known.newest or not create:
                return known.newest
            await self._make([subject])
        raise MasterKeyError(
            f"no key could be made for {subject}: the master key is being replaced; try again in a moment"
        )

    async def numbered(self, subject: str, number: int) -> DataKey | None:
        """The key that something was closed with; None where it was shredded."""
        return (await self._look(subject)).keys.get(number)

    async def look_up(self, subjects: Iterable[str], *, create: bool = False) -> None:
        """Know the keys of all these, in one question to the key store, and make those that are not there if wanted."""
        now = self._clock()
        asked = list(dict.fromkeys(subjects))
        if missing := [subject for subject in asked if not self._is_known(subject, now)]:
            await self._fetch(missing)
        if create and (lacking := [s for s in asked if s in self._known and not self._known[s].newest]):
            await self._make(lacking)
            await self._fetch(lacking)

    async def shred(self, subject: str, why: str) -> int:
        """Destroy the keys of the subject: nobody can read again what they closed. How many there were.

        Safe to repeat. Other processes forget them within `LIFETIME` seconds.
        """
        shredded = await self._store.shred(subject, why)
        self._known.pop(subject, None)
        return shredded

    async def rotate(self) -> Rotated:
        """Replace the master key, and close every key anew; then the old one is gone from the file.

        The first time, make one. What was interrupted is finished by the next. Nothing that the keys closed is touched.
        """
        current = await self._store.in_force()
        state = await self._store.state()
        master = self._master(current) if current and state.to_wrap else self._next(current)
        await self._store.install(master.id)
        wrapped = 0
        while batch := await self._store.to_wrap(master.id, _BATCH):
            await self._store.wrap([self._rewrapped(each, master) for each in batch])
            wrapped += len(batch)
        self._masters.keep_only(master)
        self._opening.clear()
        return Rotated(master=master.id, wrapped=wrapped)

    def prepare(self) -> str:
        """Put the next master key into the file, not in force yet; its id. All services can then be given the file."""
        return self._masters.add().id

    async def begin(self) -> None:
        """Make a first master key where there is none at all. Safe to repeat, and for several at once."""
        if await self._store.in_force() is None:
            await self._store.install(self._next(None).id)

    async def state(self) -> KeyStoreState:
        """What is in the key store. Raises MasterKeyError where its master key is not in the file."""
        state = await self._store.state()
        if state.master:
            self._master(state.master)
        return state

    async def close(self) -> None:
        """Forget everything, and leave the key store."""
        self._known.clear()
        self._opening.clear()
        await self._store.close()

    async def _look(self, subject: str) -> _Known:
        if not self._is_known(subject, self._clock()):
            await self._fetch([subject])
        return self._known[subject]

    def _is_known(self, subject: str, now: float) -> bool:
        known = self._known.get(subject)
        if known is None or known.until <= now:
            return False
        self._known.move_to_end(subject)
        return True

    async def _fetch(self, subjects: list[str]) -> None:
        until = self._clock() + LIFETIME
        found: dict[str, list[Wrapped]] = {subject: [] for subject in subjects}
        for each in await self._store.find(subjects):
            found[each.subject].append(each)
        for subject, kept in found.items():
            last = max((each.number for each in kept), default=0)
            self._known[subject] = _Known(until, dict(self._opened(kept)), last)
            self._known.move_to_end(subject)
        while len(self._known) > max(self._most, len(subjects)):
            self._known.popitem(last=False)

    def _opened(self, kept: Iterable[Wrapped]) -> Iterator[tuple[int, DataKey]]:
        for each in kept:
            if each.wrapped and each.master:
                yield each.number, self._master(each.master).unwrap(each.wrapped, each.subject, each.number)

    async def _make(self, subjects: list[str]) -> None:
        """Make the next keys of these unless somebody else does at the same time: the caller looks again."""
        in_force = await self._store.in_force()
        if in_force is None:
            raise MasterKeyError(
                "the key store has no master key yet; make one with `termwise records rotate-key`"
            )
        master, made = self._master(in_force), []
        for subject in subjects:
            number = self._known[subject].last + 1 if subject in self._known else 1
            made.append((subject, number, master.wrap(new_secret(), subject, number)))
        await self._store.add(master.id, made)
        for subject in subjects:
            self._known.pop(subject, None)

    def _rewrapped(self, key: Wrapped, master: MasterKey) -> Wrapped:
        assert key.wrapped and key.master  # noqa: S101, PT018 - only those are asked for
        secret = self._master(key.master).secret_in(key.wrapped, key.subject, key.number)
        wrapped = master.wrap(secret, key.subject, key.number)
        return key.model_copy(update={"master": master.id, "wrapped": wrapped})

    def _next(self, current: str | None) -> MasterKey:
        """The key to go over to: one that stands in the file after the one in force, else a new one."""
        keys = self._masters.known()
        # Those before it are older: they were to be forgotten, and must not come into force again.
        ready = keys[keys.index(self._master(current)) + 1 :] if current else keys
        return ready[-1] if ready else self._masters.add()

    def _master(self, name: str) -> MasterKey:
        if name not in self._opening:
            self._opening = self._masters.keys()
        if name not in self._opening:
            raise MasterKeyError(
                f"the key store was closed with the master key {name}, which is not in {self._masters.path}; "
                "put that file back, or name it in TERMWISE_MASTER_KEY"
            )
        return self._opening[name]
