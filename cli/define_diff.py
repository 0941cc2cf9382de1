"""`termwise define diff`: what changed between two versions, and which running instances could move."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cli.options import PLAIN, Flag, Options
from cli.output import facts, show, write_json
from cli.setup import settings
from cli.versions import version
from definitions.versions import Version, places
from engine.definition.program import Program
from engine.model import Model
from engine.versions.differences import Change, differences
from engine.versions.table import EFFECTS, Effect
from workers.moving import Standing, running_instances
from workers.wiring import catalogue, open_all_records

#: From the most harmless on.
_ORDER: tuple[Effect, ...] = ("text", "new", "later", "now", "open", "all")


class Count(Model):
    """Running instances of one version."""

    version: int
    digest: str
    running: int
    may_move: int
    reasons: dict[str, int]
    """Why the others cannot, and how many each holds back."""


async def diff(
    old: Annotated[str, Parameter(help="A file, the key of a definition, or KEY@DIGEST of one in use.")],
    new: Annotated[str, Parameter(help="Likewise.")],
    /,
    *,
    running: Annotated[Flag, Parameter(help="Ask every running instance whether it could move.")] = False,
    options: Options = PLAIN,
) -> None:
    """Say what changed between two versions of a definition, and which running instances could move.

    Example: termwise define diff moderation@3fa9 moderation --running
    """
    given = settings()
    known = catalogue(given.definitions)
    before, after = await version(old, known, given), await version(new, known, given)
    found = differences(before.program.definition, after.program.definition)
    counts: list[Count] | None = None
    if running:
        async with open_all_records(given, size=2) as records:
            counts = _counted(await running_instances(records, after.program))
    if options.json:
        write_json(_plain(found, before, after, counts))
    else:
        show(*_rendered(found, before, after, counts))


def _counted(instances: Sequence[Standing]) -> list[Count]:
    """The running instances, by the version they have now."""
    by_version: dict[str, list[Standing]] = {}
    for each in instances:
        by_version.setdefault(each.world.program.digest, []).append(each)
    return [
        Count(
            version=some[0].world.program.definition.version,
            digest=digest,
            running=len(some),
            may_move=sum(each.move.possible for each in some),
            reasons=dict(Counter(reason for each in some for reason in each.move.reasons)),
        )
        for digest, some in by_version.items()
    ]


def _plain(
    found: Sequence[Change], old: Version, new: Version, counts: Sequence[Count] | None
) -> dict[str, object]:
    return {
        "old": _named(old.program),
        "new": _named(new.program),
        "changes": [
            {
                **each.model_dump(mode="json", exclude={"old", "new"}),
                "effect_in_words": EFFECTS[each.effect],
                **dict(zip(("old", "new"), places(each, old, new), strict=True)),
            }
            for each in found
        ],
        "running": counts,
    }


def _named(program: Program) -> dict[str, object]:
    definition = program.definition
    return {"process": definition.process, "version": definition.version, "digest": program.digest}


def _rendered(
    found: Sequence[Change], old: Version, new: Version, counts: Sequence[Count] | None
) -> Iterator[RenderableType]:
    before, after = old.program.definition, new.program.definition
    yield Text(
        f"{after.title}: version {before.version} ({old.called}) and {after.version} ({new.called})", "bold"
    )
    if not found:
        yield Text("There is no difference.")
        return
    for (step, kind), changes in groupby(found, lambda each: (each.step, each.kind)):
        yield Text(f"\n{step} ({kind.replace('_', ' ')})" if step else "\nThe process itself", "bold")
        for each in changes:
            yield Padding(Text(f"{each.words[:1].upper()}{each.words[1:]}"), (0, 0, 0, 2))
            where = " -> ".join(filter(None, places(each, old, new)))
            yield Padding(Text(f"{EFFECTS[each.effect]}{f'; {where}' if where else ''}", "dim"), (0, 0, 0, 4))
    yield Text("\nWhether running instances could move", "bold")
    yield from _verdict(found)
    yield from _asked(counts) if counts is not None else ()


def _verdict(found: Sequence[Change]) -> Iterator[RenderableType]:
    numbers = Counter(each.effect for each in found)
    yield facts({EFFECTS[effect]: _many(numbers[effect]) for effect in _ORDER if numbers[effect]})
    for each in found:
        if each.effect == "all":
            yield Text(f"\nNo instance can move: {each.words}.")
        elif each.effect == "open":
            yield Text(f"\nAn instance in which {each.step} is open cannot move: {each.words}.")
    if not {"open", "all"} & numbers.keys():
        yield Text("\nNothing here holds an instance back, unless what it has done already now comes later.")


def _asked(counts: Sequence[Count]) -> Iterator[RenderableType]:
    yield Text("\nInstances that run", "bold")
    if not counts:
        yield Text("None runs with another version.")
    for each in counts:
        yield Text(
            f"Version {each.version} ({each.digest[:12]}): {each.running} running, {each.may_move} could move."
        )
        for reason, count in each.reasons.items():
            yield Padding(Text(f"{count} x {reason}"), (0, 0, 0, 2))


def _many(count: int) -> str:
    return f"{count} change" if count == 1 else f"{count} changes"
