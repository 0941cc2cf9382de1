"""What can be set from outside, read once and handed down as arguments.

Each setting is the environment variable `TERMWISE_` and its name in capitals. Where Temporal is comes
from Temporal's own variables and `temporal.toml`, as for the `temporal` command; where PostgreSQL is may
come from libpq's `PG*` variables. What is not set at all is embedded: `termwise up` starts it.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError
from temporalio.envconfig import ClientConfig, ClientConnectConfig

from engine.errors import TermwiseError
from engine.model import Model

_PREFIX = "TERMWISE_"


class SettingsError(TermwiseError):
    """A setting that cannot be understood."""


class Settings(Model):
    """How this process is set up."""

    home: Path = Path(".termwise")
    """The folder of the embedded servers and their data."""
    database: str | None = Field(default=None, repr=False)
    """PostgreSQL's address, `postgresql://user@host/name`. Unset: `PGHOST` and its kin; else embedded."""
    database_password_file: Path | None = None
    """A file with PostgreSQL's password, so that it need not stand in the address."""
    keys: str | None = Field(default=None, repr=False)
    """The address of the key store: a database of its own, `postgresql://user@host/name`. Unset: embedded."""
    keys_password_file: Path | None = None
    """A file with the key store's password, so that it need not stand in the address."""
    master_key: Path | None = None
    """The file of the master key, which closes the keys in the key store. Unset: `keys/master.key` in the home."""
    key: Path | None = None
    """The private key to sign with, and for a service to seal with. Unset: the keys in the home."""
    task_queue: str = "termwise"
    """The Temporal task queue that the workers poll."""
    trust: Path = Path("examples/scholars")
    """The folder that describes the trust: its schools, people and calendars."""
    definitions: Path | None = None
    """A folder of process definitions beside those that come with termwise."""
    channel: str | None = None
    """The channel of a plug-in that carries messages. Unset: the mail server, or else the log."""
    hold_letters: bool = True
    """Whether letters wait for morning, for school days and for a person's pace. Off: for trying things out."""
    smtp_host: str | None = None
    """The mail server. Unset: messages go to the inbox only, no mail is sent."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    """The mail server's port."""
    smtp_from: str = "termwise@localhost"
    """The address that mail comes from."""
    smtp_user: str | None = None
    """The account on the mail server, where it asks for one."""
    smtp_password_file: Path | None = None
    """A file with that account's password."""
    smtp_starttls: bool = True
    """Whether the connection to the mail server must be encrypted."""
    teams_url_file: Path | None = None
    """A file with the address of a Teams workflow. The address is a secret."""
    slack_url_file: Path | None = None
    """A file with the address of a Slack incoming webhook. The address is a secret."""
    webhook_url_file: Path | None = None
    """A file with the address of a webhook of your own."""
    webhook_key_file: Path | None = None
    """A file with the key that signs what goes to it: `whsec_` and base64."""
    roots_file: Path | None = None
    """The file to which the root of each sealed block is added. Unset: `roots.jsonl` in an embedded home, else none."""
    roots_url_file: Path | None = None
    """A file with the address of a webhook that is told the root of each sealed block."""
    roots_key_file: Path | None = None
    """A file with the key that signs what goes to it: `whsec_` and base64."""
    workload_limit: int = Field(default=240, ge=0, le=10_080)
    """Minutes of work a week above which somebody has too much; 0: no limit."""
    log_format: Literal["console", "json"] = "console"
    """How log lines are written: for a person at a terminal, or for a log collector."""

    @property
    def dsn(self) -> str | None:
        """PostgreSQL's address with the password in it, not for a log; None where it is embedded."""
        return _with_password(self.database, self.database_password_file)

    @property
    def keys_dsn(self) -> str | None:
        """The key store's address with the password in it, not for a log; None where it is not set."""
        return _with_password(self.keys, self.keys_password_file)

    @property
    def smtp_password(self) -> str | None:
        """The mail account's password, not for a log."""
        return secret(self.smtp_password_file) if self.smtp_password_file else None


def _with_password(address: str | None, file: Path | None) -> str | None:
    if address is None or file is None:
        return address
    parts = urlsplit(address)
    account, _, place = parts.netloc.rpartition("@")
    password = quote(secret(file), safe="")
    return parts._replace(netloc=f"{account.partition(':')[0]}:{password}@{place}").geturl()


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. A misspelt name is an error, not silently nothing."""
    known = {_PREFIX + name.upper(): name for name in Settings.model_fields}
    given = {name: value for name, value in environment.items() if name.startswith(_PREFIX)}
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise SettingsError(f"there is no setting {name}; {hint}")
    values = {known[name]: value for name, value in given.items() if value}
    if environment.get("PGHOST") or environment.get("PGSERVICE"):
        # The empty address: the PostgreSQL driver reads libpq's variables by itself.
        values.setdefault("database", "postgresql://")
    try:
        return Settings.model_validate_strings(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = _PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name} is {first['input']!r}: {first['msg']}") from error


def temporal_connection() -> ClientConnectConfig:
    """What Temporal's variables and `temporal.toml` say; without `target_host` where it is embedded."""
    try:
        return ClientConfig.load_client_connect_config(config_file_strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError(f"Temporal's configuration cannot be read: {error}") from error


def secret(file: Path) -> str:
    """What stands in a file that only we may read. Raises SettingsError."""
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"the secret {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        # Without its cause, which has the bytes.
        raise SettingsError(f"the secret {file} cannot be read: it is no text in UTF-8") from None
