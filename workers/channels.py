"""The channels: what carries a row of the outbox, by the channel it was planned for.

Letters to people are planned for `mail`, whatever the settings: a row is planned once and for ever, and must not
depend on how this process happens to be set up. The settings choose what carries them. A place (a chat, a
webhook) has rows of its own from the day on which an administrator opened it (`engine/register/places.py`); the
settings know its address. A further way of carrying messages is a plug-in, or a file in `activities/` and a line
below.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from activities.channels import Channel
from activities.log_channel import LogChannel
from activities.posting import Endpoint, endpoint
from activities.slack import SlackChannel
from activities.smtp import MailServer, SmtpChannel, address
from activities.teams import TeamsChannel
from activities.webhook import SigningKey, WebhookChannel, signing_key
from engine.errors import UnknownNameError
from workers import plugins
from workers.settings import Settings, SettingsError, secret

#: What carries letters to people, one by one.
MAIL = "mail"


def channels(settings: Settings) -> Mapping[str, Channel]:
    """What these settings choose. A plug-in's channel is made when it is first asked for by its name.

    Raises SettingsError, or PluginError.
    """
    made = {name: channel for name, make in _PLACES.items() if (channel := make(settings))}
    return _Channels({MAIL: _carrier(settings), **made})


def _teams(settings: Settings) -> Channel | None:
    where = _endpoint("TEAMS_URL_FILE", settings.teams_url_file)
    return TeamsChannel(where) if where else None


def _slack(settings: Settings) -> Channel | None:
    where = _endpoint("SLACK_URL_FILE", settings.slack_url_file)
    return SlackChannel(where) if where else None


def _webhook(settings: Settings) -> Channel | None:
    where = _endpoint("WEBHOOK_URL_FILE", settings.webhook_url_file)
    if where is None:
        return None
    if settings.webhook_key_file is None:
        raise SettingsError(
            "TERMWISE_WEBHOOK_URL_FILE is set and TERMWISE_WEBHOOK_KEY_FILE is not; "
            "without a key the receiver cannot know who writes"
        )
    return WebhookChannel(where, webhook_key("WEBHOOK_KEY_FILE", settings.webhook_key_file))


#: A line for each place that termwise can write to.
_PLACES: Mapping[str, Callable[[Settings], Channel | None]] = {
    TeamsChannel.name: _teams,
    SlackChannel.name: _slack,
    WebhookChannel.name: _webhook,
}


class _Channels(Mapping[str, Channel]):
    """Those that were made, and those of plug-ins."""

    def __init__(self, made: Mapping[str, Channel]) -> None:
        self._made = dict(made)

    def __getitem__(self, name: str) -> Channel:
        if name not in self._made:
            try:
                self._made[name] = plugins.channel(name)
            except UnknownNameError as error:
                raise KeyError(name) from error
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _carrier(settings: Settings) -> Channel:
    if settings.channel and settings.channel in _PLACES:
        raise SettingsError(
            f"TERMWISE_CHANNEL is {settings.channel!r}, which carries no letters to people: give its address by "
            f"TERMWISE_{settings.channel.upper()}_URL_FILE, and open it with "
            f"`termwise channels open {settings.channel}`"
        )
    if settings.channel:
        try:
            return plugins.channel(settings.channel)
        except UnknownNameError as error:
            raise SettingsError(f"TERMWISE_CHANNEL: {error}") from error
    return _smtp(settings, settings.smtp_host) if settings.smtp_host else LogChannel()


def _smtp(settings: Settings, host: str) -> SmtpChannel:
    try:
        sender = address(settings.smtp_from)
    except ValueError as error:
        raise SettingsError(
            f"TERMWISE_SMTP_FROM is {settings.smtp_from!r}; expected an e-mail address"
        ) from error
    server = MailServer(
        host=host,
        port=settings.smtp_port,
        sender=sender,
        user=settings.smtp_user,
        password=settings.smtp_password,
        encrypted=settings.smtp_starttls,
    )
    return SmtpChannel(server)


def _endpoint(setting: str, file: Path | None) -> Endpoint | None:
    return endpoint_in(setting, file) if file else None


def endpoint_in(setting: str, file: Path) -> Endpoint:
    """The address in the file that this setting names. Raises SettingsError."""
    try:
        return endpoint(secret(file))
    except ValueError as error:
        raise SettingsError(f"the address in TERMWISE_{setting} ({file}) will not do: {error}") from None


def webhook_key(setting: str, file: Path) -> SigningKey:
    """The key in the file that this setting names. Raises SettingsError."""
    try:
        return signing_key(secret(file))
    except ValueError as error:
        raise SettingsError(f"the key in TERMWISE_{setting} ({file}) will not do: {error}") from None
