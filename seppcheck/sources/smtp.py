"""SMTP evidence: the greeting of each address of the gateway, and the certificate behind STARTTLS."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from seppcheck.api import (
    DnsStatus,
    Gateway,
    GatewayAddresses,
    Greeting,
    NodeAddresses,
    Presented,
    Reason,
    Session,
    SmtpCertificate,
    SmtpFault,
    SmtpGreeting,
    Unavailable,
    source,
    text,
)
from seppcheck.clients.certificates import UndecodableError, decode
from seppcheck.clients.smtp import Dialogue, SmtpClient
from seppcheck.settings import Settings
from seppcheck.sources.chains import MAX_CHAIN, Roots

_LONGEST = 55.0
"""Seconds of one dialogue, whatever the settings say: no peer holds a run longer than 60 s."""
_SHARE = 0.8
"""Of the run's deadline: what was seen by then is to be judged, not cut off."""


@source("smtp")
async def dialogue(
    gateway: Gateway, addresses: GatewayAddresses, session: Session
) -> tuple[SmtpGreeting | Unavailable, SmtpCertificate | Unavailable]:
    """Hold one polite dialogue with every address of the gateway, all at the same time."""
    ends = [(node.name, address) for node in addresses.nodes for address in node.addresses]
    if not ends:
        nowhere = _no_address(gateway, addresses)
        return nowhere, nowhere
    client, roots = session.client(_client), session.client(Roots.of)
    port, limit = gateway.smtp_port, min(_LONGEST, _SHARE * session.deadline)
    held = await asyncio.gather(*(client.converse(address, port, node, limit) for node, address in dict.fromkeys(ends)))
    seen = list(zip(dict.fromkeys(ends), held, strict=True))
    greetings = tuple(_greeting(node, address, d) for (node, address), d in seen)
    presented = tuple(_presented(node, address, d, roots, session.clock()) for (node, address), d in seen)
    return SmtpGreeting(port, greetings), SmtpCertificate(port, presented)


def _client(settings: Settings) -> SmtpClient:
    return SmtpClient(settings.smtp.timeout, settings.smtp.ehlo_name)


def _greeting(node: str, address: str, seen: Dialogue) -> Greeting:
    return Greeting(node, address, seen.code, seen.lines, seen.ehlo, seen.greeting_fault)


def _presented(node: str, address: str, seen: Dialogue, roots: Roots, at: datetime) -> Presented:
    shown = seen.handshake
    if shown is None:
        return Presented(node, address, seen.starttls, fault=seen.fault)
    secured = Presented(node, address, seen.starttls, shown.version, shown.cipher)
    if not shown.chain:
        return replace(secured, fault=SmtpFault(Reason.TLS_ERROR, text("it showed no certificate")))
    if len(shown.chain) > MAX_CHAIN:
        sentence = text("it showed {count} certificates, more than {limit}", count=len(shown.chain), limit=MAX_CHAIN)
        return replace(secured, fault=SmtpFault(Reason.MALFORMED, sentence))
    try:
        chain = tuple(map(decode, shown.chain))
    except UndecodableError as error:
        sentence = text("a certificate that it showed cannot be read: {problem}", problem=str(error))
        return replace(secured, fault=SmtpFault(Reason.MALFORMED, sentence))
    return replace(secured, chain=chain, verdict=roots.judge(chain, at))


def _no_address(gateway: Gateway, addresses: GatewayAddresses) -> Unavailable:
    fault = next(filter(None, map(_fault, addresses.nodes)), None)
    if fault is None:
        return Unavailable(
            Reason.DNS_ERROR,
            text(
                "{gateway} has no address, so that there is nobody to ask: publish an A or AAAA record for it, or "
                "set [gateway] addresses",
                gateway=gateway.name,
            ),
        )
    name, status = fault
    return Unavailable(
        status.reason,
        text(
            "the addresses of {name} could not be looked up ({status}), so that there is nobody to ask: see to the "
            "DNS resolver, or set [gateway] addresses",
            name=name,
            status=status.value,
        ),
        addresses.asked,
    )


def _fault(node: NodeAddresses) -> tuple[str, DnsStatus] | None:
    fault = node.lookup.fault
    return (node.name, fault.status) if fault else None
