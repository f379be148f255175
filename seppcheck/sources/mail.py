"""Source `mail`: real messages as they were received."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from seppcheck.clients.dns import dns_client
from seppcheck.model.dns import GatewayAddresses
from seppcheck.model.evidence import Unavailable
from seppcheck.model.mail import MailSample, MailSamples
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Gateway
from seppcheck.model.text import text
from seppcheck.settings import Settings
from seppcheck.settings.samples import sample_files
from seppcheck.sources.dkim_signatures import signatures_of
from seppcheck.sources.received import NOBODY, Own, believed, hop_of

_LIMIT = 256 * 1024
"""Octets of a message that are read: headers are far shorter."""
_MOST_HOPS = 100
_TELLING = (
    "x-sm-",
    "x-seppmail-",
    "x-ms-exchange-skiplistedinternetsender",
    "x-ms-exchange-externaloriginalinternetsender",
    "x-eopattributedmessage",
)
_LONGEST = 500


@source("mail")
async def mail_samples(
    gateway: Gateway, addresses: GatewayAddresses | Unavailable, session: Session
) -> MailSamples | Unavailable:
    """Read every file that the patterns of [mail] samples name."""
    settings: Settings = session.settings
    if not settings.mail.samples:
        return Unavailable(
            Reason.NOT_CONFIGURED,
            text("no mail samples are configured: save real messages as .eml files and name them in [mail] samples"),
        )
    files = await asyncio.to_thread(sample_files, settings)
    if not files:
        return Unavailable(
            Reason.NOT_COLLECTED,
            text("no file matches {patterns} ([mail] samples)", patterns=settings.mail.samples),
        )
    receivers = settings.mail.trusted_receivers
    own = _own(gateway, addresses)
    read = [(path, await asyncio.to_thread(sample_of, path, receivers, own)) for path in files]
    return MailSamples(
        samples=tuple([await _verified(path, sample, session) for path, sample in read if sample is not None]),
        unreadable=tuple(path.name for path, sample in read if sample is None),
        receivers=tuple(receivers),
    )


def _own(gateway: Gateway, addresses: GatewayAddresses | Unavailable) -> Own:
    configured = [address for node in gateway.nodes for address in node.addresses]
    found = () if isinstance(addresses, Unavailable) else addresses.addresses
    return Own(gateway.names, (*configured, *found))


async def _verified(path: Path, sample: MailSample, session: Session) -> MailSample:
    """Add what its DKIM signatures are worth, when it is recent enough to tell anything."""
    if not sample.fresh(session.clock()):
        return sample
    return replace(sample, dkim=await signatures_of(path, session.client(dns_client)))


def sample_of(path: Path, receivers: Iterable[str], own: Own = NOBODY) -> MailSample | None:
    """Read one message's headers; None when it is none. `own` is what belongs to the gateway."""
    try:
        with path.open("rb") as file:
            message = BytesHeaderParser(policy=policy.compat32).parsebytes(file.read(_LIMIT))
    except OSError:
        return None
    hops = tuple(hop_of(str(line)) for line in (message.get_all("Received") or [])[:_MOST_HOPS])
    if not hops:
        return None
    return MailSample(
        file=path.name,
        sender_domain=parseaddr(str(message.get("From", "")))[1].rpartition("@")[2].lower().rstrip("."),
        hops=hops,
        believed=believed(hops, tuple(receivers), own),
        headers=tuple(_telling(message)),
    )


def _telling(message: Message) -> Iterable[tuple[str, str]]:
    for name, value in message.items():
        if name.lower().startswith(_TELLING):
            yield name, " ".join(str(value).split())[:_LONGEST]
