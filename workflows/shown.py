"""What Temporal's pages are to show to administrators: it has nothing personal in it, and is never closed."""

import json

from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

#: Marks such a payload.
SHOWN = "shown"


class Shown(str):
    """A summary, or what stands beside it: roles, stages and steps, never a person."""

    __slots__ = ()


class ShownConverter(EncodingPayloadConverter):
    """Writes it as the text it is, with the mark."""

    @property
    def encoding(self) -> str:
        return "json/termwise-shown"

    def to_payload(self, value: object) -> Payload | None:
        if not isinstance(value, Shown):
            return None
        return Payload(metadata={"encoding": b"json/plain", SHOWN: b"yes"}, data=json.dumps(value).encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> object:
        del type_hint
        return json.loads(payload.data)
