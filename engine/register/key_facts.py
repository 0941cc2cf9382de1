"""What changes about keys."""

from datetime import datetime
from typing import Annotated, Literal

from engine.personal import Personal
from engine.register.fact import RegisterFact


class KeyEnrolled(RegisterFact):
    """Commands may be signed with this key from now on."""

    kind: Literal["key-enrolled"] = "key-enrolled"
    key: str
    """Its id, made of the key itself."""
    public: str
    use: Literal["person", "server", "local"]
    person: str | None = None
    """The one person it speaks for; None for a server's."""
    label: Annotated[str, Personal(of="person")]
    since: datetime


class KeyRevoked(RegisterFact):
    """The key is good for nothing any more."""

    kind: Literal["key-revoked"] = "key-revoked"
    key: str


KeyFact = KeyEnrolled | KeyRevoked
