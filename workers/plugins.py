"""The activities and channels that plug-ins bring, read once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import iscoroutinefunction
from typing import Protocol, cast, get_args

from activities.channels import Carries, Channel, DeliveryError, Letter
from activities.log_channel import LogChannel
from activities.slack import SlackChannel
from activities.smtp import SmtpChannel
from activities.teams import TeamsChannel
from activities.webhook import WebhookChannel
from definitions.catalogue import Catalogue
from definitions.plugins import OURSELVES, Announced, announced, without_clashes
from engine.errors import UnknownNameError
from engine.kinds.call import OWN_ACTIVITIES

Activity = Callable[..., object]
_OWN_CHANNELS = (
    "mail",
    *(each.name for each in (LogChannel, SmtpChannel, TeamsChannel, SlackChannel, WebhookChannel)),
)


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that a plug-in brings."""

    kind: str
    name: str
    distribution: str


@cache
def activities() -> Mapping[str, Activity]:
    """What definitions may call, by the name that its author gave it. Raises PluginError."""
    return {name: function for name, (_, function) in _activities().items() if function is not None}


def channel(name: str) -> Channel:
    """The channel of this name, made anew. Raises UnknownNameError, or PluginError."""
    known = _channels()
    found = known[name][1] if name in known else None
    if found is None:
        raise UnknownNameError("channel of a plug-in", name, [key for key, (_, its) in known.items() if its])
    return _PluginChannel(found)


def brought(catalogue: Catalogue) -> list[Brought]:
    """All that plug-ins bring, by kind and name. Raises PluginError for what cannot be used, and for a clash."""
    definitions = catalogue.plugins()
    return [
        *(Brought("definition", name, whose) for name, whose in definitions.items()),
        *(Brought("activity", name, whose) for name, (whose, its) in _activities().items() if its),
        *(Brought("channel", name, whose) for name, (whose, its) in _channels().items() if its),
    ]


@cache
def _activities() -> Mapping[str, tuple[str, Activity | None]]:
    own = ((name, OURSELVES, None) for name in sorted(OWN_ACTIVITIES))
    return without_clashes("an activity", [*own, *_announced_activities()])


def _announced_activities() -> Iterator[tuple[str, str, Activity | None]]:
    for each in announced("termwise.activities"):
        loaded = each.load()
        name = getattr(getattr(loaded, "__temporal_activity_definition", None), "name", None)
        if name is None or not callable(loaded):
            raise each.unusable("is no activity; decorate the function with `@activity.defn`")
        yield str(name), each.distribution, loaded


@cache
def _channels() -> Mapping[str, tuple[str, Announced | None]]:
    # None is loaded but the one that is chosen: another may want settings that are not there.
    own = ((name, OURSELVES, None) for name in _OWN_CHANNELS)
    return without_clashes(
        "a channel",
        [*own, *((each.name, each.distribution, each) for each in announced("termwise.channels"))],
    )


class _Delivers(Protocol):
    async def deliver(self, message: Letter) -> None: ...


def _carries(announced: Announced, made: object) -> Carries:
    said = getattr(made, "carries", "personal")
    if said not in get_args(Carries):
        raise announced.unusable(f"carries {said!r}; expected `personal` or `opaque`")
    return cast("Carries", said)


class _PluginChannel:
    """A channel of a plug-in, whose errors need not be ours."""

    def __init__(self, announced: Announced) -> None:
        self.name = announced.name
        made = announced.load()
        try:
            made = made() if callable(made) else made
        except Exception as error:
            raise announced.unusable(f"cannot be made: {type(error).__name__}: {error}") from error
        if not iscoroutinefunction(getattr(made, "deliver", None)):
            raise announced.unusable("has no `async def deliver(self, message)`")
        self._channel = cast("_Delivers", made)
        self.carries = _carries(announced, made)

    async def deliver(self, message: Letter) -> None:
        """Return when the plug-in has taken charge of the letter. Raises DeliveryError.

        An error of the plug-in is temporary, unless it has an attribute `permanent` that is true. Only its name is
        told: its text may quote people's words.
        """
        try:
            await self._channel.deliver(message)
        except Exception as error:
            permanent = getattr(error, "permanent", False) is True
            raise DeliveryError(f"{self.name}: {type(error).__name__}", permanent=permanent) from error
