"""A proof that one event was sealed: all that a stranger needs to check it, without the database and without us.

The page `docs/evidence.md` says how it is checked; `docs/verify_proof.py` does it.
"""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from engine.evidence.block import Block
from engine.model import Model


class ProvenEvent(Model):
    """An event as the log holds it, byte by byte."""

    stream: str
    version: int
    type: str
    schema_v: int
    command: UUID
    nth: int
    of: int
    occurred_at: AwareDatetime
    actor: str
    data: str
    """Its text as it is stored. Personal fields in it are encrypted, and the proof holds for them as they are."""
    position: int
    recorded_at: AwareDatetime


class Proof(Model):
    """An event, the block it was sealed in, and the way from one to the other."""

    proof: Literal["termwise proof 1"] = "termwise proof 1"
    event: ProvenEvent
    path: tuple[str, ...]
    """The hashes beside it in the Merkle tree of the block, from below, in hexadecimal."""
    block: Block
    block_hash: str
    """What is published of the block: look for it in the roots file that you keep."""
    public: str
    """The key that signed the block, in base64. Whose it is, somebody must have told you."""
