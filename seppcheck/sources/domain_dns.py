"""A domain in DNS: MX and SPF at every authoritative server of its zone, and at the resolvers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from seppcheck.api import DnsAnswer, Domain, MxRecords, ServerAnswer, Session, SpfRecords, Unavailable, source, text
from seppcheck.clients.dns import DnsClient, NameServer, NoZone, Zone, dns_client


@source("dns")
async def mx_records(domain: Domain, session: Session) -> MxRecords | Unavailable:
    """Ask for the MX records of a domain, and look their targets up."""
    client = session.client(dns_client)
    zone, seen = await asyncio.gather(client.zone_servers(domain.name), client.lookup_at_each(domain.name, "MX"))
    if isinstance(zone, NoZone):
        return _no_zone(domain, client, zone)
    servers = await _at_every_server(client, zone, domain.name, "MX")
    targets = (value.split(" ", 1)[1].rstrip(".") for server in servers for value in server.answer.values)
    hosts = await client.hosts(sorted({target for target in targets if target}))
    return MxRecords(domain.name, zone.servers, servers, seen, hosts)


@source("dns")
async def spf_records(domain: Domain, session: Session) -> SpfRecords | Unavailable:
    """Ask for the TXT records of a domain, and keep those that are SPF."""
    client = session.client(dns_client)
    zone, seen = await asyncio.gather(client.zone_servers(domain.name), client.lookup_at_each(domain.name, "TXT"))
    if isinstance(zone, NoZone):
        return _no_zone(domain, client, zone)
    servers = await _at_every_server(client, zone, domain.name, "TXT")
    return SpfRecords(domain.name, zone.servers, _spf_alone(servers), _spf_alone(seen))


async def _at_every_server(client: DnsClient, zone: Zone, name: str, rdtype: str) -> tuple[ServerAnswer, ...]:
    async def ask(server: NameServer) -> ServerAnswer:
        answer = server.fault.answer if server.fault else await client.ask(server.address, name, rdtype)
        return ServerAnswer(server.name, server.address, answer)

    return tuple(await asyncio.gather(*(ask(server) for server in zone.addresses)))


def _spf_alone(answers: tuple[ServerAnswer, ...]) -> tuple[ServerAnswer, ...]:
    return tuple(replace(given, answer=_spf_of(given.answer)) for given in answers)


def _spf_of(answer: DnsAnswer) -> DnsAnswer:
    return replace(answer, values=tuple(value for value in answer.values if is_spf(value)))


def is_spf(value: str) -> bool:
    """Tell whether a TXT record is an SPF record: the version, then a space or the end (RFC 7208 section 4.5)."""
    return value.split(" ", 1)[0].lower() == "v=spf1"


def _no_zone(domain: Domain, client: DnsClient, zone: NoZone) -> Unavailable:
    return Unavailable(
        zone.fault.status.reason,
        text(
            "the zone of {domain} could not be found: the resolvers {resolvers} gave no usable answer for {name} "
            "({fault}); see whether its name servers work, or name other resolvers in [dns] resolvers",
            domain=domain.name,
            resolvers=client.resolvers or "-",
            name=text("the root zone") if zone.name == "." else zone.name,
            fault=zone.fault.detail or zone.fault.status.value,
        ),
        ", ".join(client.resolvers),
    )
