"""Private keys: files that only their owner can read, and what is signed with them. No key is ever logged."""

import os
import stat
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.commands import Order
from engine.errors import TermwiseError
from engine.signing import Signed, key_id, public_text, sealed_bytes, sign
from workers.settings import Settings

#: The key of a machine that runs everything, and of a server.
LOCAL: Final = "local"
SERVER: Final = "server"

O = TypeVar("O", bound=Order)  # noqa: E741 - one letter, as type variables have


class KeyFileError(TermwiseError):
    """A private key that is not there, cannot be read, or is not private."""


@dataclass(frozen=True)
class PrivateKey:
    """A private key. Its text says only its id."""

    _key: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """What others may know."""
        return self._key.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """By which it is enrolled."""
        return key_id(self.public)

    @property
    def text(self) -> str:
        """The public half as it is written down: what an administrator is given."""
        return public_text(self.public)

    def signed(self, command: O, trust: str, instance: str) -> Signed[O]:
        """The command, signed now."""
        at = datetime.now(UTC)
        proof = sign(self._key, command, trust=trust, instance=instance, at=at)
        # Not `Signed[...]`: written, it is the same for every kind.
        return Signed(command=command, signature=proof)

    def signature(self, text: bytes) -> str:
        """The signature of a text that says itself what it is, such as a block of the log."""
        return b64encode(self._key.sign(text)).decode()

    def seal(self, place: str, body: bytes) -> str:
        """The seal on what a server says to one place."""
        return f"{self.id}:{b64encode(self._key.sign(sealed_bytes(place, body))).decode()}"


def new_key() -> PrivateKey:
    """A key that nobody had before."""
    return PrivateKey(Ed25519PrivateKey.generate())


def write_key(key: PrivateKey, file: Path) -> None:
    """Keep it in a file that only its owner can read. Raises KeyFileError where there is one already."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    text = key._key.private_bytes(  # noqa: SLF001 - the one place that writes it down
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"there is a key in {file} already; move it away first") from error
    except OSError as error:
        raise KeyFileError(f"the key cannot be written to {file}: {error.strerror}") from error
    with os.fdopen(handle, "wb") as opened:
        opened.write(text)


def read_key(file: Path) -> PrivateKey:
    """The key in a file. Raises KeyFileError, also where others may read it."""
    try:
        mode = file.stat().st_mode
        text = file.read_bytes()
    except OSError as error:
        raise KeyFileError(f"the key {file} cannot be read: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(
            f"others may read the key {file}, so it is not believed to be secret; `chmod 600 {file}`"
        )
    try:
        key = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{file} is no private key; make one with `termwise keys new`") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"the key {file} is of another kind; make one with `termwise keys new`")
    return PrivateKey(key)


@dataclass(frozen=True)
class KeyRing:
    """The private keys that this process may use, by whose they are. Read when they are needed, not before."""

    folder: Path
    chosen: Path | None = None
    """The one that a setting names: used for everything."""

    def of(self, person: str) -> PrivateKey:
        """The key to sign with as this person: the chosen one, else theirs, else the one of this machine.

        Raises KeyFileError.
        """
        return read_key(self._file(person))

    @property
    def servers(self) -> PrivateKey:
        """The key that a service seals with. Raises KeyFileError."""
        return read_key(self._file(SERVER))

    def file(self, name: str) -> Path:
        """Where the key of that name is kept."""
        return self.folder / f"{name}.key"

    def _file(self, name: str) -> Path:
        if self.chosen:
            return self.chosen
        found = next((self.file(each) for each in (name, LOCAL) if self.file(each).exists()), None)
        if found is None:
            what = "this service" if name == SERVER else name
            raise KeyFileError(
                f"there is no key for {what}: make one with `termwise keys new` and have it enrolled, "
                "or say where it is with TERMWISE_KEY"
            )
        return found


class Keys(Protocol):
    """Where the key to sign with comes from."""

    def of(self, person: str) -> PrivateKey:
        """The key to sign with as this person. Raises KeyFileError."""
        ...


@dataclass(frozen=True)
class OneKey:
    """The same key for everybody: for what runs everything by itself."""

    key: PrivateKey

    def of(self, person: str) -> PrivateKey:
        """That key."""
        del person
        return self.key


@dataclass(frozen=True)
class Signer:
    """Signs the commands of a trust's people."""

    keys: Keys
    trust: str

    def signed(self, instance: str, command: O) -> Signed[O]:
        """The command, signed now for the instance. Raises KeyFileError."""
        return self.keys.of(command.by).signed(command, self.trust, instance)


def key_ring(settings: Settings) -> KeyRing:
    """The keys of this home, or the one that TERMWISE_KEY names."""
    return KeyRing(settings.home.absolute() / "keys", settings.key)
