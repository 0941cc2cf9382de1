"""Which channels the settings choose, and how a setting that will not do is told."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions.plugins import PluginError, announced
from workers import plugins
from workers.channels import channels
from workers.settings import Settings, SettingsError

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
URL = "https://chat.example/workflows/sig-secret"


def written(folder: Path, text: str) -> Path:
    file = folder / "secret"
    file.write_text(text)
    return file


def test_without_settings_there_is_only_the_log() -> None:
    (mail,) = channels(Settings()).items()

    assert (mail[0], mail[1].name, mail[1].carries) == ("mail", "log", "opaque")


def test_each_address_opens_the_way_to_its_place(tmp_path: Path) -> None:
    url, key = written(tmp_path, f"{URL}\n"), tmp_path / "key"
    key.write_text(KEY)

    made = channels(
        Settings(
            smtp_host="mail.example",
            teams_url_file=url,
            slack_url_file=url,
            webhook_url_file=url,
            webhook_key_file=key,
        )
    )

    assert {name: channel.carries for name, channel in made.items()} == {
        "mail": "personal",
        "teams": "opaque",
        "slack": "opaque",
        "webhook": "opaque",
    }


@pytest.mark.parametrize(
    "text", ["", "http://chat.example/sig-secret", "sig-secret", "https://a:sig-secret@b.example/"]
)
def test_an_address_that_will_not_do_is_told_by_its_setting_and_file(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(SettingsError, match="TERMWISE_TEAMS_URL_FILE") as caught:
        channels(Settings(teams_url_file=file))

    assert str(file) in str(caught.value)
    assert "sig-secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_webhook_wants_a_key(tmp_path: Path) -> None:
    file = written(tmp_path, URL)

    with pytest.raises(SettingsError, match="TERMWISE_WEBHOOK_KEY_FILE is not"):
        channels(Settings(webhook_url_file=file))
    with pytest.raises(SettingsError, match="the key in TERMWISE_WEBHOOK_KEY_FILE") as caught:
        channels(Settings(webhook_url_file=file, webhook_key_file=file))

    assert URL not in str(caught.value)


def test_a_secret_that_is_no_text_is_an_error_without_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"https://\xff\xfe")

    with pytest.raises(SettingsError, match="UTF-8") as caught:
        channels(Settings(slack_url_file=file))

    assert caught.value.__suppress_context__


@pytest.mark.parametrize("name", ["teams", "slack", "webhook"])
def test_a_place_carries_no_letters_to_people(name: str) -> None:
    with pytest.raises(
        SettingsError, match=f"TERMWISE_{name.upper()}_URL_FILE.*termwise channels open {name}"
    ):
        channels(Settings(channel=name))


CHATS = """
class Chat:
    carries = "opaque"

    async def deliver(self, message):
        pass


class Gossip(Chat):
    carries = "everything"


class Plain:
    async def deliver(self, message):
        pass
"""


@pytest.fixture
def plugged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three channels of an installed distribution."""
    info = tmp_path / "chats-1.0.dist-info"
    info.mkdir()
    (tmp_path / "chats_of_a_plug_in.py").write_text(CHATS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: chats\nVersion: 1.0\n")
    names = [f"{name.lower()} = chats_of_a_plug_in:{name}" for name in ("Chat", "Gossip", "Plain")]
    (info / "entry_points.txt").write_text("\n".join(["[termwise.channels]", *names]))
    monkeypatch.syspath_prepend(tmp_path)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    announced.cache_clear()
    plugins._channels.cache_clear()


@pytest.mark.usefixtures("plugged_in")
def test_a_plug_in_says_what_it_carries_and_otherwise_carries_letters() -> None:
    made = channels(Settings())

    assert (made["chat"].name, made["chat"].carries) == ("chat", "opaque")
    assert channels(Settings(channel="plain"))["mail"].carries == "personal"
    assert made.get("nobody") is None
    with pytest.raises(PluginError, match="carries 'everything'; expected `personal` or `opaque`"):
        plugins.channel("gossip")
