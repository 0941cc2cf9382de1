"""A TCP proxy that can be cut: what a network does to a database, on loopback."""

import asyncio
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """Stands between a client and a server. `cut` drops every connection and refuses new ones; `mend` lets them in."""

    def __init__(self, dsn: str) -> None:
        self._target = urlsplit(dsn)
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    @property
    def dsn(self) -> str:
        """The server's address through the proxy."""
        account = self._target.netloc.rpartition("@")[0]
        return self._target._replace(netloc=f"{account}@127.0.0.1:{self.port}").geturl()

    async def mend(self) -> None:
        """Let connections in."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Drop every connection and refuse new ones; on return nothing of them is left."""
        if self._server:
            self._server.close()
        serving = [task for task in self._open.values() if task]
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = asyncio.current_task()
        try:
            host, port = self._target.hostname or "127.0.0.1", self._target.port or 5432
            up_reader, up_writer = await asyncio.open_connection(host, port)
            self._open[up_writer] = None
            await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))
            await self._closed(up_writer)
        except OSError:
            pass
        finally:
            await self._closed(writer)

    async def _closed(self, writer: asyncio.StreamWriter) -> None:
        self._open.pop(writer, None)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
