"""What workers say to workflows and activities, sealed with the server's key; and commands, with the key they name.

Whoever reaches Temporal can send a signal, or have an activity carried out. So the codec seals what a worker says
(`workers/references.py`), for the one workflow it is said to, and marks what arrives with the key it was proved
by. A mark that came from outside is thrown away there.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from pydantic import PrivateAttr, TypeAdapter, model_validator
from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

from activities.record import ReadLog
from activities.registrar import CarryOut
from activities.waking import Change
from engine.commands import CancelProcess, EndChild, EndRun, PassEvent
from engine.errors import NotAllowedError
from engine.fact import TERMWISE
from engine.model import Model, Sent
from engine.records import Append
from engine.signing import Signed, SigningKey

#: What a worker said; the seal stands beside it.
SEALED = "json/termwise-sealed"
#: A signed command on its way from the codec to the workflow. It is sent as ordinary JSON.
SIGNED = "json/termwise-signed"
SEAL, KEY, ENCODING = "seal", "key", "encoding"
#: Clocks differ, and a revocation takes a moment to be known everywhere. A replay must judge as the first time did.
GRACE = timedelta(minutes=5)

#: Said by workers only: an activity refuses it from anybody else.
_ORDERS = (Append, ReadLog, CarryOut, Change)
_SAID = (EndChild, EndRun, PassEvent, *_ORDERS)

T = TypeVar("T")


class UnsealedError(NotAllowedError):
    """Something that only a worker may say, and no worker has."""


class Heard(Sent, Generic[T]):
    """What arrived as a signal, with the key that its seal was proved by."""

    said: T
    _key: SigningKey | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return {"said": value}

    def with_key(self, key: SigningKey | None) -> "Heard[T]":
        """The same, knowing the key."""
        self._key = key
        return self

    def believed(self, now: datetime, since: datetime | None) -> bool:
        """Whether a server said it. `since`: when this trust enrolled its first server; before it nobody sealed.

        `now` is the workflow's time, so a replay judges as the first time did, whatever was revoked since.
        """
        key = self._key
        if key is None:
            return since is None or now < since
        lasted = key.until is None or now <= key.until + GRACE
        return key.use != "person" and key.since - GRACE <= now and lasted


class SealingConverter(EncodingPayloadConverter):
    """Marks what is to be sealed, and hands over what was."""

    @property
    def encoding(self) -> str:
        return SEALED

    def to_payload(self, value: object) -> Payload | None:
        told = isinstance(value, CancelProcess) and value.by == TERMWISE
        if not isinstance(value, _SAID) and not told:
            return None
        assert isinstance(value, Model)  # noqa: S101 - each of the above is one
        return Payload(metadata={ENCODING: SEALED.encode()}, data=value.model_dump_json().encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> object:
        return _read(payload, type_hint)


class SignedConverter(EncodingPayloadConverter):
    """Hands over a signed command with the key it names."""

    @property
    def encoding(self) -> str:
        return SIGNED

    def to_payload(self, value: object) -> Payload | None:
        del value  # It is sent as ordinary JSON, so that everybody can.
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> object:
        return _read(payload, type_hint)


def refuse_unsealed(payloads: Sequence[Payload], type_hints: Sequence[type] | None) -> None:
    """Raises UnsealedError where an activity is told what only a worker may tell it, and no worker did."""
    for payload, hint in zip(payloads, type_hints or (), strict=False):
        if hint in _ORDERS and not _by_a_server(payload):
            raise UnsealedError("only a worker may ask for this, and no worker has sealed it")


def _by_a_server(payload: Payload) -> bool:
    """Whether a key that is a server's, and not revoked, has sealed it. For activities, which are never replayed."""
    known = payload.metadata.get(KEY)
    key = SigningKey.model_validate_json(known) if known else None
    return key is not None and key.use != "person" and key.until is None


def _read(payload: Payload, type_hint: type | None) -> object:
    if type_hint is None:
        return json.loads(payload.data)
    value: object = TypeAdapter(type_hint).validate_json(payload.data)
    known = payload.metadata.get(KEY)
    key = SigningKey.model_validate_json(known) if known else None
    return value.with_key(key) if isinstance(value, Heard | Signed) else value
