"""Chats and webhooks at a web server of this machine."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from activities import posting
from activities.channels import Bulletin, Channel, DeliveryError, Letter, hand_over
from activities.posting import endpoint
from activities.slack import SlackChannel
from activities.teams import TeamsChannel
from activities.webhook import WebhookChannel, signing_key
from tests.endpoint import Endpoint

#: In the path of every address, and in the key: it may show nowhere.
SECRET = "sig-c2VjcmV0LXRoYXQtbm9ib2R5"  # noqa: S105 - it opens nothing
KEY_BYTES = b"0123456789abcdef0123456789abcdef"
KEY = "whsec_" + base64.b64encode(KEY_BYTES).decode()

Make = Callable[[Endpoint], Channel]


def place(web: Endpoint, scheme: str = "http") -> posting.Endpoint:
    return endpoint(f"{scheme}://127.0.0.1:{web.port}/workflows/{SECRET}?sig={SECRET}")


def teams(web: Endpoint) -> Channel:
    return TeamsChannel(place(web))


def slack(web: Endpoint) -> Channel:
    return SlackChannel(place(web))


def webhook(web: Endpoint) -> Channel:
    return WebhookChannel(place(web), signing_key(KEY))


ALL = [teams, slack, webhook]
every_channel = pytest.mark.parametrize("make", ALL)


def letter(**other: object) -> Letter:
    facts: dict[str, Any] = {
        "message_id": UUID(int=1),
        "thread": UUID(int=2),
        "kind": "task-overdue",
        "recipient": "trust",
        "name": "Claire Whitmore",
        "email": "claire.whitmore@scholars.example",
        "subject": "Claire's appraisal",
        "text": "Dear Claire",
        "html": "<p>Dear Claire</p>",
        "bulletin": Bulletin(
            instance="moderation:summer-1",
            root="moderation:summer-1",
            process="moderation",
            task="k3jx7ab2qd",
            stage="Judgements",
            days=2,
            people=3,
            late=True,
        ),
    }
    return Letter(**facts | other)


async def failure(channel: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await hand_over(channel, letter())
    error: BaseException | None = caught.value
    assert error.__cause__ is None or SECRET not in repr(error.__cause__)
    assert SECRET not in str(error)
    return caught.value
