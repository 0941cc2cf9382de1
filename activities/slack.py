"""Slack: blocks posted to an incoming webhook. Its address is a secret: who has it can post."""

from pydantic import JsonValue
from pydantic_core import to_json

from activities.bulletins import command, facts, heading
from activities.channels import Carries, Letter
from activities.posting import Endpoint, Post


class SlackChannel:
    """Posts bulletins into one channel of Slack. A repeat shows twice there: Slack knows none."""

    name = "slack"
    carries: Carries = "opaque"

    def __init__(self, where: Endpoint) -> None:
        self._post = Post(where)

    async def deliver(self, message: Letter) -> None:
        """Return when Slack has accepted the blocks. Raises DeliveryError."""
        await self._post.send(to_json(blocks(message)), {"content-type": "application/json"})


def blocks(letter: Letter) -> dict[str, JsonValue]:
    """The message, as an incoming webhook takes it. `text` is what a notification and a screen reader say."""
    shown: list[JsonValue] = [
        {"type": "header", "text": {"type": "plain_text", "text": heading(letter), "emoji": False}}
    ]
    if known := facts(letter):
        fields: list[JsonValue] = [_plain(f"{label}: {value}") for label, value in known]
        shown.append({"type": "section", "fields": fields})
    shown.append({"type": "context", "elements": [_plain(f"To read more: {command(letter)}")]})
    return {"text": _escaped(f"{heading(letter)}: {command(letter)}"), "blocks": shown}


def _plain(text: str) -> JsonValue:
    # Plain text is shown as it is: no stage, however it is called, mentions a whole channel.
    return {"type": "plain_text", "text": text, "emoji": False}


def _escaped(text: str) -> str:
    """Slack reads markup in `text`; of all characters only these three begin any."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
