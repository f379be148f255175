"""A client of SMTP facing the scripted server, with short limits."""

from __future__ import annotations

import time

from seppcheck.clients.smtp import Dialogue, SmtpClient
from seppcheck.model.smtp import SmtpFault
from tests.peers.hostile_smtp import HostileSmtp, Peer, Script, serving

HOST = "secure.example.org"
GREETING = b"220 secure.example.org ESMTP"
EHLO = (b"250-secure.example.org", b"250-SIZE 1000", b"250 STARTTLS")
AMPLE, SOON = 5.0, 0.4
"""Seconds that the client waits for a reply: where one comes, and where none does."""
LIMIT = 10.0
"""Seconds that all replies together may take."""


async def converse(server: HostileSmtp, patience: float = AMPLE, limit: float = LIMIT) -> Dialogue:
    started = time.monotonic()
    seen = await SmtpClient(patience, "audit.example.net").converse(server.address, server.port, HOST, limit)
    assert time.monotonic() - started < limit + 2.5, "two seconds for the farewell, and some slack"
    return seen


async def facing(script: Script, patience: float = AMPLE) -> Dialogue:
    with serving(script) as server:
        return await converse(server, patience)


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
