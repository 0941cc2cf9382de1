"""How the people of a simulation are: when they answer, and what."""

from typing import Annotated

from pydantic import Field

from engine.model import Model

Share = Annotated[float, Field(ge=0, le=1)]


class Temper(Model):
    """How likely each thing is, from 0 to 1."""

    answers: bool = True
    """Whether anybody does anything at all."""
    late: Share = 0.1
    """An answer comes after its deadline, by one to five school days."""
    sends_back: Share = 0.1
    """Work is sent back where it can be."""
    raises: Share = 0.1
    """An event is raised that is waited for until a date. One that is waited for without a date always comes."""
    sets_aside: Share = 0.05
    """A task is skipped, or put off, where its definition lists reasons."""
    optional: Share = 0.5
    """A question is answered that need not be."""
