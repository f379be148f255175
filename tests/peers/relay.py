"""Puts a DNS server at any loopback address, since BIND listens on addresses of interfaces only."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import cast


@dataclass
class Relay:
    """Passes UDP and TCP from `address` on to 127.0.0.1, and keeps the queries that came over UDP.

    `delay` is added to each answer, in seconds; the first `drop` queries are lost.
    """

    address: str
    port: int
    upstream: int
    delay: float = 0.0
    drop: int = 0
    queries: list[bytes] = field(default_factory=list)


class _Upstream(asyncio.DatagramProtocol):
    """The server's side: gives each query an id of its own, to know whose the answer is."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.clients: dict[bytes, tuple[asyncio.DatagramTransport, object, bytes]] = {}
        self.counter = 0
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def forward(self, query: bytes, back: asyncio.DatagramTransport, client: object) -> None:
        self.counter = (self.counter + 1) % 65536
        identifier = self.counter.to_bytes(2)
        self.clients[identifier] = (back, client, query[:2])
        self.transport.sendto(identifier + query[2:])

    def datagram_received(self, data: bytes, addr: object) -> None:
        back, client, identifier = self.clients.pop(data[:2])
        asyncio.get_running_loop().call_later(self.relay.delay, back.sendto, identifier + data[2:], client)


class _Front(asyncio.DatagramProtocol):
    def __init__(self, relay: Relay, upstream: _Upstream) -> None:
        self.relay, self.upstream = relay, upstream
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.relay.queries.append(data)
        if self.relay.drop:
            self.relay.drop -= 1
        else:
            self.upstream.forward(data, self.transport, addr)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _serve(relay: Relay, ready: threading.Event, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", relay.upstream)
        await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))

    upstream_transport, upstream = await loop.create_datagram_endpoint(
        lambda: _Upstream(relay), remote_addr=("127.0.0.1", relay.upstream)
    )
    front_transport, _ = await loop.create_datagram_endpoint(
        lambda: _Front(relay, upstream), local_addr=(relay.address, relay.port), family=socket.AF_INET
    )
    async with await asyncio.start_server(over_tcp, relay.address, relay.port):
        ready.set()
        await stop.wait()
        upstream_transport.close()
        front_transport.close()


@contextmanager
def relay(address: str, port: int, upstream: int, *, delay: float = 0.0) -> Iterator[Relay]:
    """Run a relay in a thread until the block ends."""
    it = Relay(address, port, upstream, delay)
    ready, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(_serve(it, ready, stop),))
    thread.start()
    if not ready.wait(10):
        raise RuntimeError(f"the relay at {address} port {port} did not start")
    try:
        yield it
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
