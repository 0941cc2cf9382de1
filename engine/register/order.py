"""The base of every order to the register."""

from engine.commands import Order


class RegisterOrder(Order):
    """A change that somebody asks for. Sent again under its id, it gets its first answer."""

    reason: str | None = None
    """Why; kept with every fact that follows."""
