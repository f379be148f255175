"""The DNS client: what resolvers see, what each authoritative server says, which servers a zone has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from seppcheck.clients.dns_faults import Fault
from seppcheck.clients.dns_reading import chase
from seppcheck.clients.dns_resolvers import Resolvers
from seppcheck.clients.dns_wire import Reply, type_number
from seppcheck.clients.dns_zones import NameServer, NoZone, Zone, Zones
from seppcheck.model.dns import DnsAnswer, DnsStatus, HostLookup, ServerAnswer
from seppcheck.settings import Settings

__all__ = ["DnsClient", "NameServer", "NoZone", "Zone", "dns_client"]

_MOST_HOSTS = 50
_TOO_MANY = DnsAnswer(DnsStatus.MALFORMED, detail=f"more than {_MOST_HOSTS} names in one answer: not looked up")


def dns_client(settings: Settings) -> DnsClient:
    """Make the client of a run; to be used in one event loop, and closed with `aclose()`."""
    return DnsClient(
        settings.dns.resolvers or _system_resolvers(),
        port=settings.dns.port,
        authoritative_port=settings.dns.authoritative_port,
        timeout=settings.dns.timeout,
    )


def _system_resolvers() -> tuple[str, ...]:
    import dns.resolver  # noqa: PLC0415 - doubles the import time, and configured resolvers need none of it

    try:
        servers = dns.resolver.Resolver().nameservers
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()
    return tuple(server for server in servers if isinstance(server, str))


class DnsClient:
    """DNS as this program reads it. Nothing here raises for what a server does: see `DnsAnswer`.

    Names go in with or without trailing dot and in any case. Every question to a resolver is asked
    once a run; each takes `timeout` seconds at most, sending again and TCP included.
    """

    def __init__(self, resolvers: tuple[str, ...], *, port: int, authoritative_port: int, timeout: float) -> None:
        self.resolvers = resolvers
        self._resolvers = Resolvers(resolvers, port=port, authoritative_port=authoritative_port, timeout=timeout)
        self._zones = Zones(self._resolvers, timeout)

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        """Return what the resolvers say; the next one is asked where one fails."""
        return await self._resolvers.lookup(_canonical(name), rdtype)

    async def lookup_at_each(self, name: str, rdtype: str) -> tuple[ServerAnswer, ...]:
        """Return what each resolver says by itself."""
        return await self._resolvers.lookup_at_each(_canonical(name), rdtype)

    async def host(self, name: str) -> HostLookup:
        """Return a host's addresses as the resolvers see them."""
        return await self._resolvers.host(_canonical(name))

    async def hosts(self, names: Sequence[str]) -> tuple[HostLookup, ...]:
        """Return the addresses of several hosts; names beyond a sane number are not looked up, and say so."""
        found = await asyncio.gather(*(self.host(name) for name in names[:_MOST_HOSTS]))
        return (*found, *(HostLookup(name, _TOO_MANY, _TOO_MANY) for name in names[_MOST_HOSTS:]))

    async def zone_servers(self, name: str) -> Zone | NoZone:
        """Return the zone that a name lies in, with every address of every server of it."""
        return await self._zones.of(_canonical(name))

    async def ask(self, address: str, name: str, rdtype: str) -> DnsAnswer:
        """Return what one authoritative server says, as of its own knowledge (RD=0).

        An alias is followed in its answer, and beyond that at the servers of the target's own zone.
        An answer without authority is LAME.
        """
        start = _canonical(name)

        async def reply_for(owner: str) -> Reply:
            if owner != start:
                return await self._ask_its_zone(owner, rdtype)
            return _with_authority(await self._resolvers.ask_directly(address, owner, rdtype))

        return await chase(reply_for, start, type_number(rdtype))

    async def _ask_its_zone(self, name: str, rdtype: str) -> Reply:
        zone = await self.zone_servers(name)
        if isinstance(zone, NoZone):
            return Reply(fault=Fault(zone.fault.status, f"the zone of {name} was not found: {zone.fault.detail}"))
        reply = Reply(fault=Fault(DnsStatus.NO_ADDRESS, f"no server of {zone.servers.zone} has an address"))
        for server in zone.addresses:
            if server.address:
                reply = _with_authority(await self._resolvers.ask_directly(server.address, name, rdtype))
            if not reply.fault:
                break
        return reply

    async def aclose(self) -> None:
        """Stop what still runs and close every socket."""
        await self._resolvers.aclose()


def _with_authority(reply: Reply) -> Reply:
    """Turn an answer without authority into a fault: the server is not one of the zone's."""
    if reply.fault or reply.authoritative:
        return reply
    detail = f"refers to the servers of {reply.referral}" if reply.referral else "answers without authority"
    return Reply(reply.server, fault=Fault(DnsStatus.LAME, detail))


def _canonical(name: str) -> str:
    return name.lower().rstrip(".") or "."
