"""Addresses and keys of channels stay secret, and nothing is told to whoever nobody vouches for."""

import base64
import logging
from pathlib import Path

import pytest

from activities.channels import hand_over
from activities.posting import endpoint
from activities.slack import SlackChannel
from activities.teams import TeamsChannel
from activities.webhook import WebhookChannel, signing_key
from tests.activities.web import KEY, SECRET, Make, every_channel, failure, letter, place, slack
from tests.certificates import make_certificate, of_a_server
from tests.endpoint import Endpoint, listening, status


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
