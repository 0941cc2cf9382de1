"""Sealing the log, checking what was sealed, and proofs for strangers."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.exit_codes import ExitCode
from cli.options import PLAIN, Options, UsageError
from cli.output import note, show, write_json
from cli.setup import settings
from cli.wording import counted
from engine.evidence.published import Published
from storage.evidence.findings import Evidence
from storage.evidence.proving import prove
from storage.signing_keys import PostgresKeys
from storage.verify import verify
from workers.keys import key_ring
from workers.publishing import places, read_roots, roots_file
from workers.sealing import Sealing
from workers.settings import Settings
from workers.wiring import database_address, open_all_records, open_records

Roots = Annotated[
    Path | None,
    Parameter(help="The file of published roots that you have kept; unless said, the one termwise writes."),
]


def register(app: App) -> None:
    """Add the commands."""
    app.command(verify_records, name="verify")
    app.command(seal)
    app.command(prove_one, name="prove")


async def verify_records(*, roots: Roots = None, options: Options = PLAIN) -> int:
    """Prove that the log is whole and unaltered, and that every list and board is what it says. Changes nothing.

    It names each event that was altered, removed, inserted or moved. Whoever has the database and the key of the
    server can hide that from everybody but who kept the published roots: give them with --roots.

    Example: termwise records verify --roots /mnt/usb/roots.jsonl
    """
    given = settings()
    published, wrong = published_roots(given, roots)
    note("Reading the whole log ...")
    async with open_all_records(given, size=2) as records:
        findings = await verify(records.pool, records.sealing, published)
    findings = findings.model_copy(update={"problems": (*wrong, *findings.problems)})
    if options.json:
        write_json(findings)
    else:
        what = ", ".join(findings.checked)
        show(
            f"{counted(findings.events, 'event')}; checked: {what}.",
            _sealed(findings.evidence, findings.events),
        )
        show(*findings.problems)
        show("All is sound." if findings.sound else f"{counted(len(findings.problems), 'problem')}.")
    return ExitCode.OK if findings.sound else ExitCode.FINDINGS


async def seal(*, options: Options = PLAIN) -> None:
    """Seal at once what waits to be sealed, and publish it. By itself it happens every minute.

    Example: termwise records seal
    """
    given = settings()
    key = key_ring(given).servers
    async with open_records(database_address(given), size=4) as records:
        sealing = Sealing(records.pool, PostgresKeys(records.pool), key, places(given))
        closed = await sealing.seal(timedelta())
        told = await sealing.publish()
    if options.json:
        write_json({"blocks": closed, "published": told})
        return
    for block in closed:
        show(f"Sealed events {block.first} to {block.last} in block {block.number}, {block.hash}.")
    if not closed:
        show("Nothing waits to be sealed.")
    if told:
        show(f"Published: {counted(told, 'root')}.")


async def prove_one(
    event: Annotated[str, Parameter(help="A cycle and the number of its event: CYCLE@VERSION.")],
    /,
    *,
    options: Options = PLAIN,
) -> None:
    """Write the proof that an event was recorded and not altered since; anybody can check it, without termwise.

    What is personal in it stays encrypted. `python -I docs/verify_proof.py proof.json` checks it.

    Example: termwise records prove moderation:2026-27:summer-1:writing@12 > proof.json
    """
    del options  # A proof is JSON always.
    stream, _, version = event.rpartition("@")
    if not stream or not version.isdecimal() or int(version) > _MOST:
        raise UsageError(f"{event!r} names no event; say which as CYCLE@VERSION, as moderation:2026-27@12")
    async with open_records(database_address(settings()), size=2) as records:
        proof = await prove(records.pool, stream, int(version))
    write_json(proof)
    note(f"Version {version} of {stream} is in block {proof.block.number}, {proof.block_hash}.")


#: No stream has so many events.
_MOST = 2**31 - 1


def published_roots(given: Settings, roots: Path | None) -> tuple[Sequence[Published] | None, list[str]]:
    """What was published, and what is wrong with that; None where there is no file to compare with."""
    own = roots_file(given)
    if roots is None and (own is None or not own.exists()):
        return None, []
    return read_roots(roots or own or Path())


def _sealed(evidence: Evidence, events: int) -> str:
    if not evidence.blocks:
        return "Nothing is sealed yet."
    waits = events - evidence.sealed
    said = f"Sealed: {counted(evidence.blocks, 'block')}, up to event {evidence.sealed}"
    said += f"; {counted(waits, 'event')} wait{'s' if waits == 1 else ''} for the next." if waits > 0 else "."
    if evidence.published is None:
        return f"{said}\nCompared with no published roots; give those that you have kept with --roots."
    return f"{said}\nCompared with {counted(evidence.published, 'published root')}."
