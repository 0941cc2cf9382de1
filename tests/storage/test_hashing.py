"""The hash of an event: known bytes, and each part of it counts."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from storage.hashing import event_hash

EVENT: dict[str, Any] = {
    "stream_name": "moderation:ash",
    "version": 7,
    "kind": "task-completed",
    "schema_v": 1,
    "command": UUID("0f9f1c4e-58c1-5c5e-9d0a-3c1d2e4f5a6b"),
    "nth": 1,
    "of": 2,
    "occurred_at": datetime(2027, 4, 20, 9, 0, 0, 250, tzinfo=UTC),
    "actor": "p-zoë",
    "data_text": '{"kind":"task-completed","outcome":"sent"}',
}


def test_the_bytes_are_those_that_are_written_down() -> None:
    said = (
        "termwise-event 1\n"
        "7 1 1 2 0f9f1c4e-58c1-5c5e-9d0a-3c1d2e4f5a6b 1808211600000250 14 14 6 42\n"
        "moderation:ash"
        "task-completed"
        "p-zoë"
        '{"kind":"task-completed","outcome":"sent"}'
    )

    assert event_hash(**EVENT) == sha256(said.encode()).digest()
    assert event_hash(**EVENT).hex() == "a7cd271349368122a2f7b0522388b95e80f87ad2b6854bcaec25e456114dda95"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("stream_name", "moderation:beech"),
        ("version", 8),
        ("kind", "task-returned"),
        ("schema_v", 2),
        ("command", UUID(int=1)),
        ("nth", 2),
        ("of", 1),
        ("occurred_at", EVENT["occurred_at"] + timedelta(microseconds=1)),
        ("actor", "p-zoe"),
        ("data_text", '{"kind":"task-completed","outcome":"sent" }'),
    ],
)
def test_every_part_of_it_counts(name: str, other: object) -> None:
    assert event_hash(**EVENT | {name: other}) != event_hash(**EVENT)


def test_what_moves_from_one_text_to_the_next_is_seen() -> None:
    shifted = EVENT | {"kind": "task-complete", "actor": "dp-zoë"}

    assert event_hash(**shifted) != event_hash(**EVENT)


def test_an_instant_is_the_same_in_any_zone() -> None:
    summer = EVENT["occurred_at"].astimezone(timezone(timedelta(hours=1)))

    assert event_hash(**EVENT | {"occurred_at": summer}) == event_hash(**EVENT)
