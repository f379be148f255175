"""The gateway in DNS: its addresses, and what they resolve back to."""

from __future__ import annotations

import asyncio
import ipaddress

from seppcheck.api import (
    DnsAnswer,
    Gateway,
    GatewayAddresses,
    Message,
    Node,
    NodeAddresses,
    ReverseDns,
    ReverseEntry,
    Session,
    Unavailable,
    source,
    text,
)
from seppcheck.clients.dns import DnsClient, dns_client


@source("dns")
async def gateway_addresses(gateway: Gateway, session: Session) -> GatewayAddresses | Unavailable:
    """Look up every node's name; its configured addresses are in force, or else those of the name.

    Unavailable when no node has an address and a look-up failed: a name that has none is evidence.
    """
    client = session.client(dns_client)
    nodes = await asyncio.gather(*(_addresses_of(client, node) for node in gateway.nodes))
    fault = next((node.lookup.fault for node in nodes if node.lookup.fault), None)
    if fault and not any(node.addresses for node in nodes):
        return Unavailable(fault.status.reason, _cannot_look_up(gateway, client, fault), ", ".join(client.resolvers))
    return GatewayAddresses(tuple(nodes))


async def _addresses_of(client: DnsClient, node: Node) -> NodeAddresses:
    lookup = await client.host(node.name)
    return NodeAddresses(
        name=node.name,
        addresses=node.addresses or lookup.addresses,
        configured=bool(node.addresses),
        lookup=lookup,
        resolvers=client.resolvers,
    )


def _cannot_look_up(gateway: Gateway, client: DnsClient, fault: DnsAnswer) -> Message:
    return text(
        "the addresses of {gateway} could not be looked up at the resolvers {resolvers} ({fault}): "
        "name working resolvers in [dns] resolvers, or the addresses in [gateway] addresses",
        gateway=gateway.names,
        resolvers=client.resolvers or "-",
        fault=fault.detail or fault.status.value,
    )


@source("dns")
async def reverse_dns(
    gateway: Gateway,  # noqa: ARG001 - the target that the evidence is about
    addresses: GatewayAddresses,
    session: Session,
) -> ReverseDns:
    """Ask for the PTR record of every address of every node, and look each PTR name up again."""
    client = session.client(dns_client)
    pairs = [(node.name, address) for node in addresses.nodes for address in node.addresses]
    entries = await asyncio.gather(*(_reverse_of(client, *pair) for pair in pairs))
    return ReverseDns(tuple(entries), addresses.nodes, client.resolvers)


async def _reverse_of(client: DnsClient, node: str, address: str) -> ReverseEntry:
    pointer = await client.lookup(ipaddress.ip_address(address).reverse_pointer, "PTR")
    return ReverseEntry(address, node, pointer, await client.hosts(pointer.values))
