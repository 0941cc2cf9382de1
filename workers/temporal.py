"""The connection to Temporal: one converter, one set of search attributes, errors a person can act on."""

import asyncio
import dataclasses

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.converter import DataConverter, PayloadCodec
from temporalio.envconfig import ClientConnectConfig
from temporalio.service import RPCError

from engine.errors import TermwiseError
from workflows.beginning import TermwisePayloadConverter
from workflows.display import SEARCH_ATTRIBUTES

CONVERTER = dataclasses.replace(DataConverter.default, payload_converter_class=TermwisePayloadConverter)
_TIMEOUT_SECONDS = 5


class TemporalUnavailableError(TermwiseError):
    """Temporal does not answer."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"Temporal at {address} does not answer ({why}); start it with `termwise up`, see `termwise doctor`"
        )


class TemporalSetupError(TermwiseError):
    """Temporal answers, but is not set up for termwise."""


async def connect(config: ClientConnectConfig, codec: PayloadCodec | None = None) -> Client:
    """A client. Raises TemporalUnavailableError within five seconds."""
    address = config.get("target_host", "")
    converter = dataclasses.replace(CONVERTER, payload_codec=codec)
    try:
        return await asyncio.wait_for(Client.connect(**config, data_converter=converter), _TIMEOUT_SECONDS)
    except (RuntimeError, RPCError, TimeoutError, ConnectionError) as error:
        raise TemporalUnavailableError(
            address, str(error).splitlines()[0] if str(error) else "no answer"
        ) from error


async def register_search_attributes(client: Client) -> None:
    """Make sure the namespace knows our search attributes. Safe to repeat.

    Raises TemporalSetupError when one exists with another type: the server would silently keep that.
    """
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    service, namespace = client.operator_service, client.namespace
    listed = await service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    present = dict(listed.custom_attributes)
    wrong = sorted(name for name in wanted.keys() & present.keys() if wanted[name] != present[name])
    if wrong:
        raise TemporalSetupError(
            f"the namespace {namespace} has {', '.join(wrong)} with another type; "
            "remove it with `temporal operator search-attribute remove`"
        )
    missing = {name: kind for name, kind in wanted.items() if name not in present}
    if missing:
        await service.add_search_attributes(
            AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
        )
