"""Reverse DNS of the gateway."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address
from typing import Any

from seppcheck.api import (
    ALL,
    DnsAnswer,
    Failed,
    Finding,
    Gateway,
    Inconclusive,
    Message,
    NodeAddresses,
    Passed,
    Result,
    ReverseDns,
    ReverseEntry,
    Severity,
    check,
    dns_fault,
    host_name,
    text,
    unresolved,
)


@check("dns-ptr", requirements=["P1"], severity=Severity.BLOCKER, phases=ALL)
def gateway_address_resolves_back(gateway: Gateway, reverse: ReverseDns) -> Result:
    """Every public address of the gateway resolves back to its name.

    In inline mode the gateway itself delivers your mail to the Internet. Receivers look up the PTR record
    of the address that connects to them. Where it is missing, or names another host, many of them refuse
    the mail or put it into the junk folder.

    The guide (P1, chapter Vorarbeiten) wants a PTR record for the public IP address. Banner, HELO, MX and
    certificates carry the same name later on, so it has to be right before anything else is done.

    Every address, IPv4 and IPv6, needs exactly one PTR record. It must be the name of the machine, and that
    name must resolve back to the address: receivers check both ways. In a cluster each node is held against
    its own name. An alias into a classless reverse zone (RFC 2317) is followed.

    To mend:
    - Ask the owner of the address (your access provider or hoster) for one PTR record that names the
      gateway, such as secure.example.org. Most have a form for it, called reverse DNS or rDNS.
    - In your own DNS, give the gateway's name an A record (and an AAAA record) with exactly these addresses.
    - If the gateway has several names, decide for one. Take every further PTR record away.
    - If an address in [gateway] addresses is not one that the gateway sends from, take it out of the file.

    Sources:
    - The guide, P1: Vorarbeiten, DNS PTR-Record
    - RFC 1912 section 2.1: PTR records must match the name's addresses
    - RFC 2317: classless IN-ADDR.ARPA delegation
    - RFC 8601 section 3: how receivers check both ways (iprev)
    """
    nodes = [finding for node in reverse.nodes for finding in _node(node)]
    entries = [_entry(entry) for entry in reverse.entries]
    known = {*(node.name for node in reverse.nodes), *(entry.node for entry in reverse.entries)}
    absent = [_not_seen(node.name) for node in gateway.nodes if node.name not in known]
    return [*nodes, *entries, *absent]


def _node(node: NodeAddresses) -> list[Finding]:
    missing = unresolved(node)
    if missing or node.addresses:
        return missing
    return [
        Failed(
            "{name} has no address: publish an A record for it",
            name=node.name,
            subject=node.name,
            expected=text("at least one address"),
            observed=text("no A and no AAAA record"),
        )
    ]


def _not_seen(name: str) -> Finding:
    return Inconclusive("nothing was collected about {name}; run again", name=name, subject=name)


def _entry(entry: ReverseEntry) -> Finding:
    names = tuple(dict.fromkeys(host_name(value) for value in entry.pointer.values))
    if not entry.pointer.status.looked:
        return _unknown(entry, entry.address, entry.pointer)
    if not names:
        return Failed("{address} has no PTR record: it should name {node}", **_about(entry, text("no PTR record")))
    if len(names) > 1:
        return Failed(
            "{address} has {count} PTR records: receivers expect exactly one, {node}",
            count=len(names),
            **_about(entry, text("{names}", names=names)),
        )
    if names[0] != host_name(entry.node):
        return Failed("{address} resolves back to {name}, not to {node}", name=names[0], **_about(entry, names[0]))
    return _confirmed(entry, names[0])


def _confirmed(entry: ReverseEntry, name: str) -> Finding:
    address = ip_address(entry.address)
    lookup = next((each for each in entry.forward if host_name(each.name) == name), None)
    if lookup is None:
        return Inconclusive(
            "{address} resolves back to {node}, but that name was not looked up; run again", **_about(entry, None)
        )
    forward = lookup.ipv4 if isinstance(address, IPv4Address) else lookup.ipv6
    if address in map(ip_address, forward.values):
        return Passed("{address} resolves back to {node}, and {node} to it", **_about(entry, name))
    if not forward.status.looked:
        return _unknown(entry, name, forward)
    return Failed(
        "{address} resolves back to {node}, but {node} does not resolve to {address}: receivers check both ways",
        **_about(
            entry, text("{name} resolves to {addresses}", name=name, addresses=lookup.addresses or text("nothing"))
        ),
    )


def _unknown(entry: ReverseEntry, question: str, answer: DnsAnswer) -> Finding:
    return Inconclusive(
        "whether {address} resolves back to {node} could not be told: the look-up of {question} failed: "
        "{fault}; run again",
        reason=answer.status.reason,
        question=question,
        fault=dns_fault(answer.status, answer.detail),
        **_about(entry, None),
    )


def _about(entry: ReverseEntry, observed: Message | str | None) -> dict[str, Any]:
    """Return what every finding about an address says alike."""
    return {
        "address": entry.address,
        "node": entry.node,
        "subject": entry.address,
        "expected": entry.node,
        "observed": observed,
    }
