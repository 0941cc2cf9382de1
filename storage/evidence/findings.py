"""What a look at the sealed log has found, beside what is wrong with it."""

from datetime import datetime

from engine.model import Model


class Evidence(Model):
    """How much of the log is sealed and published."""

    blocks: int = 0
    sealed: int = 0
    """The position up to which every event is in a block."""
    sealed_at: datetime | None = None
    """When the newest block was closed."""
    keys: tuple[str, ...] = ()
    """The keys that the blocks are signed with."""
    published: int | None = None
    """How many published roots it was compared with; None: with none."""


class StoryEvidence(Model):
    """How much of some streams is sealed, and what is not as it was."""

    events: int
    sealed: int
    """How many of them are in blocks."""
    blocks: int
    keys: tuple[str, ...]
    published: int | None
    """How many of those blocks were published as they are; None: there was nothing to compare with."""
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.problems
