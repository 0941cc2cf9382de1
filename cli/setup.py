"""What commands begin with: the settings, the records, the trust, the person who acts."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cli.options import UsageError
from definitions.trust import TrustFolder
from engine.people import Directory
from engine.staff import Person
from workers import logs
from workers.settings import Settings, read_settings
from workers.trust import trust_now
from workers.wiring import Records, open_all_records, read_as

#: Read by the command line alone; the services know nothing of them.
OWN = ("TERMWISE_AS", "TERMWISE_DEBUG")


def settings() -> Settings:
    """The settings of this command, which logs nothing but warnings. Raises SettingsError."""
    logs.configure("console", logging.WARNING)
    return read_settings({name: value for name, value in os.environ.items() if name not in OWN})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command that only reads needs. Temporal may be away."""

    settings: Settings
    records: Records
    trust: TrustFolder

    @property
    def now(self) -> datetime:
        """The moment it is, as the clocks of the trust show it."""
        return datetime.now(UTC).astimezone(ZoneInfo(self.trust.calendar.time_zone))


@asynccontextmanager
async def open_desk(reader: str | None = None) -> AsyncIterator[Desk]:
    """Connect to PostgreSQL and read the trust, as its register has it. Raises what is wrong, each with its remedy.

    `reader` is the person in whose name the records are read, as it was typed; the operator's without one.
    """
    given = settings()
    async with open_all_records(given, size=4) as records:
        trust = await trust_now(given, records.register, records.documents)
        yield Desk(given, read_as(records, trust, reader), trust)


def acting_person(directory: Directory, given: str | None) -> Person:
    """Who acts. Raises UsageError when nobody is named, UnknownNameError for a stranger."""
    if not given:
        raise UsageError(
            "this is done in somebody's name: say whose with --as PERSON (an id, a name or an e-mail address), "
            "or set TERMWISE_AS"
        )
    return directory.by_name_or_id(given)
