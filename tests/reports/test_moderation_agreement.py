"""The moderation-agreement report on the worked example."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from reports.moderation import ModeratedItem, ModerationInput
from reports.moderation_agreement import moderation_agreement
from reports.moderation_report import ModerationReport, YearReport


def year(report: ModerationReport, group: str) -> YearReport:
    return next(each for each in report.years if each.year_group == group)


def altered(cycle: ModerationInput, change: Callable[[ModeratedItem], dict[str, str]]) -> ModerationInput:
    """The same cycle with every item changed."""
    items = [item.model_copy(update=change(item)) for item in cycle.items]
    return ModerationInput.model_validate(
        cycle.model_dump() | {"items": [item.model_dump() for item in items]}
    )


def test_year_6_is_as_worked_by_hand(report: ModerationReport) -> None:
    y6 = year(report, "Y6")

    assert (y6.n, y6.cohort, y6.agreement.agreed) == (23, 148, 19)
    assert y6.matrix == ((5, 1, 0), (1, 10, 0), (0, 2, 4))
    assert [round(value or 0, 3) for _, value in y6.kappa] == [0.718, 0.762, 0.818]
    assert (y6.direction.over, y6.direction.under) == (3, 1)


def test_year_2_is_as_worked_by_hand(report: ModerationReport) -> None:
    y2 = year(report, "Y2")

    assert (y2.n, y2.cohort, y2.agreement.agreed) == (23, 146, 20)
    assert [round(value or 0, 3) for _, value in y2.kappa] == [0.783, 0.815, 0.857]
    assert (y2.direction.over, y2.direction.under) == (3, 0)


def test_an_extension_is_reported_apart_and_enters_no_figure(
    cycle: ModerationInput, report: ModerationReport
) -> None:
    drawn = [item for item in cycle.items if item.reason != "extension"]
    without = moderation_agreement(cycle.model_copy(update={"items": tuple(drawn)}))

    y6, bare = year(report, "Y6"), year(without, "Y6")

    assert (y6.agreement, y6.kappa, y6.schools) == (bare.agreement, bare.kappa, bare.schools)
    (glenfield,) = y6.extension
    assert (glenfield.sampled, glenfield.changed_down, glenfield.adjudicated) == (4, 1, 1)
    assert any("not a random sample" in note for note in y6.notes)
    assert not bare.extension


def test_each_school_with_a_cohort_is_named_even_when_nothing_was_sampled(cycle: ModerationInput) -> None:
    report = moderation_agreement(cycle.model_copy(update={"items": ()}))

    assert [year.year_group for year in report.years] == ["Y2", "Y6"]
    assert [(row.name, row.sampled) for row in report.years[0].schools] == [
        ("Glenfield", 0),
        ("Brook Lane", 0),
        ("Hollins", 0),
    ]
    assert report.years[0].agreement.share is None


def test_changes_are_counted_from_what_stands_in_the_end(cycle: ModerationInput) -> None:
    teacher_stands = altered(cycle, lambda item: {"final_value": item.first_value})

    rows = year(moderation_agreement(teacher_stands), "Y6").schools

    assert [(row.changed_up, row.changed_down) for row in rows] == [(0, 0)] * 3


def test_kappa_is_null_when_both_used_one_category(cycle: ModerationInput) -> None:
    same = altered(cycle, lambda _: dict.fromkeys(("first_value", "second_value", "final_value"), "EXS"))

    y6 = year(moderation_agreement(same), "Y6")

    assert y6.agreement.share == 1
    assert y6.kappa.model_dump() == {"none": None, "linear": None, "quadratic": None}


def test_a_code_in_place_of_a_judgement_is_set_aside_and_said(cycle: ModerationInput) -> None:
    coded = altered(cycle, lambda item: {"second_value": "PK6"} if item.code == "Y6-00" else {})

    y6 = year(moderation_agreement(coded), "Y6")

    assert (y6.n, y6.set_aside) == (22, 1)
    assert any("1 piece left out" in note for note in y6.notes)


def test_work_moderated_in_its_own_school_is_said(cycle: ModerationInput, report: ModerationReport) -> None:
    own = altered(cycle, lambda item: {"moderator_school": item.school} if item.code == "Y6-00" else {})

    notes = moderation_agreement(own).notes

    assert any("1 piece moderated by the school's own staff" in note for note in notes)
    assert any("moderated by another school" in note for note in report.notes)


def test_readers_are_warned(report: ModerationReport) -> None:
    y6 = year(report, "Y6")

    assert any("Never rank schools" in note for note in report.notes)
    assert any("understate agreement" in note for note in report.notes)
    assert any("62.9% to 93.0%" in note for note in y6.notes)


def test_no_pupil_leaves_the_input(cycle: ModerationInput, report: ModerationReport) -> None:
    told = report.model_dump_json()

    assert not [item for item in cycle.items if item.pupil in told or item.code in told]


def test_a_school_that_has_not_signed_is_named(report: ModerationReport) -> None:
    assert report.not_signed == ("hollins",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first_value": "EXSS"}, "neither on the scale nor a known code"),
        ({"code": "Y6-01"}, "given 2 times"),
        ({"school": "elsewhere"}, "has no name in schools"),
    ],
)
def test_input_that_contradicts_itself_is_refused(
    cycle: ModerationInput, change: dict[str, str], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        altered(cycle, lambda item: change if item.code == "Y6-00" else {})
