"""Finding a zone and its servers: the zone cut, the zone's own NS, its parent's, and their addresses."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from seppcheck.clients.dns_faults import Fault
from seppcheck.clients.dns_reading import parent_of, read_answer, within
from seppcheck.clients.dns_resolvers import Resolvers
from seppcheck.clients.dns_wire import CNAME, NS, NXDOMAIN, SOA, Reply
from seppcheck.model.dns import DnsStatus, HostLookup, ZoneServers

_MOST_SERVERS = 40
_PARENTS_ASKED = 6


@dataclass(frozen=True, slots=True)
class NameServer:
    """One address of one name server, several names where they share it; or why there is none."""

    name: str
    address: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone, and every address of every server of it."""

    servers: ZoneServers
    addresses: tuple[NameServer, ...]


@dataclass(frozen=True, slots=True)
class NoZone:
    """The zone of a name could not be found out; `name` is the question that failed."""

    name: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class _Cut:
    zone: str
    exists: bool


@dataclass(frozen=True, slots=True)
class _Parent:
    """The parent's view: its servers' word on the delegation, or why there is none."""

    zone: str = ""
    names: tuple[str, ...] = ()
    known: bool = True
    status: DnsStatus = DnsStatus.ANSWER
    detail: str = ""


class Zones:
    """Zones by name, each found once however many domains lie in it or below it."""

    def __init__(self, resolvers: Resolvers, timeout: float) -> None:
        self._resolvers = resolvers
        self._once = resolvers.once
        self._timeout = timeout

    async def of(self, name: str) -> Zone | NoZone:
        """Return the zone that a name lies in, be it its apex or not, be the name there or not."""
        cut = await self._cut(name)
        if isinstance(cut, NoZone):
            return cut
        return await self._once(("zone", cut.zone), partial(self._zone, cut.zone))

    async def _cut(self, name: str) -> _Cut | NoZone:
        return await self._once(("cut", name), partial(self._find_cut, name))

    async def _find_cut(self, name: str) -> _Cut | NoZone:
        """Find the apex: the owner of the SOA record that comes as answer, or with a "no such" answer."""
        reply = await self._resolvers.resolve(name, "SOA")
        if reply.fault and reply.fault.status is DnsStatus.SERVFAIL:
            # It may be the target of an alias that fails: ask for the alias itself.
            reply = await self._resolvers.resolve(name, "CNAME")
        if reply.fault:
            return NoZone(name, reply.fault)
        # An alias is no apex, and the SOA in its answer is that of the target's zone.
        aliased = any(record.type == CNAME and record.owner == name for record in reply.answer)
        owners = (r.owner for r in (*reply.answer, *reply.authority) if r.type == SOA and within(name, r.owner))
        zone = None if aliased else next(owners, None)
        if zone is not None:
            return _Cut(zone, exists=reply.rcode != NXDOMAIN)
        if name == ".":
            made_up = "not even an SOA record: something filters or makes up DNS answers"
            return NoZone(name, Fault(DnsStatus.NODATA, made_up))
        above = await self._cut(parent_of(name))  # some forwarders leave the SOA out: look further up
        if isinstance(above, NoZone):
            return above
        if reply.rcode == NXDOMAIN:
            return _Cut(above.zone, exists=False)
        # A lame server of the name's own zone gives the resolvers such an answer too: its parent knows.
        return _Cut(name if await self._delegates(above.zone, name) else above.zone, exists=True)

    async def _delegates(self, zone: str, name: str) -> bool:
        try:
            async with asyncio.timeout(self._timeout):
                above = await self._once(("servers", zone), partial(self._servers_of, zone))
        except TimeoutError:
            return False
        return not isinstance(above, NoZone) and bool((await self._delegation(name, *above)).names)

    async def _zone(self, apex: str) -> Zone | NoZone:
        reply, parent = await asyncio.gather(self._resolvers.resolve(apex, "NS"), self._parent(apex))
        reading = read_answer(reply, apex, NS).answer
        own = reading.values or await self._own_by_delegation(apex, parent.names)
        names = tuple(dict.fromkeys((*own, *parent.names)))
        if not names:
            detail = reading.detail or f"the zone {apex} names no servers ({reading.status})"
            return NoZone(apex, Fault(reading.status, detail))
        servers = ZoneServers(
            zone=apex,
            own=own,
            parent=parent.zone,
            parental=parent.names,
            parent_known=parent.known,
            parent_status=parent.status,
            parent_detail=parent.detail,
        )
        return Zone(servers, await self._addresses(names))

    async def _own_by_delegation(self, apex: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Ask the servers that the parent names, when the resolvers do not know the zone's own."""
        for server in await self._addresses(names):
            if server.address:
                reply = await self._resolvers.ask_directly(server.address, apex, "NS")
                if reply.authoritative and (own := read_answer(reply, apex, NS).answer.values):
                    return own
        return ()

    async def _addresses(self, names: tuple[str, ...]) -> tuple[NameServer, ...]:
        hosts = await asyncio.gather(*(self._resolvers.host(name) for name in names[:_MOST_SERVERS]))
        by_address: dict[str, list[str]] = {}
        for host in hosts:
            for address in host.addresses:
                by_address.setdefault(address, []).append(host.name)
        found = [NameServer(", ".join(owners), address) for address, owners in by_address.items()]
        left = [NameServer(name, fault=_TOO_MANY) for name in names[_MOST_SERVERS:]]
        return (*found, *_without_address(hosts), *left)

    async def _parent(self, apex: str) -> _Parent:
        if apex == ".":
            return _Parent(known=False, detail="the root zone has no parent")
        try:
            async with asyncio.timeout(self._timeout):
                above = await self._servers_above(apex)
        except TimeoutError:
            return _Parent(known=False, status=DnsStatus.TIMEOUT, detail="its servers were not found in time")
        if isinstance(above, NoZone):
            return _Parent(known=False, status=above.fault.status, detail=above.fault.detail)
        return await self._delegation(apex, *above)

    async def _servers_above(self, apex: str) -> tuple[str, tuple[NameServer, ...]] | NoZone:
        name = parent_of(apex)
        cut = await self._cut(name)
        if isinstance(cut, NoZone):
            return cut
        if not cut.exists:
            detail = f"the resolvers say that {name} does not exist, although {apex} does"
            return NoZone(name, Fault(DnsStatus.NXDOMAIN, detail))
        return await self._once(("servers", cut.zone), partial(self._servers_of, cut.zone))

    async def _servers_of(self, zone: str) -> tuple[str, tuple[NameServer, ...]] | NoZone:
        names = read_answer(await self._resolvers.resolve(zone, "NS"), zone, NS).answer
        if not names.values:
            return NoZone(zone, Fault(names.status, names.detail or f"the zone {zone} names no servers"))
        return zone, await self._addresses(names.values)

    async def _delegation(self, apex: str, zone: str, servers: tuple[NameServer, ...]) -> _Parent:
        """Ask one of the parent's servers for the delegation, several more when that fails."""
        addresses = [server.address for server in servers if server.address]
        if not addresses:
            fault = next((server.fault for server in servers if server.fault), Fault(DnsStatus.NO_ADDRESS))
            return _Parent(zone, status=fault.status, detail=fault.detail)
        random.shuffle(addresses)  # spreads the questions of many domains over the parent's servers
        view = await self._delegation_at(apex, zone, addresses[0])
        if view.status.looked or len(addresses) == 1:
            return view
        asked = (self._delegation_at(apex, zone, address) for address in addresses[1:_PARENTS_ASKED])
        return next((other for other in await asyncio.gather(*asked) if other.status.looked), view)

    async def _delegation_at(self, apex: str, zone: str, address: str) -> _Parent:
        reply = await self._resolvers.ask_directly(address, apex, "NS")
        if reply.fault:
            return _Parent(zone, status=reply.fault.status, detail=f"{address}: {reply.fault.detail}")
        names = _delegated(reply, apex)
        if names:
            return _Parent(zone, names)
        if reply.authoritative:
            status = DnsStatus.NXDOMAIN if reply.rcode == NXDOMAIN else DnsStatus.NODATA
            return _Parent(zone, status=status, detail=f"{address}: no delegation of {apex}")
        return _Parent(zone, status=DnsStatus.LAME, detail=f"{address} does not serve {zone}")


def _delegated(reply: Reply, apex: str) -> tuple[str, ...]:
    """The NS names for the apex: of a referral, or of a parent that serves the child as well."""
    records = (*reply.answer, *reply.authority)
    return tuple(sorted({r.value for r in records if r.type == NS and r.owner == apex}))


def _without_address(hosts: Iterable[HostLookup]) -> Iterable[NameServer]:
    """Yield an entry for each name with an address family that could not be looked up, or with none."""
    for host in hosts:
        if host.fault:
            detail = f"its addresses could not be looked up: {host.fault.detail}"
            yield NameServer(host.name, fault=Fault(host.fault.status, detail))
        elif not host.addresses:
            yield NameServer(host.name, fault=Fault(DnsStatus.NO_ADDRESS, "the name has no address"))


_TOO_MANY = Fault(DnsStatus.MALFORMED, f"the zone names more than {_MOST_SERVERS} servers: not asked")
