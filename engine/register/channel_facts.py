"""What changes about the places that are told: chats and webhooks."""

from typing import Annotated, Literal

from pydantic import Field

from engine.register.fact import RegisterFact

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""Of a channel or of a kind of message."""


class ChannelOpened(RegisterFact):
    """From here on the place is told what happens. Its address is a setting, not in the log."""

    kind: Literal["channel-opened"] = "channel-opened"
    channel: Name
    kinds: tuple[Name, ...] = ()
    """Only these kinds of messages; all where none is named."""


class ChannelClosed(RegisterFact):
    """From here on it is told nothing more; what was planned before still goes."""

    kind: Literal["channel-closed"] = "channel-closed"
    channel: Name
