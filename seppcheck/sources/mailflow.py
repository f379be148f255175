"""The connectors and rules that belong to the gateway, told apart by what they do and not by their names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address

from seppcheck.api import (
    Bearing,
    Classified,
    Each,
    ExchangeObject,
    GatewayAddresses,
    Heading,
    HostLookup,
    InboundConnectors,
    MailFlow,
    OutboundConnectors,
    Role,
    SenderCertificate,
    Session,
    Site,
    Tenant,
    TransportRules,
    Unavailable,
    host_name,
    source,
)
from seppcheck.clients.dns import DnsClient, dns_client
from seppcheck.sources.connector_roles import Ours, inbound_role, other_host, outbound_role, prefer_configured
from seppcheck.sources.rule_roles import Connectors, rule_roles

Classify = Callable[[ExchangeObject, Ours, Sequence[str]], Classified | None]


@source("exchange")
async def mail_flow(
    tenant: Tenant,
    inbound: InboundConnectors | Unavailable,
    outbound: OutboundConnectors | Unavailable,
    rules: TransportRules | Unavailable,
    addresses: GatewayAddresses | Unavailable,
    certificates: Each[SenderCertificate],
    site: Site,
    session: Session,
) -> MailFlow | Unavailable:
    """Classify every connector and rule of the tenant; DNS is asked where a stray connector leads.

    Unavailable when neither connectors nor rules could be read; what is missing alone stands in its place.
    """
    read = [part for part in (inbound, outbound, rules) if not isinstance(part, Unavailable)]
    if not read:
        return next(part for part in (outbound, inbound, rules) if isinstance(part, Unavailable))
    ours = ours_of(site, addresses, certificates)
    client = session.client(dns_client)
    incoming = await _headed(_connectors(inbound, inbound_role, ours, tenant.inbound_connectors), ours, client)
    outgoing = await _headed(_connectors(outbound, outbound_role, ours, tenant.outbound_connectors), ours, client)
    return MailFlow(
        inbound=incoming,
        outbound=outgoing,
        rules=_rules(rules, outbound, outgoing, tenant),
        origin=read[0].origin,
        at=min(part.at for part in read),
    )


def ours_of(site: Site, addresses: GatewayAddresses | Unavailable, certificates: Each[SenderCertificate]) -> Ours:
    """Collect what connects an object with the site's gateway."""
    found = () if isinstance(addresses, Unavailable) else addresses.addresses
    configured = [address for node in site.gateway.nodes for address in node.addresses]
    faults = isinstance(addresses, Unavailable) or any(n.lookup.fault and not n.configured for n in addresses.nodes)
    return Ours(
        names=frozenset(map(host_name, site.gateway.names)),
        addresses=frozenset(str(ip_address(address)) for address in (*found, *configured)),
        addresses_known=not faults or all(node.addresses for node in site.gateway.nodes),
        domains=frozenset(domain.name for domain in site.domains),
        common_names=frozenset(
            host_name(name) for _, found in certificates.present for name in found.certificate.common_names
        ),
    )


def _connectors(
    given: InboundConnectors | OutboundConnectors | Unavailable, classify: Classify, ours: Ours, names: Sequence[str]
) -> tuple[Classified, ...] | Unavailable:
    if isinstance(given, Unavailable):
        return given
    found = [classify(entry, ours, names) for entry in given.objects]
    return prefer_configured([each for each in found if each is not None], names)


def _rules(
    rules: TransportRules | Unavailable,
    outbound: OutboundConnectors | Unavailable,
    classified: tuple[Classified, ...] | Unavailable,
    tenant: Tenant,
) -> tuple[Classified, ...] | Unavailable:
    if isinstance(rules, Unavailable):
        return rules
    entries = outbound if isinstance(outbound, Unavailable) else outbound.objects
    known = () if isinstance(classified, Unavailable) else classified
    return rule_roles(rules.objects, Connectors(entries, known), tenant.transport_rules)


async def _headed(
    found: tuple[Classified, ...] | Unavailable, ours: Ours, client: DnsClient
) -> tuple[Classified, ...] | Unavailable:
    if isinstance(found, Unavailable):
        return found
    return tuple(await asyncio.gather(*(_look_up(each, ours, client) for each in found)))


async def _look_up(each: Classified, ours: Ours, client: DnsClient) -> Classified:
    if each.role is not Role.STRAY:
        return each
    host = other_host(each.entry)
    try:
        heading = Heading(host, _bearing((str(ip_address(host)),), ours), (host,))
    except ValueError:
        heading = heading_of(await client.host(host), ours)
    return replace(each, heading=heading)


def heading_of(lookup: HostLookup, ours: Ours) -> Heading:
    """Tell where the host of a stray object leads, from what DNS says of it."""
    fault = lookup.fault
    bearing = _bearing(lookup.addresses, ours)
    if fault is not None and bearing is not Bearing.GATEWAY:
        return Heading(lookup.name, Bearing.UNKNOWN, lookup.addresses, fault.detail or fault.status.value)
    return Heading(lookup.name, bearing, lookup.addresses)


def _bearing(addresses: Sequence[str], ours: Ours) -> Bearing:
    if any(str(ip_address(address)) in ours.addresses for address in addresses):
        return Bearing.GATEWAY
    if not addresses:
        return Bearing.NOWHERE
    return Bearing.ELSEWHERE if ours.addresses_known else Bearing.UNKNOWN
