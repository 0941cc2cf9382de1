"""Chats and webhooks against a real web server: what arrives, and what is made of its answers."""

import asyncio
import base64
import hashlib
import hmac
import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from activities import posting
from activities.channels import Bulletin, Channel, DeliveryError, Letter, hand_over
from activities.posting import endpoint, wait_in
from activities.slack import SlackChannel
from activities.teams import TeamsChannel
from activities.webhook import WebhookChannel, signing_key
from tests.certificates import make_certificate, of_a_server
from tests.endpoint import Endpoint, listening, status

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


@pytest.fixture
async def web() -> AsyncIterator[Endpoint]:
    async with listening() as web:
        yield web


async def failure(channel: Channel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await hand_over(channel, letter())
    error: BaseException | None = caught.value
    assert error.__cause__ is None or SECRET not in repr(error.__cause__)
    assert SECRET not in str(error)
    return caught.value


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


@every_channel
@pytest.mark.parametrize("code", [200, 202, 204])
async def test_what_is_accepted_has_gone(web: Endpoint, make: Make, code: int) -> None:
    web.answers = [status(code)]

    await hand_over(make(web), letter())

    assert len(web.posted) == 1


@every_channel
@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        (400, True),
        (413, True),
        (415, True),
        (422, True),
        (401, False),
        (403, False),
        (404, False),
        (408, False),
        (410, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
async def test_what_is_said_of_the_message_is_for_good_and_what_is_said_of_us_is_not(
    web: Endpoint, make: Make, code: int, *, permanent: bool
) -> None:
    web.answers = [status(code)]

    error = await failure(make(web))

    assert error.permanent is permanent
    assert str(error).startswith(f"127.0.0.1:{web.port} ")
    assert str(error).endswith(f": {code}")


@every_channel
@pytest.mark.parametrize("code", [429, 503])
async def test_who_asks_for_time_is_given_it(web: Endpoint, make: Make, code: int) -> None:
    web.answers = [status(code, "retry-after: 90")]

    error = await failure(make(web))

    assert error.after == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        ("9" * 30, timedelta(days=1)),
        ("Tue, 04 May 2027 08:10:00 GMT", timedelta(minutes=10)),
        ("Tue, 04 May 2027 07:00:00 GMT", timedelta()),
        ("Tue, 04 May 2087 07:00:00 GMT", timedelta(days=1)),
    ],
)
def test_a_time_to_wait_is_read_in_both_its_forms(said: str | None, wait: timedelta | None) -> None:
    assert wait_in(said, datetime(2027, 5, 4, 8, 0, tzinfo=UTC)) == wait


@every_channel
async def test_nobody_is_followed_elsewhere(web: Endpoint, make: Make) -> None:
    async with listening() as other:
        web.answers = [status(307, f"location: http://127.0.0.1:{other.port}/{SECRET}")]

        error = await failure(make(web))

    assert not error.permanent
    assert "elsewhere" in str(error)
    assert other.posted == []


@every_channel
async def test_an_answer_without_an_end_is_not_read(web: Endpoint, make: Make) -> None:
    web.answers, web.endless = [b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n"], True

    await hand_over(make(web), letter())
    await asyncio.sleep(0.1)

    assert web.sent < 20_000_000


@every_channel
async def test_a_server_that_drips_is_not_waited_for(
    web: Endpoint, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each byte comes in time; the whole never does.
    monkeypatch.setattr(posting, "WHOLE", 0.5)
    web.pace = 0.1

    error = await failure(make(web))

    assert not error.permanent
    assert "TimeoutError" in str(error)


@every_channel
async def test_a_server_that_says_nothing_is_not_waited_for(
    web: Endpoint, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "STEP", 0.2)
    web.pace = 30

    error = await failure(make(web))

    assert not error.permanent
    assert "ReadTimeout" in str(error)


@every_channel
@pytest.mark.parametrize(
    "answer", [b"", b"SMTP 220 hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000]
)
async def test_a_server_that_speaks_nonsense_is_away(web: Endpoint, make: Make, answer: bytes) -> None:
    web.answers = [answer]

    error = await failure(make(web))

    assert not error.permanent


@every_channel
async def test_a_server_that_is_not_there_is_away(make: Make) -> None:
    async with listening() as web:
        channel = make(web)

    error = await failure(channel)

    assert not error.permanent
    assert "ConnectError" in str(error)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


async def test_an_encrypted_server_that_somebody_vouches_for_is_told(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with listening(of_a_server(certificate)) as web:
        await hand_over(WebhookChannel(place(web, "https"), signing_key(KEY)), letter())

    assert len(web.posted) == 1


async def test_an_encrypted_server_that_nobody_vouches_for_is_told_nothing(certificate: Path) -> None:
    async with listening(of_a_server(certificate)) as web:
        error = await failure(TeamsChannel(place(web, "https")))

    assert not error.permanent
    assert web.posted == []


@every_channel
@pytest.mark.parametrize("answer", [status(200), status(500), status(302, "location: /x"), b""])
async def test_the_address_and_the_key_are_in_no_log_however_much_is_logged(
    web: Endpoint, make: Make, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    web.answers = [answer]
    channel = make(web)

    with caplog.at_level(logging.DEBUG):
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        if answer == status(200):
            await hand_over(channel, letter())
        else:
            await failure(channel)

    assert SECRET not in caplog.text
    assert KEY not in caplog.text
    assert SECRET not in repr(vars(channel))
    assert KEY not in repr(vars(channel))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no address"),
        (f"chat.example/{SECRET}", "no address"),
        (f"ftp://chat.example/{SECRET}", "no address"),
        (f"https:///{SECRET}", "no address"),
        (f"https://[::1/{SECRET}", "no address"),
        (f"https://user:{SECRET}@chat.example/", "a user or a password"),
        (f"http://chat.example/{SECRET}", "use https"),
        (f"http://127.0.0.1.chat.example/{SECRET}", "use https"),
        (f"http://localhost.example/{SECRET}", "use https"),
    ],
)
def test_an_address_that_will_not_do_is_refused_without_being_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        endpoint(text)

    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"])
def test_only_this_machine_is_spoken_to_without_encryption(host: str) -> None:
    assert endpoint(f"http://{host}:8080/x\n").loopback


@pytest.mark.parametrize(
    "text",
    ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", "é", "whsec_" + base64.b64encode(b"x" * 65).decode()],
)
def test_a_key_that_could_be_guessed_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand") as caught:
        signing_key(text)

    assert not text or text not in str(caught.value) or text == "whsec_"


async def test_a_proxy_of_the_network_is_used_for_others_and_not_for_this_machine(
    web: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with listening() as proxy:
        for name in ("https_proxy", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        proxy.answers = [status(407)]

        await hand_over(slack(web), letter())
        error = await failure(SlackChannel(endpoint(f"https://chat.example/{SECRET}")))

    assert len(web.posted) == 1
    assert proxy.posted[0].line == "CONNECT chat.example:443 HTTP/1.1"
    assert str(error).startswith("chat.example takes nothing now: ProxyError")
