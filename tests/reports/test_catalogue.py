"""The catalogue of reports."""

import json

import pytest

from engine.errors import InvalidInputError, UnknownNameError
from reports.catalogue import REPORTS, report_kind
from reports.moderation import ModerationInput


def test_a_report_is_made_from_plain_data_or_from_the_model(cycle: ModerationInput) -> None:
    kind = report_kind("moderation-agreement")

    report = kind.make(json.loads(cycle.model_dump_json()))

    assert report.figures == kind.make(cycle).figures
    assert json.loads(report.json())["years"][1]["kappa"]["linear"] == pytest.approx(0.7616580310880829)
    assert "82.6%" in report.html()


def test_an_unknown_report_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="moderation-agreement"):
        report_kind("moderation-agrement")


def test_facts_that_do_not_fit_are_refused_with_their_place(cycle: ModerationInput) -> None:
    facts = json.loads(cycle.model_dump_json())
    facts["items"][3]["reason"] = "whim"

    with pytest.raises(InvalidInputError, match=r"items\.3\.reason"):
        report_kind("moderation-agreement").make(facts)


def test_every_report_says_what_it_is() -> None:
    assert all(kind.summary for kind in REPORTS.values())
