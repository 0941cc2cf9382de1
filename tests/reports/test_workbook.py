"""A workbook says what the tables say, and runs nothing."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from reports.exchange import workbook
from reports.exchange.workbook import WorkbookWriter

HOSTILE = (
    "=1+1",
    "+1",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example")',
    "http://evil.example",
    "{=1}",
    "=cmd|' /C calc'!A0",
)


def parts(file: Path) -> dict[str, str]:
    with ZipFile(file) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_every_text_is_a_text(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"

    with WorkbookWriter(file) as book:
        book.sheet("Tasks", ["title", "minutes"]).add((HOSTILE[0], 5))
        sheet = book.sheet("Events", ["what"])
        for text in HOSTILE:
            sheet.add((text,))

    written = parts(file)
    assert not [name for name, text in written.items() if "<f>" in text or "<hyperlink" in text]
    assert written["xl/worksheets/sheet2.xml"].count('t="inlineStr"') == 1 + len(HOSTILE)
    assert "<v>5</v>" in written["xl/worksheets/sheet1.xml"]


def test_a_text_stays_one_when_somebody_opens_its_cell_and_presses_enter(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"

    with WorkbookWriter(file) as book:
        book.sheet("Tasks", ["title"]).add(("=1+1",))

    style = re.search('r="A2" s="([0-9]+)" t="inlineStr"', parts(file)["xl/worksheets/sheet1.xml"])
    formats = re.search("<cellXfs.*</cellXfs>", parts(file)["xl/styles.xml"])
    assert style
    assert formats
    assert 'quotePrefix="1"' in re.findall("<xf [^>]*>", formats[0])[int(style[1])]


def test_times_are_those_of_the_clock_on_the_wall(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"

    with WorkbookWriter(file) as book:
        book.sheet("Tasks", ["due"]).add((datetime(2027, 5, 26, 16, 0, tzinfo=UTC),))

    # Seventeen o'clock in summer, as the fraction of a day.
    [serial] = re.findall(r"<v>([\d.]+)</v>", parts(file)["xl/worksheets/sheet1.xml"])
    assert float(serial) % 1 == pytest.approx(17 / 24)


def test_a_table_that_is_too_long_goes_on_on_another_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)

    with WorkbookWriter(tmp_path / "book.xlsx") as book:
        sheet = book.sheet("Tasks", ["number"])
        for number in range(5):
            sheet.add((number,))

    names = re.findall('<sheet name="([^"]+)"', parts(tmp_path / "book.xlsx")["xl/workbook.xml"])
    assert (sheet.count, names) == (5, ["Tasks", "Tasks 2", "Tasks 3"])
