"""Tell others about the blocks: a file of lines that is only ever added to, and a webhook.

Each place is told every block once and in order, whoever tells it: its row in `termwise.block_task` is the lease.
A file knows itself how far it has come, so that every machine may keep one of its own.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID, uuid5

from pydantic_core import to_json

from activities.channels import DeliveryError
from activities.posting import Post
from activities.webhook import SigningKey
from engine.errors import TermwiseError
from engine.evidence.published import Published, read_published
from storage.database import Pool
from storage.evidence.following import next_publications, tell_next
from workers.channels import endpoint_in, webhook_key
from workers.settings import Settings, SettingsError

#: Names the messages of the webhook; never to be changed.
_MESSAGES = UUID("7465726d-7769-5365-8000-00626c6f636b")
_KIND = "uk.termwise.block-sealed"
#: Bytes at the end of a roots file that hold several lines, however many events they are of.
_END = 32_768


class PublishingError(TermwiseError):
    """A place that takes no blocks now, or that knows other blocks than we do."""


class Place(Protocol):
    """Where blocks are published."""

    async def catch_up(self, pool: Pool) -> int:
        """Tell it every block it does not know, and return how many. Raises PublishingError."""
        ...


@dataclass(frozen=True)
class RootsFile:
    """A file with a line for each block. Lines are written to the disk before they count."""

    file: Path

    async def catch_up(self, pool: Pool) -> int:
        """Add the blocks that follow its last line; none where another process is at it."""
        with self._held() as opened:
            if opened is None:
                return 0
            known, told = _last(self.file, opened), 0
            while found := await next_publications(pool, known.block.number if known else 0):
                for each in found:
                    if known and not each.block.follows(known.block):
                        raise _other(self.file, known, each)
                    opened.write(each.model_dump_json().encode() + b"\n")
                    known, told = each, told + 1
                opened.flush()
                os.fsync(opened.fileno())
            return told

    @contextmanager
    def _held(self) -> Iterator[IO[bytes] | None]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("ab+") as opened:
                yield opened if _locked(opened) else None
        except OSError as error:
            raise PublishingError(f"the roots cannot be written to {self.file}: {error.strerror}") from error


def _locked(opened: IO[bytes]) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_roots(file: Path) -> tuple[list[Published], list[str]]:
    """The lines of a roots file, and what is wrong with it. Raises PublishingError where it cannot be read."""
    try:
        return read_published(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise PublishingError(f"{file} is no file of published roots: it is no text") from error
    except OSError as error:
        raise PublishingError(f"the published roots {file} cannot be read: {error.strerror}") from error


@dataclass(frozen=True)
class RootsWebhook:
    """Posts each block as a CloudEvent, signed as Standard Webhooks says. A repeat has the same id."""

    post: Post
    key: SigningKey

    async def catch_up(self, pool: Pool) -> int:
        """Post the blocks that it was not told, one after the other."""
        told = 0
        while await tell_next(pool, "webhook", self._tell):
            told += 1
        return told

    async def _tell(self, block: Published) -> None:
        message = uuid5(_MESSAGES, block.hash)
        event = {
            "specversion": "1.0",
            "id": str(message),
            "source": "urn:termwise",
            "type": _KIND,
            "subject": f"block/{block.block.number}",
            "time": block.block.sealed_at.isoformat(),
            "datacontenttype": "application/json",
            "data": block.model_dump(mode="json"),
        }
        body = to_json(event)
        signature = self.key.sign(str(message), datetime.now(UTC), body)
        try:
            await self.post.send(body, {"content-type": "application/cloudevents+json", **signature})
        except DeliveryError as error:
            raise PublishingError(f"block {block.block.number} was not published: {error}") from error


def places(settings: Settings) -> list[Place]:
    """Where these settings publish. Raises SettingsError."""
    found: list[Place] = []
    if file := roots_file(settings):
        found.append(RootsFile(file))
    if settings.roots_url_file:
        if settings.roots_key_file is None:
            raise SettingsError(
                "TERMWISE_ROOTS_URL_FILE is set and TERMWISE_ROOTS_KEY_FILE is not; "
                "without a key the receiver cannot know who writes"
            )
        where = endpoint_in("ROOTS_URL_FILE", settings.roots_url_file)
        found.append(RootsWebhook(Post(where), webhook_key("ROOTS_KEY_FILE", settings.roots_key_file)))
    return found


def roots_file(settings: Settings) -> Path | None:
    """The file of roots: the one that was set; embedded, one in the home. None: nothing is written to a file."""
    if settings.roots_file:
        return settings.roots_file
    return settings.home.absolute() / "roots.jsonl" if settings.dsn is None else None


def _last(file: Path, opened: IO[bytes]) -> Published | None:
    """The last line; the file may be long, so only its end is read."""
    opened.seek(max(0, opened.seek(0, os.SEEK_END) - _END))
    text = opened.read().decode("utf-8", errors="replace")
    if len(text) >= _END:
        text = text.partition("\n")[2]
    if text and not text.endswith("\n"):
        # A crash has cut off the last line: it stays, and the block is written again below it.
        opened.write(b"\n")
        text = text.rpartition("\n")[0] + "\n" if "\n" in text else ""
    known, wrong = read_published(text)
    if wrong:
        raise PublishingError(f"{file} is not as it was written: {wrong[0]}; see `termwise records verify`")
    return known[-1] if known else None


def _other(file: Path, known: Published, found: Published) -> PublishingError:
    return PublishingError(
        f"{file} ends with block {known.block.number}, and block {found.block.number} of the database does not follow "
        "it: the log or the file was rewritten; keep both as they are and see `termwise records verify`"
    )
