"""The places that are told of the trust's work: a chat, a webhook. People are written to in any case.

They are in the log because what is to be told is planned from the log: what a place is told does not depend on
how a process was set up at that hour, and a rebuild plans the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.errors import RefusedError
from engine.register.authority import require_administrator
from engine.register.changing import decided, folded
from engine.register.channel_facts import ChannelClosed, ChannelOpened, Name
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register

#: What carries letters to people is no place, and is never opened or closed.
FOR_PEOPLE = ("mail", "smtp", "log")


class OpenChannel(RegisterOrder):
    """Tell a place from now on, or tell it other kinds than before."""

    kind: Literal["open-channel"] = "open-channel"
    channel: Name
    kinds: tuple[Name, ...] = ()
    """Only these kinds of messages; all where none is named."""


class CloseChannel(RegisterOrder):
    """Tell it nothing more."""

    kind: Literal["close-channel"] = "close-channel"
    channel: Name


@decided.register
def _open(order: OpenChannel, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "open a channel")
    if order.channel in FOR_PEOPLE:
        raise RefusedError(f"{order.channel} carries letters to people, and does so without being opened")
    kinds = tuple(sorted(set(order.kinds)))
    if register.channels.get(order.channel) != kinds:
        yield ChannelOpened(at=at, by=order.by, reason=order.reason, channel=order.channel, kinds=kinds)


@decided.register
def _close(order: CloseChannel, register: Register, at: datetime) -> Iterable[RegisterFact]:
    require_administrator(register, order.by, at, "close a channel")
    if order.channel in register.channels:
        yield ChannelClosed(at=at, by=order.by, reason=order.reason, channel=order.channel)


@folded.register
def _opened(fact: ChannelOpened, register: Register) -> Register:
    return replace(register, channels=register.channels.set(fact.channel, fact.kinds))


@folded.register
def _closed(fact: ChannelClosed, register: Register) -> Register:
    if fact.channel not in register.channels:
        return register
    return replace(register, channels=register.channels.delete(fact.channel))
