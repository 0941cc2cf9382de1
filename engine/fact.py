"""The base of every event: when it happened, and who did it."""

from datetime import datetime

from engine.model import Model

#: Who did it when nobody did: time passed, or a step followed from another.
TERMWISE = "termwise"


class Fact(Model):
    """The base of every event."""

    at: datetime
    """When it happened, UTC; the workflow's clock, never the client's."""
    by: str
    """The person's opaque id, or `termwise` when it followed from time or from another fact."""
