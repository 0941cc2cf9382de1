"""The base of every command."""

from uuid import UUID

from engine.model import Model


class Order(Model):
    """What somebody asks for."""

    id: UUID
    by: str
    """The person's opaque id, or `termwise` for time and for other instances."""
