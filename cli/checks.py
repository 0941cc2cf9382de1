"""What `termwise doctor` looks at. No check needs another to have gone well."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from temporalio.service import RPCError

from cli.findings import Finding, failed, ok, problem
from cli.key_checks import key_store
from cli.temporal_checks import agreement, couriered, polled, registered
from cli.wording import address
from definitions.trust import TrustFolder, load_trust
from engine.errors import TermwiseError
from engine.people import Directory
from storage.errors import StoreUnavailableError
from storage.health import Health, health
from storage.privacy.keyring import Keyring
from workers import plugins, temporal
from workers.key_store import open_keyring
from workers.settings import Settings, temporal_connection
from workers.temporal import TemporalUnavailableError
from workers.trust import as_registered, trust_at
from workers.wiring import Records, catalogue, database_address, open_records, temporal_address

#: Seconds two clocks may differ before reminders look odd.
_SKEW = 5
#: Events a projection may be behind while all is well.
_BEHIND = 200


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which one would mend them."""
    async with AsyncExitStack() as opened:
        return [finding async for finding in _examine(settings, opened)]


async def _examine(settings: Settings, opened: AsyncExitStack) -> AsyncIterator[Finding]:
    for local in (*_trust(settings), *_definitions(settings), *_plugins(settings)):
        yield local
    records, seen = None, None
    try:
        dsn = database_address(settings)
        keyring = await _keyring(settings, opened)
        records = await opened.enter_async_context(open_records(dsn, size=2, keyring=keyring))
        before, seen, after = datetime.now(UTC), await health(records.pool), datetime.now(UTC)
        yield ok("PostgreSQL", f"{seen.version} answers at {address(dsn)}")
        for finding in _database(seen, before + (after - before) / 2):
            yield finding
    except StoreUnavailableError as error:
        yield failed("PostgreSQL", error, "start that server, or set TERMWISE_DATABASE to where it is")
    except TermwiseError as error:
        yield failed("PostgreSQL", error)
    yield await key_store(settings)
    if records and seen and not seen.pending:
        yield await _register(settings, records)
    async for finding in _temporal(settings, records, seen):
        yield finding


async def _keyring(settings: Settings, opened: AsyncExitStack) -> Keyring | None:
    """The keys, if any are named; what is wrong with them is a finding of its own."""
    try:
        return await opened.enter_async_context(open_keyring(settings))
    except TermwiseError:
        return None


def _trust(settings: Settings) -> Iterator[Finding]:
    try:
        trust = load_trust(settings.trust).directory
        yield ok("trust", f"{trust.trust.name}: {len(trust.schools)} schools, {len(trust.people)} people")
    except TermwiseError as error:
        yield failed("trust", error)


def _definitions(settings: Settings) -> Iterator[Finding]:
    try:
        definitions = catalogue(settings.definitions)
        for key in definitions.files():
            definitions.program(key)
        yield ok("definitions", f"{', '.join(definitions.files())}: readable")
    except TermwiseError as error:
        yield failed("definitions", error)


def _plugins(settings: Settings) -> Iterator[Finding]:
    try:
        found = plugins.brought(catalogue(settings.definitions))
        said = ", ".join(f"{each.kind} {each.name} ({each.distribution})" for each in found)
        yield ok("plug-ins", said or "none installed")
        if settings.channel:
            plugins.channel(settings.channel)
    except TermwiseError as error:
        yield failed("plug-ins", error)


def _database(seen: Health, here: datetime) -> Iterator[Finding]:
    if seen.pending:
        said = f"{len(seen.pending)} migrations are not applied, the first is {seen.pending[0]}"
        yield problem("database", said, "termwise up, or start a termwise worker")
        return
    yield ok("database", "its structure is this version's")
    skew = abs((seen.now - here).total_seconds())
    if skew > _SKEW:
        yield problem("clocks", f"PostgreSQL's differs from ours by {skew:.0f} s", "set both by NTP")
    else:
        yield ok("clocks", "PostgreSQL's and ours agree")
    yield from _log(seen)
    late = [f"{each.projection} by {each.behind} events" for each in seen.lag if each.behind > _BEHIND]
    if late:
        yield problem(
            "projections", f"behind the log: {', '.join(late)}", "run `termwise worker`; see its log"
        )
    else:
        yield ok("projections", "up to date")
    yield _messages(seen)


def _log(seen: Health) -> Iterator[Finding]:
    if seen.hole is not None:
        yield problem(
            "log",
            f"event {seen.hole} is missing: rows were removed, or a backup was restored wrongly",
            "stop, keep this database as it is, and compare it with a backup",
        )
    if seen.parked:
        said = ", ".join(seen.parked[:3]) + (" ..." if len(seen.parked) > 3 else "")  # noqa: PLR2004 - a few
        yield problem(
            "parked", f"could not be taken in: {said}", "termwise records parked; then records retry"
        )


async def _register(settings: Settings, records: Records) -> Finding:
    """Whether the register is there, and the folder that it began with says the same."""
    try:
        standing = await records.register.standing()
        if standing is None:
            return problem("register", "it is empty, so the folder of the trust counts", "termwise up")
        now, folder = await trust_at(standing, records.documents), as_registered(load_trust(settings.trust))
    except TermwiseError as error:
        return failed("register", error)
    differing = [
        (what, mend)
        for what, mend, one, other in (
            ("people", "termwise people import --dry-run", _named(now), _named(folder)),
            ("dates", "termwise calendar import --dry-run", now.calendar, folder.calendar),
        )
        if one != other
    ]
    if not differing:
        return ok("register", f"version {standing.version}; the folder of the trust says the same")
    said = " and ".join(what for what, _ in differing)
    return problem(
        "register",
        f"the folder of the trust says something else of {said}; the register counts (version {standing.version})",
        f"see the difference with `{'` and `'.join(mend for _, mend in differing)}`",
    )


def _named(trust: TrustFolder) -> Directory:
    """Without what is changed by commands alone."""
    return trust.directory.model_copy(update={"covers": (), "absences": (), "interests": ()})


def _messages(seen: Health) -> Finding:
    if seen.dead:
        return problem(
            "messages",
            f"{seen.dead} were given up",
            "`termwise outbox list` says why; mend it, then `termwise outbox retry`",
        )
    if seen.overdue:
        return problem(
            "messages",
            f"{seen.overdue} are over ten minutes late",
            "run `termwise worker`; `termwise outbox list` says what waits",
        )
    return ok("messages", "none is late")


async def _temporal(
    settings: Settings, records: Records | None, seen: Health | None
) -> AsyncIterator[Finding]:
    where = temporal_connection()
    try:
        where, ui_url = temporal_address(settings)
        client = await temporal.connect(where)
        said = f"answers at {where.get('target_host')}, namespace {client.namespace}"
        yield ok("Temporal", f"{said}{f'; its pages are at {ui_url}' if ui_url else ''}")
        yield await registered(client)
        yield await polled(client, settings)
        yield await couriered(client, settings)
        if records and seen and not seen.pending:
            yield await agreement(client, settings.task_queue, records.store, seen.open)
    except TermwiseError as error:
        yield failed("Temporal", error)
    except RPCError as error:
        yield failed("Temporal", TemporalUnavailableError(str(where.get("target_host")), error.message))
