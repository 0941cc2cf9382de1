"""Reports that mail could not be delivered (RFC 3464), read from a message or a mailbox.

A report counts when it names a message id of ours: only who has received the letter knows it. Anything else in a
mailbox is passed over. Whatever stands in it, reading ends, and is at worst an error.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from uuid import UUID

import structlog

from engine.errors import TermwiseError
from engine.model import Model

log = structlog.get_logger()

#: Bytes of a mailbox, and of one message in it; a report is some thousand.
MOST, MOST_OF_ONE = 50_000_000, 1_000_000
#: Parts of one message that are looked at.
_MOST_PARTS = 100
#: `From somebody Tue May  4 09:00:00 2027`: a sentence that begins so has no such time in it.
_START = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\n]{1,400} \d\d:\d\d(?::\d\d)? [^\n]{0,20}\d{4}[^\n]{0,20}\n")
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@termwise\.invalid>")
_STATUS = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
#: Of the codes for addresses those about ours as sender, and those for a mailbox that is only full.
_NOT_THE_MAILBOX = frozenset({"5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.2.4"})


class MailboxError(TermwiseError):
    """A mailbox that cannot be read."""

    code = "usage"


class Bounce(Model):
    """A letter of ours that came back for good."""

    message_id: UUID
    status: str
    """As RFC 3463 has it, such as 5.1.1."""
    addresses: tuple[str, ...]
    """Of whom the report says so: as we wrote it, and as the last server knew it."""


class Reports(Model):
    """What a mailbox had."""

    messages: int
    bounces: tuple[Bounce, ...]
    broken: int = 0
    """Messages that nobody can read."""


def of_a_dead_mailbox(status: str) -> bool:
    """Whether an enhanced status says that the address is no more: nothing else will reach it either."""
    return status.startswith(("5.1.", "5.2.")) and status not in _NOT_THE_MAILBOX


def read_mailbox(data: bytes) -> Reports:
    """All reports in it. Raises MailboxError when it is too large."""
    if len(data) > MOST:
        raise MailboxError(f"the mailbox has {len(data)} bytes; at most {MOST} are read, so split it")
    found: list[Bounce] = []
    count = broken = 0
    for text in _messages(data):
        count += 1
        try:
            found += _bounces(text)
        except Exception as error:  # noqa: BLE001 - the parser promises nothing about what strangers send
            # Only the name: its text may quote the message. It is counted too, and the count is told.
            log.warning("bounce.unreadable", error=type(error).__name__)
            broken += 1
    return Reports(messages=count, bounces=tuple(found), broken=broken)


def _messages(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox, or the one message."""
    starts = list(_START.finditer(data)) if data.startswith(b"From ") else []
    if not starts:
        if data.strip():
            yield data
        return
    ends = [*(each.start() for each in starts[1:]), len(data)]
    for start, end in zip(starts, ends, strict=True):
        yield data[start.end() : end]


def _bounces(text: bytes) -> Iterator[Bounce]:
    # A large letter may be attached whole; the report comes before it, and its headers come first.
    mail = message_from_bytes(text[:MOST_OF_ONE], policy=compat32)
    if mail.get_content_type() != "multipart/report":
        return
    parts = [part for _, part in zip(range(_MOST_PARTS), mail.walk(), strict=False)]
    ours = next((found for part in parts if (found := _original(part))), None)
    if ours is None:
        return
    for group in (group for part in parts for group in _groups(part)):
        status = _STATUS.match(str(group.get("status", "")).strip())
        if str(group.get("action", "")).strip().lower() == "failed" and status:
            addresses = tuple(dict.fromkeys(each for each in (*_addresses(group), ours[1]) if each))
            yield Bounce(message_id=ours[0], status=status[1], addresses=addresses)


def _groups(part: "Message[str, str]") -> list["Message[str, str]"]:
    """Of a delivery status what it says of each recipient."""
    payload = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(payload, list):
        return []
    return [each for each in payload[:_MOST_PARTS] if isinstance(each, Message) and "final-recipient" in each]


def _addresses(group: "Message[str, str]") -> Iterator[str]:
    for name in ("original-recipient", "final-recipient"):
        yield str(group.get(name, "")).partition(";")[2].strip().strip("<>")


def _original(part: "Message[str, str]") -> tuple[UUID, str] | None:
    """The message id and addressee of the letter that came back, where this part is that letter or its headers."""
    if part.get_content_type() not in {"message/rfc822", "text/rfc822-headers"}:
        return None
    payload = part.get_payload()
    headers = payload[0] if isinstance(payload, list) and payload else None
    if headers is None:
        text = part.get_payload(decode=True)
        headers = message_from_bytes(text if isinstance(text, bytes) else b"", policy=compat32)
    if not isinstance(headers, Message):
        return None
    found = _OURS.search(str(headers.get("message-id", "")).lower())
    to = re.search(r"[^<>\s]+@[^<>\s]+", str(headers.get("to", "")))
    return (UUID(found[1]), to[0] if to else "") if found else None
