"""The receiver of the page, on what the channel really sends."""

import base64
from uuid import UUID

from activities.channels import Letter, hand_over
from activities.posting import endpoint
from activities.webhook import WebhookChannel, signing_key
from tests.docs.pages import page
from tests.endpoint import listening

KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()


async def test_the_receiver_on_the_page_knows_our_events_from_others() -> None:
    example = page("docs/notifications.md").split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - it is our own page
    is_ours = names["is_ours"]
    assert callable(is_ours)
    async with listening() as web:
        channel = WebhookChannel(endpoint(f"http://127.0.0.1:{web.port}/"), signing_key(KEY))
        letter = Letter(message_id=UUID(int=1), thread=UUID(int=2), kind="task-overdue", recipient="trust")
        await hand_over(channel, letter)
    (posted,) = web.posted

    old = posted.headers | {"webhook-timestamp": str(int(posted.headers["webhook-timestamp"]) - 600)}

    assert is_ours(KEY, posted.headers, posted.body)
    assert not is_ours(KEY, posted.headers, posted.body + b" ")
    assert not is_ours(KEY, old, posted.body)
    assert not is_ours("whsec_" + base64.b64encode(b"x" * 32).decode(), posted.headers, posted.body)
