"""What can be wrong with a block or an event that is asked for."""

from engine.errors import TermwiseError


class UnknownSignerError(TermwiseError):
    """A block signed with a key that is not enrolled: nothing is said of it to others."""


class UnprovableError(TermwiseError):
    """An event of which there is no proof: not yet, or not any more."""
