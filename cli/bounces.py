"""Mail that came back: whose address fails, and what to do about it.

Letters to a failing address wait. They go when the person has another address, or when somebody clears this one.

Example: termwise bounces import returned.mbox
"""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from activities.bounces import MOST, Bounce, Reports, of_a_dead_mailbox, read_mailbox
from cli.channels import Why, register
from cli.options import PLAIN, UNSAID, ActingOptions, Flag, Options, UsageError
from cli.output import show, table, write_json
from cli.setup import acting_person, open_desk, settings
from engine.commands import command_id
from engine.people import Directory
from engine.register.addresses import ClearAddress, ReportBounce, address_digest, unreachable
from storage.letters_sent import recipients
from workers.wiring import Records, open_office

app = App(name="bounces")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report comes to."""

    person: str | None
    bounce: Bounce
    what: str
    fails: bool = False


@app.default
@app.command(name="list")
async def list_bounces(*, options: Options = PLAIN) -> None:
    """Whose mail comes back, since when and why.

    Example: termwise bounces
    """
    async with open_desk() as desk:
        failing = unreachable(await register(desk.records))
        names = {each.person: desk.trust.directory.person(each.person).name for each in failing}
    if options.json:
        write_json(
            {"failing": [{"person": each.person, "code": each.code, "since": each.since} for each in failing]}
        )
        return
    if not failing:
        show("No address fails.")
        return
    listed = table("person", "name*", "since", "the server said")
    for each in failing:
        listed.add_row(each.person, names[each.person], f"{each.since:%d %b %Y}", each.code)
    show(listed, "Record another address, or `termwise bounces clear PERSON` if this one works.")


@app.command(name="import")
async def import_bounces(
    file: Annotated[str, Parameter(help="A message or a mailbox (mbox); - reads standard input.")],
    /,
    *,
    dry_run: Annotated[Flag, Parameter(help="Only say what would follow.")] = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Read the reports of mail that came back. Reading the same again changes nothing.

    Example: termwise bounces import returned.mbox --dry-run
    """
    reports = read_mailbox(_read(file))
    async with open_office(settings()) as office:
        person = acting_person(office.trust.directory, options.as_)
        findings = await _findings(office.records, office.trust.directory, reports)
        for each in [] if dry_run else findings:
            if each.fails and each.person:
                address = address_digest(office.trust.directory.person(each.person).email)
                named = command_id("bounce", each.bounce.message_id, each.person, address, person.id)
                status = each.bounce.status
                await office.client.register(
                    ReportBounce(id=named, by=person.id, person=each.person, address=address, code=status)
                )
    _tell(reports, findings, dry_run=dry_run, json=options.json)


@app.command
async def clear(
    person: Annotated[str, Parameter(help="Whose address works: an id, a name or an e-mail address.")],
    /,
    *,
    reason: Why = None,
    options: ActingOptions = UNSAID,
) -> None:
    """Trust an address again; the letters that waited go.

    Example: termwise bounces clear p-0011 --reason "The mailbox is back"
    """
    async with open_office(settings()) as office:
        acting = acting_person(office.trust.directory, options.as_)
        whose = office.trust.directory.by_name_or_id(person)
        version = (await register(office.records)).version
        named = command_id("clear-address", whose.id, acting.id, version)
        answer = await office.client.register(
            ClearAddress(id=named, by=acting.id, person=whose.id, reason=reason)
        )
    if options.json:
        write_json(answer)
    else:
        show(f"Letters go to {whose.name} again.")


async def _findings(records: Records, directory: Directory, reports: Reports) -> list[Finding]:
    to = await recipients(records.pool, [each.message_id for each in reports.bounces])
    return [_finding(to.get(each.message_id), each, directory) for each in reports.bounces]


def _finding(person: str | None, bounce: Bounce, directory: Directory) -> Finding:
    known = next((each for each in directory.people if each.id == person), None)
    if known is None:
        return Finding(None, bounce, "no letter of ours is known by that id")
    if not of_a_dead_mailbox(bounce.status):
        return Finding(known.id, bounce, "says nothing against the address")
    if address_digest(known.email) not in {address_digest(each) for each in bounce.addresses}:
        return Finding(known.id, bounce, "has another address by now")
    return Finding(known.id, bounce, "letters wait until the address is mended", fails=True)


def _tell(reports: Reports, findings: list[Finding], *, dry_run: bool, json: bool) -> None:
    if json:
        told = [
            {"person": each.person, "status": each.bounce.status, "fails": each.fails, "what": each.what}
            for each in findings
        ]
        write_json(
            {"messages": reports.messages, "unreadable": reports.broken, "reports": told, "dry_run": dry_run}
        )
        return
    show(f"{reports.messages} messages, {len(reports.bounces)} reports, {reports.broken} unreadable.")
    said = Counter((each.person or "?", each.bounce.status, each.what) for each in findings)
    for (person, status, what), times in sorted(said.items()):
        show(f"{person}: {status}, {what}" + (f" ({times} reports)" if times > 1 else ""))
    if dry_run:
        show("Nothing was changed.")


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(MOST + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
