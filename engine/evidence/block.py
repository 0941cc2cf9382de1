"""A block: some events that follow each other, sealed by one signature, and chained to the block before."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from pydantic import AwareDatetime, Field

from engine.evidence.leaf import hashed, instant
from engine.evidence.merkle import root
from engine.model import Model
from engine.signing import KEY_ID, SigningKey, proves

_HEX: Final = r"^[0-9a-f]{64}$"
#: What the first block says of the one before it.
NONE_BEFORE: Final = "0" * 64


class Header(Model):
    """What is signed of a block."""

    number: int = Field(ge=1)
    """From 1, without a gap."""
    first: int = Field(ge=1)
    last: int
    """The positions of its first and its last event."""
    root: str = Field(pattern=_HEX)
    """Of the Merkle tree over its leaves, in hexadecimal."""
    previous: str = Field(pattern=_HEX)
    """The hash of the block before."""
    sealed_at: AwareDatetime
    key: str = Field(pattern=KEY_ID)
    """Whose signature it is."""

    @property
    def text(self) -> bytes:
        """What the signature covers and the hash is made of: seven lines of ASCII, the same for ever."""
        lines = (
            "termwise block 1",
            f"number {self.number}",
            f"events {self.first} {self.last}",
            f"root {self.root}",
            f"previous {self.previous}",
            f"sealed {instant(self.sealed_at)}",
            f"key {self.key}",
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    @property
    def hash(self) -> str:
        """By which the next block, and whoever was told, knows this one."""
        return sha256(self.text).hexdigest()

    @property
    def size(self) -> int:
        """How many events it has."""
        return self.last - self.first + 1


class Block(Header):
    """A block with its seal."""

    signature: str = Field(max_length=128)
    """Ed25519 over `text`, in base64."""

    def signed_by(self, key: SigningKey) -> bool:
        """Whether the signature is of this block by this key, and that key is a server's."""
        return key.id == self.key and key.use != "person" and proves(key, self.signature, self.text)

    def follows(self, before: Header | None) -> bool:
        """Whether it is the block that comes after that one; after None: whether it is the first."""
        if before is None:
            return (self.number, self.first, self.previous) == (1, 1, NONE_BEFORE)
        return (self.number, self.first, self.previous) == (before.number + 1, before.last + 1, before.hash)

    def holds(self, lines: Sequence[str]) -> bool:
        """Whether these lines, all of them and in this order, are what was sealed."""
        return len(lines) == self.size and root([hashed(line) for line in lines]).hex() == self.root
