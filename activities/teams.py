"""Microsoft Teams: an Adaptive Card posted to the address of a workflow ("When a Teams webhook request is received").

The older connectors of Office 365 are gone. The address of a workflow has its own signature in it: who has the
address can post.
"""

from pydantic import JsonValue
from pydantic_core import to_json

from activities.bulletins import command, facts, heading
from activities.channels import Carries, Letter
from activities.posting import Endpoint, Post


class TeamsChannel:
    """Posts bulletins into one channel or chat of Teams. A repeat shows twice there: Teams knows none."""

    name = "teams"
    carries: Carries = "opaque"

    def __init__(self, where: Endpoint) -> None:
        self._post = Post(where)

    async def deliver(self, message: Letter) -> None:
        """Return when the workflow has accepted the card. Raises DeliveryError."""
        await self._post.send(to_json(card(message)), {"content-type": "application/json"})


def card(letter: Letter) -> dict[str, JsonValue]:
    """The message with its one card, as a Teams workflow takes it."""
    content: dict[str, JsonValue] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        # What a screen reader says first, and what is shown where cards are not.
        "fallbackText": f"{heading(letter)}. {command(letter)}",
        "body": [
            {
                "type": "TextBlock",
                "text": heading(letter),
                "style": "heading",
                "weight": "Bolder",
                "size": "Medium",
                "wrap": True,
            },
            {
                "type": "FactSet",
                "facts": [{"title": label, "value": value} for label, value in facts(letter)],
            },
            {"type": "TextBlock", "text": f"To read more: {command(letter)}", "wrap": True, "isSubtle": True},
        ],
    }
    attachment: dict[str, JsonValue] = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}
