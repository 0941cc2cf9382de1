"""AES-256-GCM: what is sealed says nothing without its key, and cannot be altered or moved unnoticed."""

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.privacy.errors import AlteredError

KEY_BYTES = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key of one subject. Its cipher is made once; its text says whose it is and nothing else."""

    subject: str
    number: int
    """From 1; another only where one was shredded."""
    _cipher: AESGCM = field(repr=False)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Closed for this place: a nonce that is never used twice, then the text and its tag."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound(place))

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place with this key. Raises AlteredError."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound(place))
        except (InvalidTag, ValueError):
            raise AlteredError from None

    def _bound(self, place: str) -> bytes:
        return f"{self.subject}\x00{self.number}\x00{place}".encode()


def data_key(subject: str, number: int, secret: bytes) -> DataKey:
    """The key made of these 32 bytes."""
    return DataKey(subject, number, AESGCM(secret))


def new_secret() -> bytes:
    """32 bytes that nobody had before."""
    return AESGCM.generate_key(8 * KEY_BYTES)
