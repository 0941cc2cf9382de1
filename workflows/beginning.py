"""What a workflow run is started with: references, never copies.

The history holds digests and a version. On the way to a worker the codec makes sure the documents are loaded and adds
the log up to that version. So a first start, a continue-as-new and a recovery on an empty cluster are the same thing.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, EncodingPayloadConverter

from engine.commands import StartProcess
from engine.errors import TermwiseError
from engine.model import Sent
from engine.records import Recorded
from engine.signing import Signature
from workflows.documents import NamingConverter
from workflows.sealing import SealingConverter, SignedConverter, refuse_unsealed
from workflows.shown import ShownConverter

ENCODING = "json/termwise-beginning"
#: Why the codec could make nothing of a beginning.
UNUSABLE = "unusable"


class Beginning(Sent):
    """Where a run takes up its instance."""

    instance: str
    definition: str
    calendar: str
    directory: str
    processes: dict[str, str] = {}
    """Digests of the definitions that it may run, by process."""
    version: int = Field(default=0, ge=0, le=2**31 - 1)
    """How much of the log the run begins with. Exactly that much, so that every replay sees the same."""
    order: StartProcess | None = None
    """The command to begin with, for an instance that has no log yet."""
    follows: bool = False
    """Whether it looks at the register before it refuses; so of all that begin since there is one."""
    signature: Signature | None = None
    """Of the order, by the person it is from."""
    log: tuple[Recorded, ...] = ()
    """Filled in by the codec, like all that follows; never sent, and never believed when it is."""
    sealed: str | None = None
    """The key of the worker that asked for this run; none where somebody else did."""
    sealed_since: datetime | None = None
    """When this trust enrolled its first server: from then on a signal must be sealed."""

    @property
    def pins(self) -> tuple[str, str, str]:
        """The digests of the definition, the calendar and the directory."""
        return self.definition, self.calendar, self.directory


#: What the codec fills in.
_FILLED = {"log", "sealed", "sealed_since"}


class UnusableBeginningError(TermwiseError):
    """A run that was started with something that is no beginning."""


def beginning_in(payload: Payload) -> Beginning:
    """What a run was started with. Raises UnusableBeginningError, or ValueError for what is no beginning."""
    if payload.metadata.get("encoding") != ENCODING.encode():
        raise UnusableBeginningError("this was not started by termwise, or not by this version of it")
    if UNUSABLE in payload.metadata:
        raise UnusableBeginningError(payload.metadata[UNUSABLE].decode())
    return Beginning.model_validate_json(payload.data)


class _BeginningConverter(EncodingPayloadConverter):
    """Marks a beginning in its payload, so that the codec knows it."""

    @property
    def encoding(self) -> str:
        return ENCODING

    def to_payload(self, value: object) -> Payload | None:
        if not isinstance(value, Beginning):
            return None
        body = value.model_dump_json(exclude=_FILLED, exclude_defaults=True)
        return Payload(metadata={"encoding": ENCODING.encode()}, data=body.encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Beginning:
        del type_hint  # The encoding says it.
        return beginning_in(payload)


#: Made once: the SDK makes a converter for every activation, and these have no state of their own.
_CONVERTERS = (
    _BeginningConverter(),
    NamingConverter(),
    SealingConverter(),
    SignedConverter(),
    ShownConverter(),
    *PydanticPayloadConverter().converters.values(),
)


class TermwisePayloadConverter(CompositePayloadConverter):
    """Pydantic's JSON for every value, references for beginnings, marks on what names documents or is to be sealed."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[object]:
        """The values. Raises UnsealedError for what only a worker may ask for."""
        refuse_unsealed(payloads, type_hints)
        return super().from_payloads(payloads, type_hints)
