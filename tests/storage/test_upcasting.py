"""Whatever was written is read for ever, in whatever version of its kind."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from engine.events import EVENT, EVENT_KINDS, TaskCompleted
from storage.errors import TooNewEventError
from storage.upcasting import NEWEST, UPCASTERS, Plain, Upcasters, event_of, newest_versions
from tests.storage import golden
from tests.storage.examples import fullest
from tests.storage.facts import completed
from tests.storage.shapes import Comparison, shape

FILES = sorted(golden.FOLDER.glob("*.json"))
TASK = shape(TaskCompleted)


def _minutes(fields: Plain) -> Plain:
    """From a version in which `minutes` was called `took`."""
    return {name: each for name, each in fields.items() if name != "took"} | {"minutes": fields["took"]}


def _hours(fields: Plain) -> Plain:
    """From a still older one, in which it was counted in hours."""
    hours = fields.pop("hours")
    assert isinstance(hours, int)
    return fields | {"took": hours * 60}


OLDER: Upcasters = MappingProxyType({("task-completed", 1): _hours, ("task-completed", 2): _minutes})


def test_every_event_has_the_shape_that_its_golden_file_says() -> None:
    found = [*golden.problems()]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_as_it_was_stored_is_read(file: Path) -> None:
    kept = json.loads(file.read_text("utf-8"))

    event = event_of(kept["kind"], kept["version"], json.dumps(kept["event"]))

    assert event.kind == kept["kind"]
    if kept["version"] == NEWEST[kept["kind"]]:
        said = json.loads(EVENT.dump_json(event))
        assert {name: said[name] for name in kept["event"]} == kept["event"]


def test_there_is_a_file_for_every_version_that_was_ever_written() -> None:
    written = {file.stem for file in FILES}

    assert written == {f"{kind}.{n}" for kind, newest in NEWEST.items() for n in range(1, newest + 1)}


def test_no_version_is_left_out_between_the_first_and_the_newest() -> None:
    asked = {(kind, version) for kind, newest in NEWEST.items() for version in range(1, newest)}

    assert asked == set(UPCASTERS)


def test_an_old_event_is_led_from_version_to_version() -> None:
    today = completed("t1", minutes=120)
    plain = json.loads(EVENT.dump_json(today))
    took = plain.pop("minutes")

    oldest = event_of("task-completed", 1, json.dumps(plain | {"hours": took // 60}), OLDER)
    older = event_of("task-completed", 2, json.dumps(plain | {"took": took}), OLDER)
    newest = event_of("task-completed", 3, EVENT.dump_json(today).decode(), OLDER)

    assert (oldest, older, newest) == (today, today, today)
    assert newest_versions(OLDER)["task-completed"] == 3
    assert newest_versions(OLDER)["task-opened"] == 1


def test_what_was_upcast_is_checked_as_if_it_were_written_today() -> None:
    plain = json.loads(EVENT.dump_json(completed("t1")))
    del plain["minutes"]

    with pytest.raises(ValidationError):
        event_of("task-completed", 2, json.dumps(plain | {"took": "an age"}), OLDER)


def test_a_version_of_a_newer_termwise_is_refused_with_the_remedy() -> None:
    text = EVENT.dump_json(completed("t1")).decode()

    with pytest.raises(TooNewEventError, match="upgrade it"):
        event_of("task-completed", NEWEST["task-completed"] + 1, text)


def _changed(**fields: Mapping[str, Any] | None) -> dict[str, Any]:
    after: dict[str, Any] = deepcopy(dict(TASK))
    for name, field in fields.items():
        if field is None:
            del after["properties"][name]
        else:
            after["properties"][name] = field
    return after


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (_changed(outcome=None), "outcome is gone"),
        (_changed(outcome={"type": "integer"}), "outcome could be string, now only integer"),
        (_changed(late={"type": "boolean", "default": True}), "late is read as another value"),
        (_changed(minutes={"type": "integer", "default": None}), "minutes could be null, now only integer"),
        (_changed(mood={"type": "string"}) | {"required": [*TASK["required"], "mood"]}, "mood must be there"),
    ],
)
def test_a_change_that_old_events_do_not_bear_is_named(after: Mapping[str, Any], said: str) -> None:
    found = Comparison(TASK, after).broken()

    assert len(found) == 1
    assert said in found[0]


def test_a_new_field_with_a_default_and_a_wider_one_are_allowed() -> None:
    text_or_number = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    after = _changed(outcome=text_or_number, mood={"type": "string", "default": "calm"})

    comparison = Comparison(TASK, after)

    assert not comparison.broken()
    assert comparison.added() == ["mood"]


def test_the_example_of_every_kind_says_something_in_every_field() -> None:
    for kind, model in EVENT_KINDS.items():
        event = fullest(model)

        assert event.model_fields_set == set(model.model_fields), kind
