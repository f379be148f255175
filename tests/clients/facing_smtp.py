"""A client of SMTP facing the scripted server, with short limits."""

from __future__ import annotations

import time

from seppcheck.clients.smtp import Dialogue, SmtpClient
from seppcheck.model.smtp import SmtpFault
from tests.peers.hostile_smtp import HostileSmtp, Peer, Script, serving

HOST = "secure.example.org"
GREETING = b"220 secure.example.org ESMTP"
EHLO = (b"250-secure.example.org", b"250-SIZE 1000", b"250 STARTTLS")
SOON = 0.4
"""Seconds that the client waits for a reply here; LIMIT for all of them together."""
LIMIT = 1.5


async def converse(server: HostileSmtp) -> Dialogue:
    started = time.monotonic()
    seen = await SmtpClient(SOON, "audit.example.net").converse(server.address, server.port, HOST, LIMIT)
    assert time.monotonic() - started < LIMIT + 2.5, "two seconds for the farewell, and some slack"
    return seen


async def facing(script: Script) -> Dialogue:
    with serving(script) as server:
        return await converse(server)


def fault_of(seen: Dialogue) -> SmtpFault:
    assert seen.fault is not None
    assert str(seen.fault.detail)
    return seen.fault


def up_to_starttls(peer: Peer, answer: bytes = b"220 ready") -> None:
    peer.say(GREETING)
    peer.answer(*EHLO)
    peer.answer(answer)


def take_leave(peer: Peer) -> None:
    peer.answer(b"221 bye")
    peer.hear_out()
