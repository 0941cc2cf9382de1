"""Master keys: a file that only its owner can read, a line for each key. They close the keys in the key store.

There is one, but while it is being replaced. Which of several is in force, the key store says.
"""

import fcntl
import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from storage.privacy.cipher import KEY_BYTES, DataKey, data_key, new_secret
from storage.privacy.errors import AlteredError, MasterKeyError, NoMasterKeyError

_PURPOSE = b"termwise master key 1\x00"


@dataclass(frozen=True, repr=False)
class MasterKey:
    """A key that closes other keys, and nothing else."""

    _secret: bytes

    @cached_property
    def id(self) -> str:
        """By which the key store knows it; it says nothing of the key."""
        return sha256(_PURPOSE + self._secret).hexdigest()[:16]

    @cached_property
    def _key(self) -> DataKey:
        return data_key(f"master:{self.id}", 0, self._secret)

    def wrap(self, secret: bytes, subject: str, number: int) -> bytes:
        """The key of a subject, closed: it opens only as that subject's."""
        return self._key.seal(secret, f"{subject}\x00{number}")

    def unwrap(self, wrapped: bytes, subject: str, number: int) -> DataKey:
        """The key of a subject. Raises MasterKeyError where the key store was tampered with."""
        return data_key(subject, number, self.secret_in(wrapped, subject, number))

    def secret_in(self, wrapped: bytes, subject: str, number: int) -> bytes:
        """What was wrapped: only to wrap it anew. Raises MasterKeyError as `unwrap` does."""
        try:
            return self._key.open(wrapped, f"{subject}\x00{number}")
        except AlteredError as error:
            raise MasterKeyError(
                f"key {number} of {subject} in the key store was altered; restore the key store from a backup"
            ) from error

    @property
    def line(self) -> str:
        """As it stands in its file."""
        return b64encode(self._secret).decode()


@dataclass(frozen=True)
class MasterFile:
    """Where the master key is kept. Read each time, so that a key that was added is known at once."""

    path: Path

    def keys(self) -> dict[str, MasterKey]:
        """By id, the newest last. Raises MasterKeyError, also where others may read the file."""
        try:
            mode = self.path.stat().st_mode
            lines = self.path.read_text("utf-8").split()
        except FileNotFoundError as error:
            raise NoMasterKeyError(self.path) from error
        except OSError as error:
            raise MasterKeyError(f"the master key {self.path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError:
            # Without its cause, which has the bytes.
            raise MasterKeyError(f"the master key {self.path} cannot be read: it is no text") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise MasterKeyError(
                f"others may read the master key {self.path}, so it is not believed to be secret; "
                f"`chmod 600 {self.path}`"
            )
        found = [self._key(line) for line in lines]
        if not found:
            raise NoMasterKeyError(self.path)
        return {key.id: key for key in found}

    def add(self) -> MasterKey:
        """Make a key and keep it beside those that are there. Raises MasterKeyError."""
        key = MasterKey(new_secret())
        with self._alone():
            self._write([*self.known(), key])
        return key

    def known(self) -> list[MasterKey]:
        """Those that are there, the newest last; none is an answer. Raises MasterKeyError as `keys` does."""
        try:
            return list(self.keys().values())
        except NoMasterKeyError:
            return []

    def keep_only(self, key: MasterKey) -> None:
        """Forget all others, once nothing is closed with them."""
        with self._alone():
            if list(self.keys()) != [key.id]:
                self._write([key])

    def _key(self, line: str) -> MasterKey:
        try:
            secret = b64decode(line, validate=True)
        except NotBase64Error:
            secret = b""
        if len(secret) != KEY_BYTES:
            raise MasterKeyError(
                f"{self.path} holds something that is no master key; restore it from a backup"
            )
        return MasterKey(secret)

    def _write(self, keys: Iterable[MasterKey]) -> None:
        """Whole or not at all: half a file of keys would be the end of all that they close."""
        text = "".join(f"{key.line}\n" for key in keys)
        unfinished = self.path.with_name(f".{self.path.name}.new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process changes the file at a time: a key that is written over is lost with all that it closes."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.path.with_name(f".{self.path.name}.lock").open("w") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise MasterKeyError(
                f"the master key cannot be written to {self.path}: {error.strerror}"
            ) from error
