"""Carrying DNS questions to servers, over UDP and, when an answer was cut short, over TCP.

Why not `dns.asyncquery`: it opens a socket for every question, which costs more than the question
itself, and an audit asks ten thousand. Here every server address has one connected UDP socket that
its questions share. Connected, because then the kernel drops what comes from anybody else, tells us
of an ICMP "port unreachable" (an unconnected socket never learns of it), and says at once when there
is no route. Against forged answers the ids are random, the source port is the system's random choice
and is given up after some questions, and the question must be repeated (RFC 5452). What does not fit
is ignored and cannot prolong anything: the time limit is a timer, not a read that starts over.

Limits keep it polite: so many questions under way in all, so many at one address. An address that never
answered is not asked for ever, or one dead name server would hold up five hundred domains.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from collections.abc import Container
from dataclasses import dataclass, field
from typing import cast

from seppcheck.clients.dns_faults import Fault, fault_of
from seppcheck.clients.dns_wire import Question, Reply, read
from seppcheck.model.dns import DnsStatus

IN_FLIGHT = 160
"""Questions under way in all: below the 256 open files that macOS grants a process."""
PER_ADDRESS = 50
_IDLE_SOCKETS = 32
_QUESTIONS_PER_SOCKET = 200
_SILENT_AFTER = 8
_RESEND_AT = 0.3
"""The part of the time limit after which a question is sent once more: UDP loses packets."""


@dataclass(slots=True)
class _Pending:
    question: Question
    message: bytes
    reply: asyncio.Future[bytes | Fault]


class _Socket(asyncio.DatagramProtocol):
    """One connected UDP socket and the questions that wait on it, by id."""

    def __init__(self) -> None:
        self.waiting: dict[int, _Pending] = {}
        self.sent = 0
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast, since the transports of Python 3.11 do not derive from DatagramTransport.
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's signature
        pending = self.waiting.get(int.from_bytes(data[:2]))
        if pending and not pending.reply.done() and pending.question.answered_by(data):
            pending.reply.set_result(data)

    def error_received(self, exc: Exception) -> None:
        """An ICMP error for one of the questions: it is about the address, so about all of them.

        The socket is given up: on Windows asyncio reads no further after an error.
        """
        self.sent = _QUESTIONS_PER_SOCKET
        fault = fault_of(exc, local=self._has_private_source())
        for pending in self.waiting.values():
            if not pending.reply.done():
                pending.reply.set_result(fault)

    def _has_private_source(self) -> bool:
        """Whether we sent from a private IPv6 address: a router's "no route" then is our own lack of one."""
        name = self.transport.get_extra_info("sockname") if self.transport else None
        address = ipaddress.ip_address(str(name[0]).partition("%")[0]) if name else None
        return address is not None and address.version == 6 and address.is_private and not address.is_loopback  # noqa: PLR2004 - IPv6

    def send(self, message: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.sendto(message)

    def close_when_idle(self) -> None:
        if not self.waiting and self.transport:
            self.transport.abort()


@dataclass(slots=True)
class _Server:
    """What is known of one address: its socket, its slots, whether it ever answered."""

    address: str
    port: int
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PER_ADDRESS))
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    socket: _Socket | None = None
    answered: bool = False
    unanswered: int = 0

    @property
    def silent(self) -> bool:
        return not self.answered and self.unanswered >= _SILENT_AFTER


class Transport:
    """Questions to addresses, within limits of number and time.

    Args:
        timeout: seconds for one question, everything included: sending again, TCP.
    """

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._servers: dict[tuple[str, int], _Server] = {}
        self._open: set[_Socket] = set()

    async def ask(self, address: str, port: int, question: Question) -> Reply:
        """Ask one address. What goes wrong is the reply's fault; nothing is raised."""
        server = self._servers.get((address, port))
        if server is None:
            server = self._servers[address, port] = _Server(address, port)
        async with server.slots, self._in_flight:
            if server.silent:
                detail = f"did not answer {server.unanswered} questions and was not asked this one"
                return Reply(address, fault=Fault(DnsStatus.TIMEOUT, detail))
            reply = await self._ask(server, question)
        if not reply.fault:
            server.answered = True
        elif reply.fault.status is DnsStatus.TIMEOUT:
            server.unanswered += 1
        return reply

    async def _ask(self, server: _Server, question: Question) -> Reply:
        deadline = asyncio.get_running_loop().time() + self.timeout
        reply = await self._over_udp(server, question, deadline, edns=True)
        edns = not reply.wants_plain
        if not edns:
            reply = await self._over_udp(server, question, deadline, edns=False)
        return await self._over_tcp(server, question, deadline, edns=edns) if reply.truncated else reply

    async def _over_udp(self, server: _Server, question: Question, deadline: float, *, edns: bool) -> Reply:
        try:
            socket = await self._socket(server)
        except OSError as error:
            return Reply(server.address, fault=fault_of(error))
        data = await self._exchange(socket, question, deadline, edns=edns)
        if isinstance(data, Fault):
            return Reply(server.address, fault=data)
        return read(data, server.address, question.type)

    async def _exchange(self, socket: _Socket, question: Question, deadline: float, *, edns: bool) -> bytes | Fault:
        loop = asyncio.get_running_loop()
        identifier = _free_id(socket.waiting)
        pending = _Pending(question, question.message(identifier, edns=edns), loop.create_future())
        socket.waiting[identifier] = pending
        timers = (
            loop.call_at(deadline - self.timeout * (1 - _RESEND_AT), socket.send, pending.message),
            loop.call_at(deadline, _give_up, pending.reply, self.timeout),
        )
        try:
            socket.send(pending.message)
            return await pending.reply
        finally:
            for timer in timers:
                timer.cancel()
            del socket.waiting[identifier]
            if socket.sent >= _QUESTIONS_PER_SOCKET:
                self._retire(socket)

    async def _socket(self, server: _Server) -> _Socket:
        """Return the socket of an address, a fresh one when the old one has asked enough.

        Raises:
            OSError: when there is no route, or no socket to be had.
        """
        async with server.opening:
            socket = server.socket
            if not socket or socket.sent >= _QUESTIONS_PER_SOCKET or socket not in self._open:
                self._close_idle()
                loop = asyncio.get_running_loop()
                _, socket = await loop.create_datagram_endpoint(_Socket, remote_addr=(server.address, server.port))
                self._open.add(socket)
                server.socket = socket
            socket.sent += 1
            return socket

    def _close_idle(self) -> None:
        if len(self._open) >= _IDLE_SOCKETS:
            for socket in list(self._open):
                self._retire(socket)

    def _retire(self, socket: _Socket) -> None:
        if not socket.waiting:
            socket.close_when_idle()
            self._open.discard(socket)

    async def _over_tcp(self, server: _Server, question: Question, deadline: float, *, edns: bool) -> Reply:
        try:
            async with asyncio.timeout_at(deadline):
                data = await _exchange_over_tcp(server, question, edns=edns)
        except (OSError, EOFError) as error:  # TimeoutError is an OSError
            detail = f"truncated over UDP; over TCP: {fault_of(error).detail}"
            return Reply(server.address, fault=Fault(DnsStatus.TRUNCATED, detail))
        reply = read(data, server.address, question.type)
        if reply.truncated:
            return Reply(server.address, fault=Fault(DnsStatus.TRUNCATED, "truncated over UDP, and again over TCP"))
        return reply

    async def aclose(self) -> None:
        """Close every socket."""
        for socket in self._open:
            if socket.transport:
                socket.transport.abort()
        self._open.clear()
        await asyncio.sleep(0)  # lets the transports close before the loop does


async def _exchange_over_tcp(server: _Server, question: Question, *, edns: bool) -> bytes:
    """Send one question over a connection of its own (RFC 7766), and return the reply to it.

    Raises:
        OSError, EOFError: when it cannot be had; the caller bounds the time, 16 bits bound the size.
    """
    reader, writer = await asyncio.open_connection(server.address, server.port)
    try:
        message = question.message(secrets.randbits(16), edns=edns)
        writer.write(len(message).to_bytes(2) + message)
        data = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
    finally:
        writer.transport.abort()
    if data[:2] != message[:2] or not question.answered_by(data):
        raise EOFError("the reply is not to our question")
    return data


def _free_id(taken: Container[int]) -> int:
    identifier = secrets.randbits(16)
    while identifier in taken:
        identifier = secrets.randbits(16)
    return identifier


def _give_up(reply: asyncio.Future[bytes | Fault], seconds: float) -> None:
    if not reply.done():
        reply.set_result(Fault(DnsStatus.TIMEOUT, f"no answer within {seconds:g} s"))
