"""What is kept in Temporal is closed, each instance's with a key of its own; what its pages are to show is not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
)

from engine.personal import ERASED, workflow_subject
from storage.privacy.errors import AlteredError
from storage.privacy.keyring import Keyring
from workflows.beginning import TermwisePayloadConverter
from workflows.shown import SHOWN

CONVERTER = replace(DataConverter.default, payload_converter_class=TermwisePayloadConverter)

ENCODING, SUBJECT, NUMBER = "encoding", "subject", "number"
_CLOSED = b"binary/termwise-closed"
#: What has nothing in it, and the board that Temporal's pages ask a workflow for.
_NOTHING, _PROTOBUF = b"binary/null", b"json/protobuf"
_BOARD = b"temporal.api.sdk.v1.WorkflowMetadata"
_PLACE = "payload"
#: Whose that is which is said to no workflow.
_NOWHERE = "-"
_LONGEST = 1000


class ClosedPayloads(PayloadCodec, WithSerializationContext):
    """Closes what leaves this process, and opens what arrives; `inner` fills in and seals what is open.

    What arrives open is handed on: commands may be sent by hand. What cannot be opened, for its key was shredded or it
    was tampered with, reads as a word, and is refused where it is meant: it stops no workflow.
    """

    def __init__(self, keyring: Keyring, inner: PayloadCodec | None = None, workflow: str = _NOWHERE) -> None:
        self._keyring = keyring
        self._inner = inner
        self._subject = workflow_subject(workflow)
        self._workflow = workflow

    def with_context(self, context: SerializationContext) -> Self:
        """The same, knowing of which workflow it is."""
        workflow = getattr(context, "workflow_id", None) or self._workflow
        inner = self._inner
        if isinstance(inner, WithSerializationContext):
            inner = inner.with_context(context)
        return type(self)(self._keyring, inner, workflow)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Close them. Raises KeyStoreUnavailableError: nothing leaves in the open meanwhile."""
        if self._inner:
            payloads = await self._inner.encode(payloads)
        return [await self._closed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open them. A worker that cannot ask for the keys is retried by the server until it can."""
        opened = [await self._opened(payload) for payload in payloads]
        return await self._inner.decode(opened) if self._inner else opened

    async def _closed(self, payload: Payload) -> Payload:
        if _may_stay_open(payload):
            return payload
        key = await self._keyring.key(self._subject, create=True)
        assert key is not None  # noqa: S101 - it was to be made
        metadata = {ENCODING: _CLOSED, SUBJECT: key.subject.encode(), NUMBER: str(key.number).encode()}
        return Payload(metadata=metadata, data=key.seal(payload.SerializeToString(), _PLACE))

    async def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get(ENCODING) != _CLOSED:
            return payload
        subject, number = (payload.metadata.get(name, b"") for name in (SUBJECT, NUMBER))
        if len(subject) > _LONGEST or b"\x00" in subject or not number.isdigit():
            return _instead("unreadable")
        key = await self._keyring.numbered(subject.decode(errors="replace"), int(number[:9]))
        if key is None:
            return _instead(ERASED)
        try:
            return Payload.FromString(key.open(payload.data, _PLACE))
        except AlteredError:
            return _instead("unreadable")


def converter(keyring: Keyring | None, inner: PayloadCodec | None = None) -> DataConverter:
    """How values become payloads. With keys all is closed, what an error says too; without, as it is."""
    if keyring is None:
        return replace(CONVERTER, payload_codec=inner)
    return replace(
        CONVERTER,
        payload_codec=ClosedPayloads(keyring, inner),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def _may_stay_open(payload: Payload) -> bool:
    encoding = payload.metadata.get(ENCODING)
    board = encoding == _PROTOBUF and payload.metadata.get("messageType") == _BOARD
    return SHOWN in payload.metadata or encoding == _NOTHING or board


def _instead(word: str) -> Payload:
    return Payload(metadata={ENCODING: b"json/plain"}, data=f'"{word}"'.encode())
