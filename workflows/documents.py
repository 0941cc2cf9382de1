"""What names documents on its way into a worker: marked, so that the codec has them loaded before it is read.

An instance that moves to another version meets that version's digest in the middle of a run: in the command, in a part
of the log, or in an answer that says that the register has moved on. The workflow must find the documents loaded then,
and on every replay on any worker.
"""

import json
from collections.abc import Iterable
from typing import Annotated, get_args

from pydantic import Field, TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

from activities.record import Log
from engine.commands import MigrateInstance
from engine.events import InstanceMigrated, InstanceRenewed, InstanceStarted
from engine.library import Kind
from engine.model import Model
from engine.records import Appended, Recorded
from engine.register.standing import Standing

ENCODING = "json/termwise-documents"
NAMED = "documents"
#: A log names three documents; whoever names many more is up to no good.
_MARK: TypeAdapter[dict[str, Kind]] = TypeAdapter(Annotated[dict[str, Kind], Field(max_length=8)])


_PINNING = (InstanceStarted, InstanceMigrated, InstanceRenewed)


def named_in(*values: Model) -> dict[str, Kind]:
    """The documents that a value names, by digest; of several, those that the last of them has of each kind."""
    digests: dict[Kind, str] = {}
    for value in values:
        said = {kind: getattr(value, kind, None) for kind in get_args(Kind)}
        digests.update({kind: digest for kind, digest in said.items() if digest})
    return {digest: kind for kind, digest in digests.items()}


def pinned_by(log: Iterable[Recorded]) -> dict[str, Kind]:
    """The documents that an instance has at the end of this part of its log; none where it says nothing of them."""
    return named_in(*(each.event for each in log if isinstance(each.event, _PINNING)))


class NamingConverter(EncodingPayloadConverter):
    """Marks a payload with the documents it names."""

    @property
    def encoding(self) -> str:
        return ENCODING

    def to_payload(self, value: object) -> Payload | None:
        if isinstance(value, MigrateInstance):
            return _payload(named_in(value), value.model_dump_json())
        if isinstance(value, Appended) and value.pins:
            return _payload(named_in(value.pins), value.model_dump_json())
        if isinstance(value, Standing):
            return _payload(named_in(value), value.model_dump_json())
        if isinstance(value, Log) and (named := pinned_by(value.records)):
            return _payload(named, value.model_dump_json())
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> object:
        if type_hint is None:
            return json.loads(payload.data)
        return TypeAdapter(type_hint).validate_json(payload.data)


def documents_of(payload: Payload) -> dict[str, Kind]:
    """The documents that a payload is marked with. Raises ValueError for a mark that is none of ours."""
    marked = payload.metadata.get(NAMED)
    return _MARK.validate_json(marked) if marked else {}


def _payload(named: dict[str, Kind], body: str) -> Payload:
    metadata = {"encoding": ENCODING.encode(), NAMED: json.dumps(named).encode()}
    return Payload(metadata=metadata, data=body.encode())
