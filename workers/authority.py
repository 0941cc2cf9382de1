"""What a worker judges with: the keys that are enrolled, who asked for whom, its own key, a place for refusals."""

from dataclasses import dataclass

from activities.gate import KeyedGate
from activities.ports import Documents, EventStore
from storage.database import Pool
from storage.parentage import PostgresParentage
from storage.refusals import PostgresRefusals
from storage.signing_keys import PostgresKeys
from workers.keys import KeyFileError, PrivateKey
from workers.references import References
from workers.refusals import Refusals


@dataclass(frozen=True)
class Authority:
    """Made once for a worker; there is no worker without it."""

    keys: PostgresKeys
    gate: KeyedGate
    refusals: Refusals
    sealer: PrivateKey

    def codec(self, store: EventStore, documents: Documents) -> References:
        """The codec of the worker's connection."""
        return References(store, documents, self.keys, self.sealer)


async def authority(pool: Pool, sealer: PrivateKey) -> Authority:
    """For a worker with this key. Raises KeyFileError where the key is not enrolled, or is a person's."""
    keys = PostgresKeys(pool)
    enrolled = await keys.key(sealer.id)
    if enrolled is None or enrolled.until is not None or enrolled.use == "person":
        said = "is not enrolled" if enrolled is None else "was revoked" if enrolled.until else "is a person's"
        raise KeyFileError(
            f"the key {sealer.id} of this worker {said}, so nobody would believe what it says; "
            "see `termwise keys enrol --server`"
        )
    gate = KeyedGate(keys, PostgresParentage(pool))
    return Authority(keys, gate, Refusals(PostgresRefusals(pool)), sealer)
