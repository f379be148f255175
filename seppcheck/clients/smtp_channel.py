"""One TCP connection to an SMTP server, bounded in time and octets whatever the peer does."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from seppcheck.clients import smtp_faults as faults
from seppcheck.clients.smtp_faults import DialogueError
from seppcheck.clients.smtp_reply import MalformedReplyError, Reply, ReplyReader, readable
from seppcheck.clients.tls import MAX_HANDSHAKE, Handshake, HandshakeError, Tunnel
from seppcheck.model.smtp import SmtpFault

_CHUNK = 8 * 1024
_PATIENCE = 2.0
"""Seconds for the answer to QUIT and for the closing: courtesy, nothing depends on it."""
_LAST_READS = 8
"""How often to look for that answer: session tickets may come before it."""


class Channel:
    """Sends commands and reads replies. Its errors are `DialogueError`, with the sentence for people.

    Each wait ends after `timeout` seconds, and all of them together at `deadline` (the loop's time):
    a peer that sends an octet a second gets no further than a silent one.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float, deadline: float
    ) -> None:
        """Take over a connection."""
        self._reader = reader
        self._writer = writer
        self._timeout = timeout
        self._deadline = deadline
        self._replies = ReplyReader()
        self._tunnel: Tunnel | None = None
        self._in_step = False

    @property
    def own_address(self) -> str:
        """This end's address; "" where the system does not know it any more."""
        name = self._writer.get_extra_info("sockname")
        return str(name[0]) if name else ""

    async def reply(self, command: str = "") -> Reply:
        """Return the reply to `command` ("" = the greeting)."""
        allowed = self._allowance()
        self._replies = ReplyReader()
        try:
            async with asyncio.timeout(allowed):
                reply = await self._whole_reply(command)
        except TimeoutError:
            raise self._ended(faults.silent(command, self._replies.received, allowed)) from None
        except MalformedReplyError as error:
            raise self._ended(faults.malformed(error.problem)) from None
        self._in_step = reply.code != 421  # noqa: PLR2004 - "closing transmission channel", RFC 5321 section 3.8
        return reply

    async def _whole_reply(self, command: str) -> Reply:
        while received := await self._receive():
            reply = self._replies.feed(received)
            if reply is not None:
                return reply
        raise self._ended(faults.closed(command, self._replies.received))

    def _ended(self, fault: SmtpFault) -> DialogueError:
        self._in_step = False
        return DialogueError(fault, tuple(self._replies.lines))

    async def ask(self, command: str, argument: str = "") -> Reply:
        """Send a command and return the reply to it."""
        self.expect_silence()
        self._write(" ".join(filter(None, (command, argument))).encode("ascii") + b"\r\n")
        return await self.reply(command)

    def expect_silence(self, after: str = "") -> None:
        """Refuse a peer that went on talking after its reply to the command `after`."""
        if self._replies.rest:
            raise self._ended(faults.unsolicited(after, readable(self._replies.rest)))

    async def start_tls(self, server_name: str) -> Handshake:
        """Do the handshake; from then on the connection is encrypted."""
        self.expect_silence("STARTTLS")
        self._in_step = False
        allowed = self._allowance()
        self._tunnel = Tunnel(server_name)
        try:
            async with asyncio.timeout(allowed):
                shown = await self._handshake(self._tunnel)
        except TimeoutError:
            raise self._ended(faults.silent_tls(allowed)) from None
        except HandshakeError as error:
            raise self._ended(faults.no_tls(str(error))) from None
        self._in_step = True
        return shown

    async def _handshake(self, tunnel: Tunnel) -> Handshake:
        received, total = b"", 0
        while (shown := self._advance(tunnel, received)) is None:
            received = await self._receive()
            total += len(received)
            if not received:
                raise HandshakeError("the server closed the connection")
            if total > MAX_HANDSHAKE:
                raise self._ended(faults.too_much_tls(MAX_HANDSHAKE))
        return shown

    def _advance(self, tunnel: Tunnel, received: bytes) -> Handshake | None:
        try:
            return tunnel.advance(received)
        finally:
            self._write(tunnel.outgoing())

    async def _receive(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except OSError:
            return b""  # a reset closes as well as an orderly end does

    def _write(self, octets: bytes) -> None:
        # Not drained: a dialogue sends a few hundred octets, and one that waited for a peer
        # that does not read would wait for nothing; the reply's time limit covers both.
        if octets and not self._writer.is_closing():
            self._writer.write(octets)

    def _allowance(self) -> float:
        left = self._deadline - asyncio.get_running_loop().time()
        return max(0.0, min(self._timeout, left))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not isinstance(error, asyncio.CancelledError):
                await self._part()
        finally:
            self._writer.transport.abort()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    async def _part(self) -> None:
        """Say QUIT where the peer still listens, and close (RFC 5321 section 4.1.1.10)."""
        with contextlib.suppress(TimeoutError, OSError, HandshakeError):
            async with asyncio.timeout(_PATIENCE):
                if self._in_step:
                    await self._quit()
                if self._tunnel:
                    self._write(self._tunnel.close())
                self._writer.close()
                await self._writer.wait_closed()

    async def _quit(self) -> None:
        quit_line = b"QUIT\r\n"
        self._write(self._tunnel.encrypt(quit_line) if self._tunnel else quit_line)
        for _ in range(_LAST_READS):
            received = await self._receive()
            if not received or not self._tunnel or self._tunnel.decrypt(received):
                return
