"""Source `dns`: the MX records of the tenant's accepted domains."""

from __future__ import annotations

import asyncio

from seppcheck.clients.dns import dns_client
from seppcheck.model.accepted import AcceptedDomainMx, AcceptedMx
from seppcheck.model.dns import DnsAnswer, DnsStatus, host_name
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import AcceptedDomains
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Tenant
from seppcheck.names import a_label


@source("dns")
async def accepted_domain_mx(
    tenant: Tenant, accepted: AcceptedDomains, session: Session
) -> AcceptedDomainMx | Unavailable:
    """Ask the resolvers for the MX records of every accepted domain, all at once."""
    del tenant
    client = session.client(dns_client)

    async def look_up(name: str) -> AcceptedMx:
        try:
            name = a_label(name)
        except ValueError:
            return AcceptedMx(host_name(name), DnsAnswer(DnsStatus.MALFORMED, detail="no domain name"))
        return AcceptedMx(name, await client.lookup(name, "MX"))

    names = dict.fromkeys(each.text("DomainName") for each in accepted.objects)
    return AcceptedDomainMx(tuple(await asyncio.gather(*map(look_up, names))), client.resolvers)
