"""The codec that turns references into what they stand for, on their way into a worker."""

from collections.abc import Sequence
from typing import get_args

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from activities.ports import Documents, EventStore
from engine import library
from engine.library import Kind
from workflows.beginning import ENCODING, Beginning
from workflows.documents import documents_of, pinned_by


class References(PayloadCodec):
    """Loads the documents that a payload names, and adds a beginning's log. Nothing is changed on the way out.

    A log only grows and a digest never changes its meaning, so every replay is given the same.
    """

    def __init__(self, store: EventStore, documents: Documents) -> None:
        self._store = store
        self._documents = documents

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Leave everything as it is: beginnings are references already."""
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Fill in every beginning. A worker that cannot is retried by the server until it can."""
        return [await self._filled(payload) for payload in payloads]

    async def _filled(self, payload: Payload) -> Payload:
        for digest, kind in documents_of(payload).items():
            await self._load(kind, digest)
        if payload.metadata.get("encoding") != ENCODING.encode():
            return payload
        beginning = Beginning.model_validate_json(payload.data)
        for kind in get_args(Kind):
            await self._load(kind, getattr(beginning, kind))
        for digest in beginning.processes.values():
            await self._load("definition", digest)
        if not beginning.version:
            return payload
        log = await self._store.read(beginning.instance, until=beginning.version)
        for digest, kind in pinned_by(log).items():  # It may have moved since the beginning was written.
            await self._load(kind, digest)
        filled = beginning.model_copy(update={"log": tuple(log)})
        return Payload(metadata=payload.metadata, data=filled.model_dump_json().encode())

    async def _load(self, kind: Kind, digest: str) -> None:
        if not library.known(digest):
            library.put(kind, digest, await self._documents.get(digest))
