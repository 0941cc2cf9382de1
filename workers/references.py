"""The codec of workers: references become what they stand for, and what workers say is sealed and proved.

Nothing that arrives may stop a workflow: whoever reaches Temporal can send anything. What cannot be read is handed on
as it is, and refused where it is meant; only a server that is away holds a workflow up.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Self, get_args

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from activities.ports import Documents, EventStore, Keys
from engine import library
from engine.events import InstanceStarted
from engine.library import Kind
from engine.signing import AHEAD, FRESH, KEY_ID, Signature, SigningKey, proves, sealed_bytes
from storage.errors import UnknownRecordError
from workers.keys import PrivateKey
from workflows.beginning import ENCODING as BEGINNING
from workflows.beginning import UNUSABLE, Beginning
from workflows.documents import documents_of, pinned_by
from workflows.sealing import ENCODING, KEY, SEAL, SEALED, SIGNED

_BEGINNING = BEGINNING.encode()
_TO_SEAL = (SEALED.encode(), _BEGINNING)
_PLAIN = b"json/plain"
#: How a signed command begins, as everybody writes it.
_SIGNED = b'{"signature"'
#: What goes to an activity is bound to no workflow: it says itself which it is about.
_TO_ACTIVITIES = "activity"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST = 300


class References(PayloadCodec, WithSerializationContext):
    """Loads the documents that a payload names, adds a beginning's log, and looks up the key of a signature.

    A log only grows and a digest never changes its meaning, so every replay is given the same. Without a sealer
    nothing is sealed, so that other workers believe nothing this one says: enough to replay.
    """

    def __init__(
        self,
        store: EventStore,
        documents: Documents,
        keys: Keys,
        sealer: PrivateKey | None = None,
        place: str = "",
    ) -> None:
        self._store = store
        self._documents = documents
        self._keys = keys
        self._sealer = sealer
        self._place = place

    def with_context(self, context: SerializationContext) -> Self:
        """The same, knowing to which workflow it is said."""
        place = context.workflow_id if isinstance(context, WorkflowSerializationContext) else _TO_ACTIVITIES
        return type(self)(self._store, self._documents, self._keys, self._sealer, place)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal what only workers say. All else is left as it is: beginnings are references already."""
        return [self._sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Fill in what arrives. A worker that cannot is retried by the server until it can."""
        return [await self._filled(payload) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        if self._sealer is None or payload.metadata.get(ENCODING) not in _TO_SEAL:
            return payload
        seal = self._sealer.seal(self._place, payload.data)
        return Payload(metadata={**payload.metadata, SEAL: seal.encode()}, data=payload.data)

    async def _filled(self, payload: Payload) -> Payload:
        metadata = {name: value for name, value in payload.metadata.items() if name != KEY}
        payload = Payload(metadata=metadata, data=payload.data)
        encoding = metadata.get(ENCODING, b"")
        if encoding == _BEGINNING:
            return await self._begun(payload)
        if encoding == SEALED.encode():
            return _with_key(payload, await self._sealing_key(payload), SEALED)
        if encoding in {_PLAIN, SIGNED.encode()} and payload.data.startswith(_SIGNED):
            return await self._signed(payload)
        with suppress(UnknownRecordError, ValueError):  # Whoever needs it says that it is not there.
            await self._load_all(documents_of(payload))
        return payload

    async def _begun(self, payload: Payload) -> Payload:
        try:
            beginning = Beginning.model_validate_json(payload.data)
        except ValueError as error:
            return _unusable(payload, error)
        try:
            await self._load_all(_named(beginning))
        except (UnknownRecordError, ValueError) as error:
            if beginning.version:
                raise  # It has a log: somebody must bring back what is missing, and it goes on.
            return _unusable(payload, error)
        log = await self._store.read(beginning.instance, until=beginning.version) if beginning.version else []
        await self._load_all(pinned_by(log))  # It may have moved since the beginning was written.
        started = [each.event for each in log[:1] if isinstance(each.event, InstanceStarted)]
        for digest in (d for each in started for d in each.processes.values()):
            await self._load("definition", digest)
        sealer = await self._sealing_key(payload)
        filled = beginning.model_copy(
            update={
                "log": tuple(log),
                "sealed": sealer.id if sealer else None,
                "sealed_since": await self._keys.sealed_since(),
            }
        )
        return Payload(metadata=payload.metadata, data=filled.model_dump_json().encode())

    async def _signed(self, payload: Payload) -> Payload:
        """With the key it names, and what it names loaded. What is no signed command is refused where it is read."""
        try:
            said = _Named.model_validate_json(payload.data)
        except ValueError:
            return payload
        if said.command.kind == "migrate":
            for digest, kind in said.command.documents.items():
                with suppress(UnknownRecordError):
                    await self._load(kind, digest)
        # What is stale is refused without asking; so a replay does not ask again for every command there was.
        recent = abs(datetime.now(UTC) - said.signature.at) <= FRESH + AHEAD
        return _with_key(payload, await self._keys.key(said.signature.key) if recent else None, SIGNED)

    async def _sealing_key(self, payload: Payload) -> SigningKey | None:
        """The enrolled key that sealed it; none where no server's did, or it is meant for another workflow."""
        seal = payload.metadata.get(SEAL)
        if not seal:
            return None
        named, _, value = seal.decode(errors="replace").partition(":")
        key = await self._keys.sealing_key(named) if re.match(KEY_ID, named) else None
        if key is None or key.use == "person":
            return None
        return key if proves(key, value, sealed_bytes(self._place, payload.data)) else None

    async def _load_all(self, named: dict[str, Kind]) -> None:
        for digest, kind in named.items():
            await self._load(kind, digest)

    async def _load(self, kind: Kind, digest: str) -> None:
        if not _DIGEST.fullmatch(digest):
            raise UnknownRecordError(f"{digest[:12]!r} is the digest of nothing")
        if not library.known(digest):
            library.put(kind, digest, await self._documents.get(digest))


class _NamedCommand(BaseModel):
    """What is looked at of a command before it is read as what it is."""

    kind: str
    definition: str | None = None
    calendar: str | None = None
    directory: str | None = None

    @property
    def documents(self) -> dict[str, Kind]:
        given: dict[Kind, str | None] = {kind: getattr(self, kind) for kind in get_args(Kind)}
        return {digest: kind for kind, digest in given.items() if digest}


class _Named(BaseModel):
    """A command and who signed it, before it is read as what it is."""

    signature: Signature
    command: _NamedCommand


def _named(beginning: Beginning) -> dict[str, Kind]:
    given: dict[str, Kind] = {getattr(beginning, kind): kind for kind in get_args(Kind)}
    return {**given, **dict.fromkeys(beginning.processes.values(), "definition")}


def _with_key(payload: Payload, key: SigningKey | None, encoding: str) -> Payload:
    known = {KEY: key.model_dump_json().encode()} if key else {}
    return Payload(metadata={**payload.metadata, ENCODING: encoding.encode(), **known}, data=payload.data)


def _unusable(payload: Payload, error: Exception) -> Payload:
    why = str(error).partition("\n")[0][:_LONGEST]
    return Payload(metadata={**payload.metadata, UNUSABLE: why.encode()}, data=b"{}")
