"""The channels: what carries a row of the outbox, by the channel it was planned for.

The planner knows `mail` only, whatever the settings (`storage/projections/outbox.py`): a row is planned once
and for ever, and must not depend on how this process happens to be set up. A further way of carrying messages
is a plug-in, or a file in `activities/` and a line below; a further channel is also planned for there.
"""

from collections.abc import Mapping

from activities.channels import Channel
from activities.log_channel import LogChannel
from activities.smtp import MailServer, SmtpChannel, address
from engine.errors import UnknownNameError
from workers import plugins
from workers.settings import Settings, SettingsError


def channels(settings: Settings) -> Mapping[str, Channel]:
    """What these settings choose. Raises SettingsError, or PluginError."""
    return {"mail": _carrier(settings)}


def _carrier(settings: Settings) -> Channel:
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
