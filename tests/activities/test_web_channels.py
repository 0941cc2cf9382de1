"""Chats and webhooks against a real web server: what arrives."""

import base64
import hashlib
import hmac
import time
from uuid import UUID

from activities.channels import Bulletin, hand_over
from tests.activities.web import (
    KEY_BYTES,
    SECRET,
    Make,
    every_channel,
    failure,
    letter,
    slack,
    teams,
    webhook,
)
from tests.endpoint import Endpoint, status


async def test_teams_is_sent_one_adaptive_card(web: Endpoint) -> None:
    await hand_over(teams(web), letter())

    (posted,) = web.posted
    assert posted.line == f"POST /workflows/{SECRET}?sig={SECRET} HTTP/1.1"
    assert posted.headers["content-type"] == "application/json"
    (attachment,) = posted.json["attachments"]
    assert posted.json["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    head, facts, foot = card["body"]
    assert (head["text"], head["style"]) == ("A task is overdue", "heading")
    assert {each["title"]: each["value"] for each in facts["facts"]} == {
        "Cycle": "moderation:summer-1",
        "Stage": "Judgements",
        "Asked of": "3 people",
        "School days late": "2",
    }
    assert foot["text"] == "To read more: termwise tasks show k3jx7ab2qd"


async def test_slack_is_sent_blocks_and_a_line_for_notifications(web: Endpoint) -> None:
    await hand_over(slack(web), letter())

    (posted,) = web.posted
    assert posted.json["text"] == "A task is overdue: termwise tasks show k3jx7ab2qd"
    assert [block["type"] for block in posted.json["blocks"]] == ["header", "section", "context"]
    assert {field["type"] for field in posted.json["blocks"][1]["fields"]} == {"plain_text"}


async def test_a_stage_can_call_nobody_in_slack(web: Endpoint) -> None:
    loud = Bulletin(instance="<!channel>", root="a", stage="<!channel> & <@U1>")

    await hand_over(slack(web), letter(bulletin=loud))

    (posted,) = web.posted
    assert "<" not in posted.json["text"]
    assert "mrkdwn" not in posted.body.decode()


async def test_a_webhook_is_sent_a_cloud_event(web: Endpoint) -> None:
    await hand_over(webhook(web), letter())

    (posted,) = web.posted
    assert posted.headers["content-type"] == "application/cloudevents+json"
    assert posted.json == {
        "specversion": "1.0",
        "id": str(UUID(int=1)),
        "source": "urn:termwise",
        "type": "uk.termwise.task-overdue",
        "subject": "moderation:summer-1",
        "datacontenttype": "application/json",
        "data": {
            "thread": str(UUID(int=2)),
            "instance": "moderation:summer-1",
            "root": "moderation:summer-1",
            "process": "moderation",
            "task": "k3jx7ab2qd",
            "stage": "Judgements",
            "days": 2,
            "people": 3,
            "late": True,
        },
    }


async def test_a_webhook_is_signed_so_that_a_receiver_knows_who_when_and_what(web: Endpoint) -> None:
    await hand_over(webhook(web), letter())

    (posted,) = web.posted
    message, second = posted.headers["webhook-id"], posted.headers["webhook-timestamp"]
    assert message == str(UUID(int=1))
    assert abs(int(second) - time.time()) < 60
    signed = f"{message}.{second}.".encode() + posted.body
    right = base64.b64encode(hmac.new(KEY_BYTES, signed, hashlib.sha256).digest()).decode()
    assert posted.headers["webhook-signature"] == f"v1,{right}"


async def test_a_repeat_is_the_same_event_with_a_signature_of_its_own_time(web: Endpoint) -> None:
    web.answers = [status(503)]

    await failure(webhook(web))
    await hand_over(webhook(web), letter())

    first, second = web.posted
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


@every_channel
async def test_nobody_is_named(web: Endpoint, make: Make) -> None:
    await hand_over(make(web), letter())

    (posted,) = web.posted
    assert "laire" not in posted.body.decode()
    assert "ear " not in posted.body.decode()
    assert "appraisal" not in posted.body.decode()


@every_channel
async def test_what_has_no_bulletin_still_says_where_to_look(web: Endpoint, make: Make) -> None:
    await hand_over(make(web), letter(bulletin=None, kind="notification-requested"))

    assert len(web.posted) == 1
