"""The report in a terminal of 80 columns."""

from rich.console import Console, RenderableType

from reports import terminal
from reports.moderation import ModerationInput
from reports.moderation_agreement import moderation_agreement
from reports.moderation_report import ModerationReport


def shown(what: RenderableType) -> str:
    console = Console(width=80, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_the_figures_fit_in_80_columns(report: ModerationReport) -> None:
    text = shown(terminal.moderation(report))

    assert max(map(len, text.splitlines())) <= 80
    assert "82.6% (19 of 23); 95% interval 62.9% to 93.0%" in text
    assert "teacher higher 3, lower 1, net +8.7%" in text
    assert "1 late, 1 deferred (inspection 1), 0 appeals" in text
    assert "Hollins: not signed off" in text


def test_an_undefined_kappa_is_said(cycle: ModerationInput) -> None:
    same = {"first_value": "EXS", "second_value": "EXS", "final_value": "EXS"}
    items = tuple(item.model_copy(update=same) for item in cycle.items)

    text = shown(terminal.moderation(moderation_agreement(cycle.model_copy(update={"items": items}))))

    assert "not defined: both raters used one category" in text


def test_square_brackets_in_a_name_are_text_not_markup(cycle: ModerationInput) -> None:
    named = cycle.model_copy(
        update={"title": "[bold]Round[/bold]", "schools": dict.fromkeys(cycle.schools, "[red]Hill")}
    )

    text = shown(terminal.moderation(moderation_agreement(named)))

    assert "[bold]Round[/bold]" in text
    assert "[red]Hill" in text
