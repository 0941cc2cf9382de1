"""What a workflow run is started with: references, never copies.

The history holds digests and a version. On the way to a worker the codec makes sure the documents are loaded and adds
the log up to that version. So a first start, a continue-as-new and a recovery on an empty cluster are the same thing.
"""

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, EncodingPayloadConverter

from engine.commands import StartProcess
from engine.model import Model
from engine.records import Recorded
from workflows.documents import NamingConverter

ENCODING = "json/termwise-beginning"


class Beginning(Model):
    """Where a run takes up its instance."""

    instance: str
    definition: str
    calendar: str
    directory: str
    processes: dict[str, str] = {}
    """Digests of the definitions that it may run, by process."""
    version: int = 0
    """How much of the log the run begins with. Exactly that much, so that every replay sees the same."""
    order: StartProcess | None = None
    """The command to begin with, for an instance that has no log yet."""
    follows: bool = False
    """Whether it looks at the register before it refuses; so of all that begin since there is one."""
    log: tuple[Recorded, ...] = ()
    """Filled in by the codec; never sent."""

    @property
    def pins(self) -> tuple[str, str, str]:
        """The digests of the definition, the calendar and the directory."""
        return self.definition, self.calendar, self.directory


class _BeginningConverter(EncodingPayloadConverter):
    """Marks a beginning in its payload, so that the codec knows it."""

    @property
    def encoding(self) -> str:
        return ENCODING

    def to_payload(self, value: object) -> Payload | None:
        if not isinstance(value, Beginning):
            return None
        body = value.model_dump_json(exclude={"log"}, exclude_defaults=True)
        return Payload(metadata={"encoding": ENCODING.encode()}, data=body.encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Beginning:
        del type_hint  # The encoding says it.
        return Beginning.model_validate_json(payload.data)


#: Made once: the SDK makes a converter for every activation, and these have no state of their own.
_CONVERTERS = (_BeginningConverter(), NamingConverter(), *PydanticPayloadConverter().converters.values())


class TermwisePayloadConverter(CompositePayloadConverter):
    """Pydantic's JSON for every value, references for beginnings, and marks on what names documents."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)
