"""The board of a cycle, in 80 columns."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError
from rich.console import Console

from reports.board import Board, BoardCell, render

STAGES = ("Provisional judgements", "Sample", "Blind judgement", "Dialogue", "Sign-off")
UNDER_WAY = BoardCell(
    school="Glenfield",
    stage="Dialogue",
    open=4,
    done=2,
    overdue=1,
    returned=1,
    deferred=1,
    skipped=2,
    unanswered=1,
    waiting_for=("headteacher",),
    due=date(2026, 5, 20),
)
DONE = BoardCell(school="Hollins", stage="Sample", done=6)


def board(*cells: BoardCell, schools: tuple[str, ...] = ("Glenfield", "Brook Lane", "Hollins")) -> Board:
    return Board(
        title="Moderation [Writing]",
        cycle="moderation:2026-27:summer-1:writing",
        state="open",
        stages=STAGES,
        schools=schools,
        cells=cells,
        updated=datetime(2026, 5, 20, 14, 5, tzinfo=UTC),
    )


def shown(what: Board) -> str:
    console = Console(width=80, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(render(what))
    return capture.get()


def test_a_cell_says_everything_in_words() -> None:
    text = shown(board(UNDER_WAY, DONE))

    said = (
        "… 2 of 10",
        "! late 1",
        "↩ sent back 1",
        "» deferred 1",
        "- skipped 2",
        "? not answered 1",
        "for headteacher",
        "by 20 May 2026",
        "✓ done 6",
    )
    assert [words for words in said if words not in text] == []
    summary = "open: 8 of 16 done, 1 late, 1 sent back, 1 deferred, 2 skipped, 1 not answered"
    assert summary in " ".join(text.split())
    assert "Moderation [Writing]" in text


@pytest.mark.parametrize("number", [1, 3, 5, 12, 90])
def test_any_number_of_schools_fits_in_80_columns(number: int) -> None:
    schools = tuple(f"School {n:02} Primary" for n in range(number))

    text = shown(board(schools=schools))

    assert max(map(len, text.splitlines())) <= 80
    assert all(f"School {n:02}" in text for n in range(number))
    assert all(stage.split()[0] in text for stage in STAGES)


def test_it_says_how_many_schools_are_not_for_its_reader() -> None:
    assert "Not for you to see" not in shown(board())
    assert "Not for you to see: 1 more school." in shown(board().model_copy(update={"unseen": 1}))
    assert "Not for you to see: 2 more schools." in shown(board().model_copy(update={"unseen": 2}))


def test_a_cell_stands_in_the_row_of_its_school_when_schools_run_down() -> None:
    schools = tuple(f"School {n}" for n in range(7))

    text = shown(board(BoardCell(school="School 4", stage="Sample", done=3), schools=schools))

    assert next(line for line in text.splitlines() if "School 4" in line).count("✓ done 3") == 1


@pytest.mark.parametrize("cells", [(DONE, DONE), (DONE.model_copy(update={"school": "Elsewhere"}),)])
def test_a_cell_that_would_not_be_seen_is_refused(cells: tuple[BoardCell, ...]) -> None:
    with pytest.raises(ValidationError, match="expected one for each school and stage"):
        board(*cells)
