"""What a channel makes of the answers of a web server, and of none."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activities import posting
from activities.channels import hand_over
from activities.posting import wait_in
from tests.activities.web import SECRET, Make, every_channel, failure, letter
from tests.endpoint import Endpoint, listening, status


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
    await asyncio.wait_for(web.over.wait(), 20)  # We have hung up.

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
