"""Entries of address lists: single addresses, networks and ranges."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


def holds_any(entry: str, addresses: Iterable[str]) -> bool | None:
    """Tell whether an address, a network or a range `a-b` holds one of some addresses; None if it is none of these."""
    first, _, last = entry.partition("-")
    try:
        if last:
            low, high = ip_address(first.strip()), ip_address(last.strip())
            own = [each for each in map(ip_address, addresses) if each.version == low.version]
            return any(int(low) <= int(each) <= int(high) for each in own)
        network: IPv4Network | IPv6Network = ip_network(entry.strip(), strict=False)
    except ValueError:
        return None
    return any(ip_address(each) in network for each in addresses)
