"""What trustees are told: figures of the whole trust, none of a group so small that a pupil stands out."""

import json

from engine.access.sight import Sight
from reports.catalogue import report_kind
from reports.moderation import ModerationInput
from reports.suppression import FEWEST

KIND = report_kind("moderation-agreement")


def test_who_may_not_see_the_answers_is_told_no_school_apart_and_no_table(cycle: ModerationInput) -> None:
    told = KIND.make(cycle, Sight.COUNTED)

    figures = json.loads(told.json())
    assert figures["years"]
    for year in figures["years"]:
        assert year["n"] >= FEWEST
        assert (year["matrix"], year["schools"], year["extension"], year["not_judged"]) == ([], [], [], {})
    assert figures["returned"] == []
    assert "82.6%" in told.html()
    assert "Changed up" not in told.html()


def test_of_a_small_group_nothing_is_told_and_it_says_so(cycle: ModerationInput) -> None:
    few = [item for item in cycle.items if item.year_group == "Y2"][: FEWEST - 1]
    rest = [item for item in cycle.items if item.year_group != "Y2"]
    told = KIND.make(cycle.model_copy(update={"items": (*few, *rest)}), Sight.COUNTED)

    figures = json.loads(told.json())
    assert [year["year_group"] for year in figures["years"]] == ["Y6"]
    assert figures["notes"][0] == "Of fewer than 10 pupils nothing is told: Year 2."


def test_who_may_see_the_answers_is_told_everything(cycle: ModerationInput) -> None:
    assert KIND.make(cycle, Sight.ANSWERS).json() == KIND.make(cycle).json()
