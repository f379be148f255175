"""One polite SMTP dialogue: greeting, EHLO, STARTTLS, QUIT. Never MAIL, RCPT or DATA."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass, replace

from seppcheck.clients import smtp_faults as faults
from seppcheck.clients.smtp_channel import Channel
from seppcheck.clients.smtp_faults import DialogueError
from seppcheck.clients.smtp_reply import Reply
from seppcheck.clients.tls import Handshake
from seppcheck.errors import InvalidValueError
from seppcheck.model.smtp import SmtpFault, StartTls
from seppcheck.names import a_label

_READY, _DONE = 220, 250
"""Reply codes: service ready (greeting and STARTTLS), and requested action completed (EHLO)."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How far it came. `lines` are those of the greeting, also where only a part of it arrived.

    `greeting_fault` says why there is no whole 220 greeting, `fault` why STARTTLS is not known.
    """

    code: int | None = None
    lines: tuple[str, ...] = ()
    greeting_fault: SmtpFault | None = None
    ehlo: tuple[str, ...] = ()
    starttls: StartTls = StartTls.UNKNOWN
    handshake: Handshake | None = None
    fault: SmtpFault | None = None


class SmtpClient:
    """Speaks to any number of servers at once; each dialogue is bounded in time and octets."""

    def __init__(self, timeout: float, ehlo_name: str | None = None) -> None:
        """Set it up.

        Args:
            timeout: seconds for the connection, the greeting, and each reply.
            ehlo_name: how it introduces itself; by default this host's name, or where that is no
                full name the address literal of the connection (RFC 5321 section 4.1.4).

        Raises:
            InvalidValueError: for what is no host name (RFC 5321 section 4.1.1.1).
        """
        self._timeout = timeout
        self._ehlo_name = a_label(ehlo_name) if ehlo_name else _own_name()

    async def converse(self, address: str, port: int, server_name: str, limit: float) -> Dialogue:
        """Hold the dialogue with one address; it ends after `limit` seconds (and two for the farewell).

        Args:
            address: IPv4 or IPv6 address.
            port: TCP port, 25 as a rule.
            server_name: the host name that the TLS handshake asks for (SNI).
            limit: seconds for the whole.
        """
        deadline = asyncio.get_running_loop().time() + limit
        allowed = min(self._timeout, limit)
        try:
            async with asyncio.timeout(allowed):
                reader, writer = await asyncio.open_connection(address, port)
        except OSError as error:
            fault = faults.no_connection(error, port, allowed)
            return Dialogue(greeting_fault=fault, fault=fault)
        async with Channel(reader, writer, self._timeout, deadline) as channel:
            return await self._dialogue(channel, server_name)

    async def _dialogue(self, channel: Channel, server_name: str) -> Dialogue:
        try:
            greeting = await channel.reply()
        except DialogueError as error:
            return Dialogue(lines=error.lines, greeting_fault=error.fault, fault=error.fault)
        seen = Dialogue(greeting.code, greeting.lines)
        if greeting.code != _READY:
            fault = faults.negative("", greeting)
            return replace(seen, greeting_fault=fault, fault=fault)
        try:
            hello = await self._introduce(channel)
            seen = replace(seen, ehlo=hello.lines)
            return await _start_tls(channel, seen, hello, server_name)
        except DialogueError as error:
            return replace(seen, fault=error.fault)

    async def _introduce(self, channel: Channel) -> Reply:
        name = self._ehlo_name or literal(channel.own_address or "127.0.0.1")
        hello = await channel.ask("EHLO", name)
        if hello.code // 100 == 5:  # noqa: PLR2004 - an old server: RFC 5321 section 3.2
            hello = await _fall_back(channel, name, hello)
        if hello.code != _DONE:
            raise DialogueError(faults.negative("EHLO", hello))
        return hello


async def _fall_back(channel: Channel, name: str, refusal: Reply) -> Reply:
    try:
        hello = await channel.ask("HELO", name)
    except DialogueError:
        raise DialogueError(faults.negative("EHLO", refusal)) from None
    # HELO has no extensions: whatever further lines say, nothing is announced in them
    return replace(hello, lines=hello.lines[:1])


async def _start_tls(channel: Channel, seen: Dialogue, hello: Reply, server_name: str) -> Dialogue:
    if "STARTTLS" not in hello.keywords:
        return replace(seen, starttls=StartTls.NOT_ANNOUNCED)
    ready = await channel.ask("STARTTLS")
    if ready.code // 100 == 5:  # noqa: PLR2004 - announced, and then refused
        return replace(seen, starttls=StartTls.REFUSED)
    if ready.code != _READY:
        raise DialogueError(faults.negative("STARTTLS", ready))
    shown = await channel.start_tls(server_name)
    return replace(seen, starttls=StartTls.DONE, handshake=shown)


def literal(address: str) -> str:
    """Return an address as RFC 5321 section 4.1.3 writes it: `[192.0.2.1]`, `[IPv6:2001:db8::1]`."""
    parsed = ipaddress.ip_address(address.partition("%")[0])  # a zone identifier means nothing to the peer
    return f"[{parsed}]" if isinstance(parsed, ipaddress.IPv4Address) else f"[IPv6:{parsed}]"


def _own_name() -> str:
    """Return this host's name if it is a full one, else "". No look-up: it could take minutes."""
    try:
        return a_label(socket.gethostname())
    except InvalidValueError:
        return ""
