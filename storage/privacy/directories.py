"""Directories as they are stored: what is personal in them closed, each with the key of the person.

An instance names its directory by the hash of the text before it was closed. When somebody is erased, that text can
never be had again, and its hash proves nothing any more. What is stored stays as it was: a proof of it, under a key
that is shredded with nobody, says so for ever.
"""

from hashlib import sha256

from pydantic_core import from_json, to_json

from engine.library import TamperedDocumentError
from engine.people import Directory
from engine.personal import places_of
from storage.errors import UnstorableError
from storage.privacy.errors import AlteredError
from storage.privacy.fields import Json, closed_in, to_close
from storage.privacy.keyring import Keyring
from storage.privacy.sealing import empty, fill

#: Whose the proofs are: of nobody, so that nobody's erasure touches them.
PROOFS = "documents"
_OF_THE_TRUST = "instance:register"
_PEOPLE = ".people."


class SealedDirectories:
    """Closes and opens the texts of directories. Raises what `Keyring` raises."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def closed(self, body: str) -> tuple[str, bytes]:
        """The text to store, and the proof of it. Raises UnstorableError for what is no directory's text."""
        digest = sha256(body.encode()).hexdigest()
        try:
            text: Json = from_json(body)
        except ValueError as error:
            raise UnstorableError("a directory", error) from None
        if to_json(text).decode() != body:
            raise UnstorableError("a directory", ValueError("its text is not as termwise writes it"))
        await fill(self._keyring, to_close(text, places_of(Directory), _OF_THE_TRUST), digest)
        stored = to_json(text).decode()
        key = await self._keyring.key(PROOFS, create=True)
        assert key is not None  # noqa: S101 - it was to be made
        return stored, key.seal(b"", _proved(digest, stored))

    async def opened(self, digest: str, stored: str, proof: bytes) -> str:
        """The text as it was; where people were erased it says who. Raises TamperedDocumentError."""
        number = 1
        key = await self._keyring.numbered(PROOFS, number)
        if key is None:
            raise TamperedDocumentError(
                f"the directory {digest[:12]} cannot be proved: the key of the proofs is not in the key store; "
                "restore the key store from a backup"
            )
        text: Json = from_json(stored)
        try:
            key.open(proof, _proved(digest, stored))
            slots = list(closed_in(text))
            await self._keyring.look_up(slot.subject for slot in slots)
            lost = await empty(self._keyring, slots, digest)
        except AlteredError as error:
            raise TamperedDocumentError(
                f"the directory {digest[:12]} is not as it was stored; run `termwise records verify`"
            ) from error
        if lost and isinstance(text, dict):
            gone = {slot.subject for slot in lost if slot.path.startswith(_PEOPLE)}
            text["erased"] = [*sorted(gone)]
        return to_json(text).decode()


def _proved(digest: str, stored: str) -> str:
    return f"document\x00{digest}\x00{stored}"
