"""Zone data: what each of the lab's name servers serves, and changing it while they run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import dns.name
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.transaction
import dns.versioned
import dns.zone

from seppcheck.scenarios.shape import ZoneData

Zone = dns.versioned.Zone
NameServers = Mapping[str, Sequence[str]]
"""The addresses of each name server, by its name."""
_TTL = 300
"""Of what a scenario says nothing else of, in seconds."""


class Zones:
    """The zones of one name server. Readers see a change whole or not at all (`dns.versioned`)."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        self._zones = {zone.origin: zone for zone in zones}

    def __iter__(self) -> Iterator[Zone]:
        return iter(self._zones.values())

    def of(self, origin: dns.name.Name) -> Zone | None:
        """Return the zone of this very name, or None."""
        return self._zones.get(origin)

    def closest(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Zone | None:
        """Return the zone that answers for a name: the nearest above it (RFC 1034 section 4.3.2).

        DS belongs to the parent's side of a cut (RFC 4035 section 3.1.4.1).
        """
        if rdtype == dns.rdatatype.DS and name != dns.name.root:
            name = name.parent()
        while (zone := self._zones.get(name)) is None and name != dns.name.root:
            name = name.parent()
        return zone


class Names:
    """The zones of every name server of the lab; may be changed from any thread while they run."""

    def __init__(self, servers: Mapping[str, Zones]) -> None:
        self.servers = servers

    def replace(self, name: str, rdtype: str, *values: str, ttl: int = _TTL, server: str | None = None) -> None:
        """Replace an RRset, on one server (by its name) or on all.

        Args:
            name: the owner, with or without a trailing dot.
            rdtype: such as `MX`.
            values: RDATA in master-file form, names complete, with or without a trailing dot; none removes the RRset.
            ttl: in seconds.
            server: such as `ns2.lab.test`.

        Raises:
            KeyError: for a server or a zone that the lab does not have.
        """
        owner, kind = dns.name.from_text(name), dns.rdatatype.from_text(rdtype)
        for zones in self.servers.values() if server is None else (self.servers[server],):
            zone = zones.closest(owner, kind)
            if zone is None or zone.origin is None:
                raise KeyError(name)
            with zone.writer() as change:
                change.delete(owner, kind)
                if values:
                    change.add(owner, _rdataset(kind, ttl, values))
                change.update_serial(name=zone.origin)

    def remove(self, name: str, rdtype: str, *, server: str | None = None) -> None:
        """Remove an RRset, on one server or on all; see `replace`."""
        self.replace(name, rdtype, server=server)


def build(data: Sequence[ZoneData], servers: NameServers, serial: int, overlay: Sequence[ZoneData] = ()) -> Zones:
    """Make the zones of one name server, delegated to each other down from the root.

    Args:
        data: the zones.
        servers: the name servers of every zone.
        serial: the SOA's.
        overlay: RRsets that replace those of `data`.
    """
    zones = Zones(_parse(_with_apex(zone, servers, serial), zone.origin) for zone in data)
    for child in zones:
        _delegate(zones, child, servers)
    for changed in overlay:
        _overlay(zones, changed)
    return zones


def _with_apex(zone: ZoneData, servers: NameServers, serial: int) -> str:
    primary = next(iter(servers))
    soa = f"@ SOA {primary}. hostmaster.lab.test. {serial} 3600 600 604800 60"
    return "\n".join([f"$TTL {_TTL}", soa, *(f"@ NS {server}." for server in servers), zone.records, ""])


def _parse(text: str, origin: str) -> Zone:
    zone = dns.zone.from_text(text, origin=origin, relativize=False, zone_factory=Zone)
    if not isinstance(zone, Zone):
        raise TypeError(origin)
    return zone


def _delegate(zones: Zones, child: Zone, servers: NameServers) -> None:
    """Put a zone's NS RRset into its parent, and the servers' addresses as glue or as records.

    The addresses go into every zone above them: the parent that has the delegation needs them as
    glue (RFC 1034 section 4.2.1), the zone that holds the names as data.
    """
    if child.origin is None or child.origin == dns.name.root:
        return
    parent = zones.closest(child.origin.parent(), dns.rdatatype.NS)
    if parent is None:
        return
    with parent.writer() as change:
        change.replace(child.origin, _rdataset("NS", _TTL, servers))
        _add_addresses(change, parent, servers)
    with child.writer() as change:
        _add_addresses(change, child, servers)


def _add_addresses(change: dns.transaction.Transaction, zone: Zone, servers: NameServers) -> None:
    for server, addresses in servers.items():
        owner = dns.name.from_text(server)
        if zone.origin is None or not owner.is_subdomain(zone.origin):
            continue
        for kind, mark in (("A", "."), ("AAAA", ":")):
            values = [address for address in addresses if mark in address]
            if values:
                change.replace(owner, _rdataset(kind, _TTL, values))


def _rdataset(rdtype: dns.rdatatype.RdataType | str, ttl: int, values: Collection[str]) -> dns.rdataset.Rdataset:
    return dns.rdataset.from_text_list("IN", rdtype, ttl, values, origin=dns.name.root, relativize=False)


def _overlay(zones: Zones, changed: ZoneData) -> None:
    source = dns.zone.from_text(
        f"$TTL {_TTL}\n{changed.records}", origin=changed.origin, relativize=False, check_origin=False
    )
    zone = zones.closest(dns.name.from_text(changed.origin), dns.rdatatype.SOA)
    if zone is None:
        raise KeyError(changed.origin)
    with zone.writer() as change:
        for owner, rdataset in source.iterate_rdatasets():
            change.replace(owner, rdataset)
