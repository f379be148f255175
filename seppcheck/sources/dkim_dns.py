"""Source `dns`: the DKIM key of a domain at its selector."""

from __future__ import annotations

from seppcheck.clients.dns import dns_client
from seppcheck.model.dkim import DkimRecord
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Domain
from seppcheck.model.text import text


@source("dns")
async def dkim_record(domain: Domain, session: Session) -> DkimRecord | Unavailable:
    """Look up the key record at the configured selector."""
    if not domain.dkim_selector:
        detail = text(
            "no DKIM selector is configured for {domain}: add dkim_selector to [[domains]]", domain=domain.name
        )
        return Unavailable(Reason.NOT_CONFIGURED, detail)
    client = session.client(dns_client)
    answer = await client.lookup(f"{domain.dkim_selector}._domainkey.{domain.name}", "TXT")
    return DkimRecord(domain.name, domain.dkim_selector, answer, client.resolvers)
