"""The channel of an installation without a mail server: a line in the log that says something was due."""

import structlog

from activities.channels import Carries, Letter

log = structlog.get_logger()


class LogChannel:
    """Writes ids only. The person finds the task in the inbox, which needs no delivery. Never fails."""

    name = "log"
    carries: Carries = "opaque"

    async def deliver(self, message: Letter) -> None:
        """Log the letter's ids."""
        log.info(
            "letter.logged",
            message=str(message.message_id),
            kind=message.kind,
            recipient=message.recipient,
        )
