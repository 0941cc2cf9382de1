"""A webhook of the trust's own: CloudEvents 1.0 as structured JSON, signed as Standard Webhooks says.

`docs/notifications.md` shows how a receiver verifies it, in ten lines.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue
from pydantic_core import to_json

from activities.channels import Carries, Letter
from activities.posting import Endpoint, Post
from engine.cloud_events import envelope

#: Bytes of a key: fewer can be guessed, more are no use to SHA-256. As Standard Webhooks has it.
_SHORTEST, _LONGEST = 24, 64
_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What both sides know and nobody else."""

    secret: bytes = field(repr=False)

    def sign(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """The three headers: the message's id, the second at which it was sent, and the signature of it all."""
        second = str(int(at.timestamp()))
        signed = f"{message_id}.{second}.".encode() + body
        signature = base64.b64encode(hmac.digest(self.secret, signed, "sha256")).decode()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": second,
            "webhook-signature": f"v1,{signature}",
        }


def signing_key(text: str) -> SigningKey:
    """The key in a text, `whsec_` and base64. Raises ValueError, which does not repeat it."""
    try:
        secret = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not _SHORTEST <= len(secret) <= _LONGEST:
        raise ValueError(
            f"it is no key: `{_PREFIX}` and then {_SHORTEST} to {_LONGEST} random bytes in base64, as made by "
            f'`echo "{_PREFIX}$(openssl rand -base64 32)"`'
        ) from None
    return SigningKey(secret)


class WebhookChannel:
    """Posts each bulletin as an event. A repeat has the same id: the receiver can tell."""

    name = "webhook"
    carries: Carries = "opaque"

    def __init__(self, where: Endpoint, key: SigningKey) -> None:
        self._post = Post(where)
        self._key = key

    async def deliver(self, message: Letter) -> None:
        """Return when the receiver has accepted the event. Raises DeliveryError."""
        body = to_json(cloud_event(message))
        # Signed anew at each try: a receiver refuses what is some minutes old.
        signature = self._key.sign(str(message.message_id), datetime.now(UTC), body)
        await self._post.send(body, {"content-type": "application/cloudevents+json", **signature})


def cloud_event(letter: Letter) -> dict[str, JsonValue]:
    """The event: the same for the same letter, byte by byte. What is not known is left out."""
    known = letter.bulletin.model_dump(mode="json", exclude_none=True) if letter.bulletin else {}
    subject = letter.bulletin.instance if letter.bulletin else letter.recipient
    return {
        **envelope(str(letter.message_id), letter.kind, subject),
        "data": {"thread": str(letter.thread), **known},
    }
