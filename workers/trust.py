"""The trust as it is now: what its register says, or its folder as long as nothing was imported."""

from datetime import UTC, datetime

import structlog

from activities.registrar import Registrar
from definitions.trust import TrustFolder, load_trust
from engine import library
from engine.commands import command_id
from engine.fact import TERMWISE
from engine.register.calendars import ImportCalendar
from engine.register.fact import REGISTER
from engine.register.people import ImportDirectory
from engine.register.standing import Standing
from storage.documents import PostgresDocuments
from storage.events import PostgresEventStore
from storage.register import PostgresRegister
from workers.settings import Settings

log = structlog.get_logger()
_WHY = "the first import, from the folder of the trust"


async def trust_now(
    settings: Settings, register: PostgresRegister, documents: PostgresDocuments
) -> TrustFolder:
    """What the register says; what the folder says while it is empty. Raises SourceError for a broken folder."""
    standing = await register.standing()
    if standing is None:
        return as_registered(load_trust(settings.trust))
    return await trust_at(standing, documents)


async def trust_at(standing: Standing, documents: PostgresDocuments) -> TrustFolder:
    """What the register says at this version."""
    named: dict[str, library.Kind] = {standing.calendar: "calendar", standing.directory: "directory"}
    for digest, kind in named.items():
        if not library.known(digest):
            library.put(kind, digest, await documents.get(digest))
    return TrustFolder(library.directory(standing.directory), library.calendar(standing.calendar))


def as_registered(folder: TrustFolder) -> TrustFolder:
    """What the register will say of it, to the digest: what starts before the first import need not be renewed."""
    said = folder.directory
    return TrustFolder(
        said.model_copy(
            update={
                "schools": tuple(sorted(said.schools, key=lambda each: each.key)),
                "people": tuple(sorted(said.people, key=lambda each: each.id)),
                "subjects": tuple(sorted(said.subjects, key=lambda each: each.key)),
            }
        ),
        folder.calendar,
    )


async def import_first(
    settings: Settings, store: PostgresEventStore, register: PostgresRegister, documents: PostgresDocuments
) -> Standing | None:
    """Take the folder of the trust over into an empty register; where it stands afterwards.

    Safe to repeat, and to do by several at once. Raises SourceError for a broken folder.
    """
    registrar = Registrar(store, documents, register)
    standing = await registrar.settle()
    if standing is None:
        standing = await take_over(load_trust(settings.trust), registrar, documents)
        log.info("register.imported", version=standing.version if standing else None)
    return standing


async def take_over(
    trust: TrustFolder, registrar: Registrar, documents: PostgresDocuments
) -> Standing | None:
    """Fill an empty register; where it stands afterwards. One that is not empty is left as it is."""
    people = await documents.put("directory", library.text(trust.directory))
    days = await documents.put("calendar", library.text(trust.calendar))
    # The calendar first: until the trust has a name, termwise itself may say what it is.
    for order in (
        ImportCalendar(id=command_id(REGISTER, "first calendar"), by=TERMWISE, reason=_WHY, calendar=days),
        ImportDirectory(id=command_id(REGISTER, "first people"), by=TERMWISE, reason=_WHY, directory=people),
    ):
        await registrar.keep(order, datetime.now(UTC))
    return await registrar.settle()
