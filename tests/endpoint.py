"""A web server for tests: keeps what is posted to it, and answers as it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Posted:
    """One request."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        return from_json(self.body)


@dataclass
class Endpoint:
    """Listens on a port of this machine."""

    answers: list[bytes] = field(default_factory=list)
    """The bytes to send back, one request after the other, before saying that all is well."""
    posted: list[Posted] = field(default_factory=list)
    pace: float = 0.0
    """Seconds before each byte of an answer."""
    endless: bool = False
    """Whether an answer goes on until the other side has had enough of it."""
    sent: int = 0
    """Bytes of that answer that went out."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an answer was written to its end, or the other side would have no more of it."""
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            self.posted.append(await _read(reader))
            await self._write(writer, self.answers.pop(0) if self.answers else OK)
        writer.close()
        self.over.set()

    async def _write(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        for piece in (answer[at : at + 1] for at in range(len(answer))) if self.pace else (answer,):
            await asyncio.sleep(self.pace)
            writer.write(piece)
            await writer.drain()
        while self.endless:
            writer.write(b"x" * 65536)
            await writer.drain()
            self.sent += 65536


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Endpoint]:
    """A server of its own until the end."""
    it = Endpoint()
    server = await asyncio.start_server(it.answer, "127.0.0.1", 0, ssl=tls)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()


def status(code: int, *headers: str) -> bytes:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {code} X", "content-length: 0", *headers, "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Posted:
    line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest if each)
    }
    return Posted(line, headers, await reader.readexactly(int(headers.get("content-length", 0))))
