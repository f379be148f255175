"""Loopback addresses and ports that this machine lets an unprivileged process have."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

IPV4, SECOND_IPV4, IPV6 = "127.0.0.1", "127.0.0.2", "::1"
_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Bound:
    """Sockets of one port, one an address; TCP sockets listen."""

    port: int
    udp: tuple[socket.socket, ...]
    tcp: tuple[socket.socket, ...]

    def close(self) -> None:
        """Close every socket; one that a server closed already is closed twice without harm."""
        for sock in (*self.udp, *self.tcp):
            sock.close()


def usable(address: str) -> bool:
    """Tell whether this machine lets a socket have the address."""
    try:
        _bind(address, 0, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


def name_server_addresses() -> tuple[str, ...]:
    """Return two addresses for two name servers, or one where there is no second.

    macOS has 127.0.0.1 alone of 127/8; the IPv6 loopback address serves there.
    """
    second = next((address for address in (SECOND_IPV4, IPV6) if usable(address)), None)
    return (IPV4,) if second is None else (IPV4, second)


def bind(addresses: Sequence[str], *, udp: bool = False) -> Bound:
    """Bind one port, chosen by the system, at every address over TCP, and over UDP when asked.

    Raises:
        OSError: when the system gives no port that is free everywhere.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _bind_everywhere(addresses, udp=udp)
        except OSError:  # the port is taken at a later address: let the system choose another one
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def _bind_everywhere(addresses: Sequence[str], *, udp: bool) -> Bound:
    port = 0
    streams: list[socket.socket] = []
    datagrams: list[socket.socket] = []
    with ExitStack() as stack:
        for address in addresses:
            streams.append(stack.enter_context(_bind(address, port, socket.SOCK_STREAM)))
            port = streams[-1].getsockname()[1]
            if udp:
                datagrams.append(stack.enter_context(_bind(address, port, socket.SOCK_DGRAM)))
        for stream in streams:
            stream.listen()
        stack.pop_all()
    return Bound(port, tuple(datagrams), tuple(streams))


def _bind(address: str, port: int, kind: socket.SocketKind) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    try:
        sock.bind((address, port))
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def is_free(port: int) -> bool:
    """Tell whether nobody has the UDP port of 127.0.0.1."""
    try:
        _bind(IPV4, port, socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return True


async def stop_accepting(server: asyncio.Server) -> None:
    """Close a server so that every connection that it accepted is known to its protocol, and none is forgotten.

    From accept() to `connection_made` asyncio takes three turns of the loop, and it does not expect
    the server to be closed in between.
    """
    loop = asyncio.get_running_loop()
    for sock in server.sockets:
        loop.remove_reader(sock.fileno())
    for _ in range(5):
        await asyncio.sleep(0)
    server.close()
