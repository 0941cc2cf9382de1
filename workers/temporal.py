"""The connection to Temporal: one converter, one set of search attributes, errors a person can act on."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.converter import PayloadCodec
from temporalio.envconfig import ClientConnectConfig
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import TermwiseError
from storage.privacy.keyring import Keyring
from workers.payloads import converter
from workflows.display import SEARCH_ATTRIBUTES

_TIMEOUT_SECONDS = 5
_LOOKS = 200


class TemporalUnavailableError(TermwiseError):
    """Temporal does not answer."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"Temporal at {address} does not answer ({why}); start it with `termwise up`, see `termwise doctor`"
        )


class TemporalSetupError(TermwiseError):
    """Temporal answers, but is not set up for termwise."""


async def connect(
    config: ClientConnectConfig, codec: PayloadCodec | None = None, keyring: Keyring | None = None
) -> Client:
    """A client, which closes what it says with these keys. Raises TemporalUnavailableError within five seconds."""
    address = config.get("target_host", "")
    by = converter(keyring, codec)
    try:
        return await asyncio.wait_for(Client.connect(**config, data_converter=by), _TIMEOUT_SECONDS)
    except (RuntimeError, RPCError, TimeoutError, ConnectionError) as error:
        raise TemporalUnavailableError(address, _plain(error)) from error


def _plain(error: Exception) -> str:
    """What its core says at such length, in short."""
    said = str(error).partition("\n")[0]
    return "connection refused" if "ConnectionRefused" in said else said or "no answer"


async def register_search_attributes(client: Client) -> None:
    """Make sure the namespace knows our search attributes, and can be asked by them. Safe to repeat.

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
    if missing := {name: kind for name, kind in wanted.items() if name not in present}:
        added = AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
        with _unless_added():
            await service.add_search_attributes(added)
    await _usable(client, wanted)


@contextmanager
def _unless_added() -> Iterator[None]:
    """Somebody else who was adding the same at this moment was quicker: that is as good."""
    try:
        yield
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS:
            raise


async def _usable(client: Client, names: Iterable[str]) -> None:
    """Wait until what was added has reached the whole server: until then a start would be refused."""
    query = " AND ".join(["WorkflowId = 'none'", *(f"{name} IS NULL" for name in names)])
    for _ in range(_LOOKS):
        try:
            await client.count_workflows(query)
        except RPCError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TemporalSetupError(
        f"the namespace {client.namespace} does not take up new search attributes; try again"
    )
