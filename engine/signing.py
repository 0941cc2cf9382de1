"""Signed commands: what is signed, and whether a signature may be believed. Pure: the time and the key are given.

A signature covers the trust, the instance, the kind and all that the command says, so that it is worth nothing
anywhere else. What is checked is the command as it was read, not its bytes: what is acted on is what was signed.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Generic, Literal, Self, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, Field, PrivateAttr, model_validator

from engine.commands import Order
from engine.errors import InvalidInputError, NotAllowedError
from engine.fact import TERMWISE
from engine.model import Model, Sent

#: How long a signature is good for. Whoever repeats a command signs it anew.
FRESH = timedelta(minutes=5)
#: How far the signer's clock may be ahead of ours.
AHEAD = timedelta(minutes=2)
_PURPOSE = "termwise command 1"
_SEAL = "termwise seal 1"
KEY_ID = r"^[0-9a-f]{20}$"
_PUBLIC_BYTES, _SIGNATURE_BYTES = 32, 64

Use = Literal["person", "server", "local"]
"""Whose key it is: a person's, a server's, or the one of a single machine that runs everything."""


class NoSignatureError(NotAllowedError):
    """A command that nobody has signed."""


class BadSignatureError(NotAllowedError):
    """A signature that is not of this command, for this instance, by this key."""


class StaleSignatureError(NotAllowedError):
    """A signature that is too old, or from the future."""


class UnknownKeyError(NotAllowedError):
    """A key that nobody has enrolled."""


class RevokedKeyError(NotAllowedError):
    """A key that was enrolled, and is not good any more or not yet."""


class OtherPersonsKeyError(NotAllowedError):
    """A key that may not speak for the person the command is from."""


class SigningKey(Model):
    """A public key as it was enrolled."""

    id: str
    """Made of the key itself, so that an id never stands for another key."""
    public: str
    """Ed25519, 32 bytes in base64."""
    use: Use
    label: str = ""
    person: str | None = None
    """The one person it may speak for; None for the keys of servers, which may speak for anybody."""
    since: AwareDatetime
    until: AwareDatetime | None = None
    """When it was revoked."""

    def speaks_for(self, person: str) -> bool:
        """Whether commands of this person may be signed with it."""
        return self.use != "person" or self.person == person

    def good_at(self, at: datetime) -> bool:
        """Whether it was enrolled and not yet revoked at that instant."""
        return self.since <= at and (self.until is None or at < self.until)


class Signature(Model):
    """Who signed, when, and the proof."""

    key: str = Field(pattern=KEY_ID)
    at: AwareDatetime
    value: str = Field(max_length=128)
    """64 bytes in base64."""


O = TypeVar("O", bound=Order)  # noqa: E741 - one letter, as type variables have


class Signed(Sent, Generic[O]):
    """A command with its signature, as it is sent. A command alone reads as one that nobody has signed."""

    signature: Signature | None = None
    command: O
    #: The key that the signature names, as it is enrolled now. Looked up by whoever receives it, never sent.
    _key: SigningKey | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, value: object) -> object:
        return {"command": value} if isinstance(value, Mapping) and "command" not in value else value

    @property
    def key(self) -> SigningKey | None:
        """The key that the signature names, if it is enrolled; only after `with_key`."""
        return self._key

    def with_key(self, key: SigningKey | None) -> Self:
        """The same, knowing the key."""
        self._key = key
        return self


def key_id(public: bytes) -> str:
    """The id of a public key."""
    return sha256(public).hexdigest()[:20]


def public_text(public: bytes) -> str:
    """A public key as it is written down."""
    return b64encode(public).decode()


def read_public(text: str) -> bytes:
    """The bytes of a public key. Raises InvalidInputError."""
    raw = _decoded(text.strip())
    if len(raw) != _PUBLIC_BYTES:
        raise InvalidInputError(
            [f"{text[:60]!r} is not a public key; it is the text that `termwise keys new` prints"]
        )
    return raw


def sign(private: Ed25519PrivateKey, command: Order, *, trust: str, instance: str, at: datetime) -> Signature:
    """Sign a command to an instance. The same key, command and time give the same signature."""
    key = key_id(private.public_key().public_bytes_raw())
    proof = private.sign(_covered(command, trust, instance, at, key))
    return Signature(key=key, at=at, value=b64encode(proof).decode())


def verify(  # noqa: PLR0913 - all that is checked
    command: Order,
    signature: Signature | None,
    key: SigningKey | None,
    *,
    trust: str,
    instance: str,
    now: datetime,
) -> None:
    """Refuse a command unless its signature may be believed now. Whether the person may is another question."""
    if command.by == TERMWISE:
        raise NotAllowedError("a person's command needs a person; nobody speaks for termwise itself")
    if signature is None:
        raise NoSignatureError(
            "the command is not signed; send it with termwise, or sign it with `termwise keys sign`"
        )
    if not now - FRESH <= signature.at <= now + AHEAD:
        raise StaleSignatureError(
            f"the command was signed at {signature.at.astimezone(UTC):%d %b %Y %H:%M:%S} UTC, and it is "
            f"{now.astimezone(UTC):%d %b %Y %H:%M:%S} here; sign it anew, and look at the clock of your machine"
        )
    if key is None or key.id != signature.key:
        raise UnknownKeyError(
            f"nobody has enrolled the key {signature.key}; ask an administrator (`termwise keys enrol`)"
        )
    if not key.good_at(now):
        raise RevokedKeyError(f"the key {key.id} was revoked or is not good yet; see `termwise keys list`")
    if not key.speaks_for(command.by):
        raise OtherPersonsKeyError(f"the key {key.id} does not speak for {command.by}")
    covered = _covered(command, trust, instance, signature.at, signature.key)
    if not proves(key, signature.value, covered):
        raise BadSignatureError("the signature is not of this command to this instance; nothing was done")


def proves(key: SigningKey, value: str, covered: bytes) -> bool:
    """Whether a signature is of these bytes by this key."""
    proof = _decoded(value)
    if len(proof) != _SIGNATURE_BYTES:
        return False
    try:
        _public_key(key.public).verify(proof, covered)
    except InvalidSignature:
        return False
    return True


def sealed_bytes(place: str, body: bytes) -> bytes:
    """What a server's seal covers: what it says, and to whom."""
    return json.dumps([_SEAL, place, sha256(body).hexdigest()]).encode()


def _covered(command: Order, trust: str, instance: str, at: datetime, key: str) -> bytes:
    """What a signature covers. Values that JSON cannot tell apart, such as no number at all, are refused."""
    said = command.model_dump(mode="json", exclude_defaults=True)
    kind = type(command).model_fields["kind"].default
    whole = [_PURPOSE, trust, instance, kind, said, at.astimezone(UTC).isoformat(), key]
    try:
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except ValueError as error:
        raise InvalidInputError(["a value is no number that JSON knows; write it anew"]) from error


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64Error, ValueError):
        return b""


@lru_cache(maxsize=1000)
def _public_key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_decoded(text))
