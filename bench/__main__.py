"""Measure everything: `python -m bench`, or `make bench`. Only a full run writes to `docs/`; the others print."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from bench import (
    appends,
    authority,
    engine,
    history,
    inbox,
    letters,
    machine,
    pairing,
    projections,
    replaying,
    simulating,
    tasks,
)
from bench.effort import FULL, QUICK, Effort
from bench.figures import Figure, write
from bench.ground import Ground, open_ground, versions
from bench.meanings import MEANINGS
from bench.page import page, said

DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True, slots=True)
class Bench:
    """One way of measuring, and the figures it gives."""

    names: Sequence[str]
    measure: Callable[[Ground, Effort], Awaitable[list[Figure]]]


BENCHES = tuple(
    Bench(each.NAMES, each.measure)
    for each in (
        history,
        tasks,
        engine,
        simulating,
        pairing,
        authority,
        inbox,
        appends,
        replaying,
        letters,
        projections,
    )
)


async def run(only: str | None, effort: Effort) -> tuple[list[Figure], dict[str, str]]:
    """The figures, in the order of the page, and what they were measured on."""
    figures: list[Figure] = []
    async with open_ground() as ground:
        for bench in BENCHES:
            if only is None or only in bench.names:
                figures += await bench.measure(ground, effort)
        about = machine.describe(await versions(ground))
    kept = (figure for figure in figures if only in {None, figure.name})
    return sorted(kept, key=lambda figure: list(MEANINGS).index(figure.name)), about


def main() -> None:
    """Parse, measure, write or print."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--only", choices=MEANINGS, metavar="NAME", help="measure one figure and print it")
    arguments.add_argument("--quick", action="store_true", help="a few looks at each, and print them")
    given = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    figures, about = asyncio.run(run(given.only, QUICK if given.quick else FULL))
    for figure in figures:
        sys.stdout.write(
            f"{figure.name:28}{said(figure.value):>8}  {said(figure.low)} to {said(figure.high)} {figure.unit}\n"
        )
    if given.only is None and not given.quick:
        write(figures, DOCS / "benchmarks.json")
        (DOCS / "benchmarks.md").write_text(page(figures, about), encoding="utf-8")


if __name__ == "__main__":
    main()
