"""The lab's name servers: UDP and TCP on loopback, bounded in size, time and number."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from seppcheck.lab.answers import reply
from seppcheck.lab.loopback import stop_accepting
from seppcheck.lab.updates import Updates
from seppcheck.lab.zones import Zones

_IDLE_SECONDS = 10.0
_MAX_CONNECTIONS = 100
_MAX_QUERIES = 1000


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zones: Zones, updates: Updates) -> None:
        self._zones = zones
        self._updates = updates
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override] # it is one
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = reply(data, self._zones, datagram=True, updates=self._updates)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


class NameServer:
    """One name server on one address: an asynchronous context manager that serves while it is open."""

    def __init__(self, zones: Zones, updates: Updates, udp: socket.socket, tcp: socket.socket) -> None:
        self._zones = zones
        self._updates = updates
        self._udp = udp
        self._tcp = tcp
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._zones, self._updates), sock=self._udp
        )
        self._stack.callback(datagrams.close)
        server = await asyncio.start_server(self._accept, sock=self._tcp)
        self._stack.push_async_callback(self._hang_up)
        self._stack.push_async_callback(stop_accepting, server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _hang_up(self) -> None:
        for writer in self._connections.values():
            writer.transport.abort()
        await asyncio.gather(*self._connections)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _MAX_CONNECTIONS:
            writer.close()
            return
        task = asyncio.create_task(self._converse(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(self._connections.pop)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(_MAX_QUERIES):
                async with asyncio.timeout(_IDLE_SECONDS):
                    await self._answer_one(reader, writer)
        except (TimeoutError, EOFError, ConnectionError):
            pass  # the client is gone, or is not one
        finally:
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one message behind its two-byte length (RFC 1035 section 4.2.2)."""
        size = int.from_bytes(await reader.readexactly(2))
        request = await reader.readexactly(size)
        answer = reply(request, self._zones, datagram=False, updates=self._updates)
        if answer is None:
            raise EOFError
        writer.write(len(answer).to_bytes(2) + answer)
        await writer.drain()
