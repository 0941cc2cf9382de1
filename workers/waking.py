"""Letting running instances look at the register, as the activity of its workflow does."""

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode


class TemporalWaker:
    """Wakes by a signal without content, which is harmless however often it comes."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def wake(self, instance: str) -> None:
        """Safe to repeat; one that has ended is left alone."""
        try:
            await self._client.get_workflow_handle(instance).signal("look_at_register")
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
