"""A log that was exported becomes that of an empty database, with all that is read from it."""

from collections.abc import Callable, Iterable

from activities.registrar import Registrar
from storage.exchange.importing import Imported, import_log, is_begun
from storage.migrations import migrate
from storage.privacy.directories import SealedDirectories
from storage.projections import FOLLOWING, INLINE
from storage.projector import Projector
from workers.settings import Settings
from workers.wiring import database_address, open_all_records, open_records


async def import_export(
    settings: Settings, lines: Iterable[bytes], progress: Callable[[int], None]
) -> Imported:
    """Bring the database to its structure, take the log in, and make every read model.

    What is sealed in it stays so: the key store must be that of the log. Raises UnreadableExportError or
    StoreNotEmptyError; then there is nothing in it.
    """
    dsn = database_address(settings)
    async with open_records(dsn, size=2) as records:
        begun = await is_begun(records.pool)
    if not begun:
        await migrate(dsn)
    async with open_all_records(settings, size=4) as records:
        directories = SealedDirectories(records.keyring) if records.keyring else None
        imported = await import_log(records.pool, lines, records.sealing, directories, progress)
        await Registrar(records.store, records.documents, records.register).settle()
        projector = Projector(records.pool, sealing=records.sealing)
        for each in (*INLINE, *FOLLOWING):
            await projector.rebuild(each.name)
    return imported
