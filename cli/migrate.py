"""Move running instances to another version of their definition; --dry-run says which may move, and why not the rest.

What is open stays open, with its people and its dates; what begins afterwards follows the new version. Only what may
move is moved, one after the other; the rest stays as it is. Typed again, it goes on where it stopped.

Example: termwise migrate moderation --dry-run
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.exit_codes import ExitCode
from cli.finding import find_cycle
from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.output import note, show, table, write_json
from cli.setup import acting_person, settings
from cli.versions import pinned_version
from definitions.versions import version_in
from engine.commands import MigrateInstance, command_id
from engine.definition.program import Program
from engine.errors import RefusedError, TermwiseError
from engine.model import Model
from engine.world import ENGINE_VERSION, World
from workers.moving import Standing, running_instances
from workers.wiring import Office, open_office

app = App(name="migrate")


class Told(Model):
    """One instance, and what became of it."""

    instance: str
    version: int
    digest: str
    may_move: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    moved: bool = False


class Stopped(Model):
    """Where moving stopped, and why."""

    instance: str
    why: str


@app.default
async def migrate(  # noqa: PLR0913 - each is an option people type
    process: Annotated[str, Parameter(help="Its key; `termwise define list` has them.")],
    /,
    *,
    to: Annotated[
        str | None,
        Parameter(help="A file, or the beginning of a digest; the definition as it is now unless said."),
    ] = None,
    dry_run: Annotated[Flag, Parameter(help="Say what could move; move nothing.")] = False,
    school: Annotated[
        str | None, Parameter(help="Only what is this school's alone: a first, small try.")
    ] = None,
    cycle: Annotated[str | None, Parameter(help="Only this cycle with its parts, or only this part.")] = None,
    limit: Annotated[int | None, Parameter(help="Move at most so many.", validator=Number(gte=1))] = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept. Needed unless nothing is moved.")] = None,
    options: ActingOptions = UNSAID,
) -> int:
    if not dry_run and not reason:
        raise UsageError("moving needs a reason, which is kept: --reason TEXT; or look first with --dry-run")
    async with open_office(settings()) as office:
        program = await _target(office, process, to)
        key = office.trust.directory.school(school).key if school else None
        only = await find_cycle(office.records, cycle) if cycle else None
        found = await running_instances(office.records, program, school=key, cycle=only)
        stopped = None
        moved: list[str] = []
        if not dry_run:
            by = acting_person(office.trust.directory, options.as_).id
            wanted = [each for each in found if each.move.possible][:limit]
            moved, stopped = await _move(office, wanted, program, by, reason or "")
    told = [_told(each, moved) for each in found]
    if options.json:
        write_json({"process": process, "version": program.definition.version, "digest": program.digest,
                    "instances": told, "stopped": stopped})  # fmt: skip
    else:
        show(*_rendered(program, told, dry_run=dry_run, stopped=stopped))
    return ExitCode.REFUSED if stopped else ExitCode.OK


async def _target(office: Office, process: str, to: str | None) -> Program:
    """The version to move to. Raises what is wrong with it."""
    if to is None:
        return office.catalogue.program(process)
    if "/" in to or "." in to:
        program = version_in(Path(to)).program
    else:
        program = (await pinned_version(office.records, process, to.removeprefix(f"{process}@"))).program
    if program.definition.process != process:
        raise RefusedError(f"{to} is a version of {program.definition.process!r}, not of {process!r}")
    return program


async def _move(
    office: Office, wanted: Sequence[Standing], program: Program, by: str, reason: str
) -> tuple[list[str], Stopped | None]:
    """Move them in order, and stop at the first that cannot be moved after all."""
    moved: list[str] = []
    for each in wanted:
        new = World(program, each.world.calendar, each.world.directory)
        definition, calendar, directory = await office.client.keep(new)
        instance = each.state.instance
        command = MigrateInstance(
            # Sent again before it has moved, it is the same command; afterwards there is nothing to do.
            id=command_id(instance, "migrate", definition, calendar, directory, each.migrations),
            by=by,
            definition=definition,
            reason=reason,
            engine=ENGINE_VERSION,
        )
        try:
            await office.client.send(instance, command)
        except TermwiseError as error:
            return moved, Stopped(instance=instance, why=str(error))
        moved.append(instance)
        note(f"Moved {instance}.")
    return moved, None


def _told(each: Standing, moved: Sequence[str]) -> Told:
    program = each.world.program
    return Told(
        instance=each.state.instance,
        version=program.definition.version,
        digest=program.digest,
        may_move=each.move.possible,
        reasons=each.move.reasons,
        warnings=each.move.warnings,
        moved=each.state.instance in moved,
    )


def _rendered(
    program: Program, told: Sequence[Told], *, dry_run: bool, stopped: Stopped | None
) -> Iterator[RenderableType]:
    definition = program.definition
    yield Text(f"{definition.title}: to version {definition.version} ({program.digest[:12]})", "bold")
    if not told:
        yield Text("Nothing to move: every running instance has it.")
        return
    rows = table("Instance*", "From", "May move" if dry_run else "Moved")
    for each in told:
        done = each.may_move if dry_run else each.moved
        rows.add_row(Text(each.instance), f"{each.version} ({each.digest[:6]})", "yes" if done else "no")
    yield rows
    for each in told:
        if each.reasons or each.warnings:
            yield Text(f"\n{each.instance}", "bold")
            yield from (Padding(Text(f"Cannot move: {reason}."), (0, 0, 0, 2)) for reason in each.reasons)
            yield from (Padding(Text(f"Note: {warning}.", "dim"), (0, 0, 0, 2)) for warning in each.warnings)
    yield Text(f"\n{_summed(told, dry_run=dry_run)}")
    if stopped:
        yield Text(f"Stopped at {stopped.instance}: {stopped.why}\nThe same command goes on from there.")


def _summed(told: Sequence[Told], *, dry_run: bool) -> str:
    may, moved = (sum(getattr(each, name) for each in told) for name in ("may_move", "moved"))
    if dry_run:
        return f"{may} of {len(told)} may move. Nothing was moved."
    return f"{moved} of {len(told)} moved; {len(told) - may} cannot."
