"""A channel for letters: each is a file in the pigeonhole of the person it is for."""

import os
from pathlib import Path
from typing import Protocol
from uuid import UUID


class Letter(Protocol):
    """What this channel reads of a letter."""

    message_id: UUID
    recipient: str
    subject: str
    text: str


class Pigeonhole:
    """Made once by the courier, without arguments; it reads its own settings."""

    def __init__(self) -> None:
        self._room = Path(os.environ["READING_AGES_PIGEONHOLES"])

    async def deliver(self, message: Letter) -> None:
        """Put the letter in. The name of the file is the letter's id: a second try writes the same file."""
        hole = self._room / message.recipient
        hole.mkdir(parents=True, exist_ok=True)
        (hole / f"{message.message_id}.txt").write_text(f"{message.subject}\n\n{message.text}", "utf-8")
