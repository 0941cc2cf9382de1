"""`docs/benchmarks.md`: the figures as a table, and what each means."""

from collections.abc import Mapping, Sequence

from bench.figures import Figure
from bench.meanings import MEANINGS

_BEFORE = """# Benchmarks

`make bench` writes this page and `benchmarks.json`. Nothing here is a test with a time limit: figures from another
machine say little, so what matters is measured as a ratio, in alternating slices of one run.
"""
_HOW = """A value is the median of its looks. *Between* are the quartiles, of the ratios pair by pair where it is one; \
with fewer than four looks, the extremes.
"""


def page(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """The whole page. Raises KeyError for a figure without a meaning."""
    lines = [
        _BEFORE,
        "| Figure | Value | Between | Aim | Looks |",
        "|---|--:|---|---|--:|",
        *(_row(each) for each in figures),
        "",
        _HOW,
        "## What they mean",
        "",
        *(f"- **{each.name}** ({each.unit}; {each.against}). {MEANINGS[each.name].text}" for each in figures),
        "",
        "## Where",
        "",
        *(f"- {name}: {value}" for name, value in machine.items()),
    ]
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    aim = MEANINGS[figure.name].aim
    held = f"{aim}, {'met' if aim.met(figure.value) else '**missed**'}" if aim else ""
    unit = "" if figure.unit == "ratio" else f" {figure.unit}"
    between = f"{said(figure.low)} – {said(figure.high)}"  # noqa: RUF001 - a dash between numbers
    return f"| `{figure.name}` | {said(figure.value)}{unit} | {between} | {held} | {figure.runs} |"


def said(value: float) -> str:
    """As people write numbers: 1,153 and 0.93."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
