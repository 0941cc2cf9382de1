"""What becomes known about people's addresses."""

from typing import Annotated, Literal

from engine.personal import Personal
from engine.register.fact import RegisterFact


class AddressFailed(RegisterFact):
    """Mail to the address came back for good. Letters to the person wait until somebody has seen to it."""

    kind: Literal["address-failed"] = "address-failed"
    person: str
    address: Annotated[str, Personal(of="person")]
    """The address as `address_digest` has it: which one it was, without saying it."""
    code: str
    """What the mail server said, in numbers."""
    told: tuple[str, ...]
    """The administrators who are written to about it, once."""


class AddressCleared(RegisterFact):
    """The address is trusted again; the letters that waited go."""

    kind: Literal["address-cleared"] = "address-cleared"
    person: str
