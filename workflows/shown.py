"""What Temporal's pages are to show to administrators: it has nothing personal in it, and is never closed."""

import json

from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

from engine.commands import Answer

#: Marks such a payload.
SHOWN = "shown"


class Shown(str):
    """A summary, or what stands beside it: roles, stages and steps, never a person."""

    __slots__ = ()


class ShownConverter(EncodingPayloadConverter):
    """Writes it as the text it is, with the mark; so the answer to a command, which may have been sent by hand."""

    @property
    def encoding(self) -> str:
        return "json/termwise-shown"

    def to_payload(self, value: object) -> Payload | None:
        if not isinstance(value, Shown | Answer):
            return None
        text = value.model_dump_json() if isinstance(value, Answer) else json.dumps(value)
        return Payload(metadata={"encoding": b"json/plain", SHOWN: b"yes"}, data=text.encode())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> object:
        del type_hint
        return json.loads(payload.data)
