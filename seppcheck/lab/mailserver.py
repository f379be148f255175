"""The gateway's mail service: SMTP with STARTTLS that takes no mail, bounded in size and time."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from seppcheck.lab.loopback import stop_accepting
from seppcheck.lab.smtp_dialogue import Dialogue, Reply

_IDLE_SECONDS = 60.0
_HANDSHAKE_SECONDS = 15.0
_MAX_CONNECTIONS = 100
_MAX_LINE = 2048
"""Bytes of a command line with its CRLF that are taken before the connection is closed."""


class MailServer:
    """A gateway's port 25: an asynchronous context manager that serves while it is open.

    `banner` (what follows `220`), `name` (in the EHLO reply) and `context` (with the certificate) may
    be replaced while it runs; the next connection sees them. `catch_up` brings them up to date before that,
    and `held` tells whose mail is refused for the time being.
    """

    def __init__(self, name: str, banner: str, context: ssl.SSLContext, sockets: tuple[socket.socket, ...]) -> None:
        self.name = name
        self.banner = banner
        self.context = context
        self.catch_up: Callable[[], None] | None = None
        self.held: Callable[[], Collection[str]] = frozenset
        self._sockets = sockets
        self._stack = AsyncExitStack()
        self.connections: set[_Connection] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._stack.callback(self._hang_up)
        for sock in self._sockets:
            server = await loop.create_server(lambda: _Connection(self), sock=sock)
            self._stack.push_async_callback(stop_accepting, server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def _hang_up(self) -> None:
        for connection in list(self.connections):
            connection.abort()


class _Connection(asyncio.Protocol):
    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._catch_up()
        self._dialogue = Dialogue(server.name, server.banner, self._held)
        self._context = server.context
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._handshake: asyncio.Task[None] | None = None

    def _catch_up(self) -> None:
        if self._server.catch_up:
            self._server.catch_up()

    def _held(self) -> Collection[str]:
        self._catch_up()
        return self._server.held()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            return
        self._transport = transport
        crowded = len(self._server.connections) >= _MAX_CONNECTIONS
        self._server.connections.add(self)
        self._send(self._dialogue.too_busy() if crowded else self._dialogue.greeting())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        self._server.connections.discard(self)
        if self._idle is not None:
            self._idle.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._transport is not None and not self._transport.is_closing():
            line, found, rest = self._buffer.partition(b"\n")
            if len(line) >= _MAX_LINE:
                self._send(self._dialogue.line_too_long())
                return
            if not found:
                return
            self._buffer = rest
            self._send(self._dialogue.answer(line.rstrip(b"\r")))

    def abort(self) -> None:
        """Drop the connection now."""
        if self._handshake is not None:
            self._handshake.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _send(self, reply: Reply) -> None:
        if self._transport is None:
            return
        self._transport.write(reply.wire)
        self._wait_again()
        if reply.close:
            self._transport.close()
        elif reply.start_tls:
            self._buffer = b""  # what was sent before the handshake is not protected by it (RFC 3207 section 4.2)
            self._transport.pause_reading()
            self._handshake = asyncio.get_running_loop().create_task(self._secure(self._transport))

    async def _secure(self, transport: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(
                transport, self, self._context, server_side=True, ssl_handshake_timeout=_HANDSHAKE_SECONDS
            )
        except (OSError, TimeoutError):  # the client does not like what it saw, or is gone
            transport.abort()

    def _wait_again(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._send(self._dialogue.timed_out())
