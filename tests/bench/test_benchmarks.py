"""The page and the file of figures. How fast anything is is measured, never tested."""

import json
from pathlib import Path

import pytest

from bench.__main__ import BENCHES, DOCS
from bench.figures import Figure, alternate, figure, read, write
from bench.meanings import MEANINGS, Aim
from bench.page import page

NAMES = [name for bench in BENCHES for name in bench.names]
FIELDS = ["name", "value", "unit", "against", "runs", "low", "high"]
MACHINE = {"Date": "1 June 2027", "Processor": "abacus, 2 cores"}


def test_every_measured_name_is_documented_and_nothing_else() -> None:
    assert sorted(NAMES) == sorted(MEANINGS)


@pytest.mark.parametrize(
    "name",
    [
        "events-per-task",
        "bytes-per-task",
        "task-vs-handwritten",
        "engine-flatness",
        "simulate-vs-spiff-200",
        "check-time",
        "load-time",
        "append-c1",
        "append-c8",
        "append-c32",
    ],
)
def test_what_was_promised_is_measured(name: str) -> None:
    assert name in NAMES


def test_a_figure_is_a_median_between_quartiles() -> None:
    made = figure("engine-flatness", "ratio", "itself", [1.0, 9.0, 2.0, 3.0, 4.0])

    assert (made.value, made.low, made.high, made.runs) == (3.0, 2.0, 4.0, 5)


def test_of_few_looks_the_extremes_are_told() -> None:
    made = figure("engine-flatness", "ratio", "itself", [1.0, 3.0])

    assert (made.value, made.low, made.high) == (2.0, 1.0, 3.0)


def test_the_file_is_a_list_of_objects_and_reads_back(tmp_path: Path) -> None:
    made = [figure(name, "ratio", "itself", [1.0, 2.0]) for name in NAMES]

    write(made, tmp_path / "benchmarks.json")

    assert [list(each) for each in json.loads((tmp_path / "benchmarks.json").read_text())] == [FIELDS] * len(
        NAMES
    )
    assert read(tmp_path / "benchmarks.json") == made


def test_the_page_shows_value_spread_aim_and_meaning() -> None:
    kept = figure("engine-flatness", "ratio", "itself", [1.0, 1.2, 1.4])
    missed = figure("events-per-task", "events", "the aim", [7.0])

    text = page([kept, missed], MACHINE)

    assert "| `engine-flatness` | 1.2 | 1 – 1.4 | ≤ 1.5, met | 3 |" in text  # noqa: RUF001
    assert "| `events-per-task` | 7 events | 7 – 7 | ≤ 6.5, **missed** | 1 |" in text  # noqa: RUF001
    assert MEANINGS["engine-flatness"].text in text
    assert "- Processor: abacus, 2 cores" in text


def test_an_aim_is_a_bound_from_either_side() -> None:
    assert Aim(0.9, at_most=False).met(0.9)
    assert not Aim(0.9, at_most=False).met(0.89)


async def test_both_sides_are_measured_in_turn_and_the_first_look_is_thrown_away() -> None:
    looks: list[str] = []

    async def ours() -> float:
        looks.append("ours")
        return 2.0

    async def theirs() -> float:
        looks.append("theirs")
        return 1.0

    pairs = await alternate(ours, theirs, 2)

    assert pairs == [(2.0, 1.0)] * 2
    assert looks == ["ours", "theirs", "ours", "theirs", "theirs", "ours"]


def test_the_figures_in_docs_are_those_of_the_page() -> None:
    figures = read(DOCS / "benchmarks.json")

    text = (DOCS / "benchmarks.md").read_text(encoding="utf-8")

    assert [each.name for each in figures] == list(MEANINGS)
    assert all(line in text for line in page(figures, {}).splitlines())


def test_a_figure_has_no_other_field() -> None:
    assert list(Figure.model_fields) == FIELDS
