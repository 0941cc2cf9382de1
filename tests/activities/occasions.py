"""Occasions for letters, with everything that a letter may say."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import activities.letters
from activities.letters import Asked, Occasion

TEMPLATES = Path(activities.letters.__file__).with_name("templates")

ASKED = Asked(
    task="k3jx7ab2qd",
    title="Confirm that the Y6 judgements are complete",
    school="Glenfield Primary School",
    due_at=datetime(2027, 5, 18, 16, 0, tzinfo=UTC),
    due_on=date(2027, 5, 18),
    due_why="4 school days before the session (Mon 24 May 2027)",
    late=False,
    minutes=15,
    people=("Claire Whitmore",),
)


def occasion(kind: str, **other: object) -> Occasion:
    facts: dict[str, Any] = {
        "message_id": UUID(int=1),
        "kind": kind,
        "recipient": "p-0005",
        "name": "Claire Whitmore",
        "email": "claire.whitmore@scholars.example",
        "trust": "Scholars Academy Trust",
        "cycle": "Moderation of writing, summer 1",
        "instance": "moderation:summer-1:writing",
        "root": "moderation:summer-1:writing",
        "matter": "A task is waiting for you",
        "asked": ASKED,
        "people": {"p-0006": "Tariq Mahmood", "p-0009": "Ben Archer"},
        "parameters": {
            "task": "k3jx7ab2qd",
            "days": 2,
            "body": "Words.",
            "by": "p-0006",
            "owner": "p-0006",
            "wanted_by": "p-0006",
            "until": "2027-05-26",
            "reason": "Two are away.",
            "text": "Has anybody seen pack 7?",
            "person": "p-0009",
            "code": "5.1.1",
        },
    }
    return Occasion(**facts | other)
