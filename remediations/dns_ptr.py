"""Name the gateway's addresses in reverse DNS."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address

from seppcheck.api import (
    Change,
    DnsAnswer,
    DnsImage,
    Gateway,
    HostLookup,
    ManualStep,
    Message,
    Note,
    PlanPhase,
    Proposal,
    ReverseDns,
    ReverseEntry,
    System,
    dns_fault,
    host_name,
    remediation,
    text,
)

_TTL = 3600
"""Seconds. What was there is known from resolvers alone, which count its TTL down."""


@remediation("dns-ptr", kind="automatic", phases=["readiness", "cutover"])
def name_the_addresses(gateway: Gateway, reverse: ReverseDns, phase: PlanPhase) -> Proposal:
    """Give every address one PTR record with its node's name; the names' own addresses are for people."""
    del gateway
    pointers = [step for entry in reverse.entries for step in _pointer(entry)]
    return [*pointers, *_forward(reverse, phase)]


def _pointer(entry: ReverseEntry) -> Iterator[Change | Note]:
    pointer = entry.pointer
    if not pointer.status.looked:
        fault = dns_fault(pointer.status, pointer.detail)
        yield Note(text("what {address} resolves back to is not known: {why}", address=entry.address, why=fault))
        return
    names = tuple(dict.fromkeys(host_name(value) for value in pointer.values))
    if names == (host_name(entry.node),):
        return
    owner = host_name(pointer.aliases[-1]) if pointer.aliases else ip_address(entry.address).reverse_pointer
    before = DnsImage(owner, "PTR", pointer.ttl or 0, tuple(f"{name}." for name in names)) if names else None
    yield Change(
        summary=text("Let {address} resolve back to {node}", address=entry.address, node=entry.node),
        why=text("receivers refuse or junk mail from an address whose PTR record does not name the host"),
        before=before,
        after=DnsImage(owner, "PTR", _TTL, (f"{host_name(entry.node)}.",)),
    )


def _forward(reverse: ReverseDns, phase: PlanPhase) -> Iterator[ManualStep | Note]:
    """Yield one step for all the addresses that the nodes' names lack, for the check shows them together."""
    lookups = {host_name(node.name): node.lookup for node in reverse.nodes}
    lookups |= {host_name(each.name): each for entry in reverse.entries for each in entry.forward}
    answers = [(entry, _answer(lookups.get(host_name(entry.node)), entry.address)) for entry in reverse.entries]
    missing = [entry for entry, answer in answers if answer and answer.status.looked and not _holds(answer, entry)]
    bare = [node.name for node in reverse.nodes if not node.addresses and node.lookup.fault is None]
    for name in dict.fromkeys(entry.node for entry, answer in answers if answer and not answer.status.looked):
        yield Note(text("not every address of {name} could be looked up", name=name))
    if missing or bare:
        names = tuple(dict.fromkeys([*(entry.node for entry in missing), *bare]))
        yield ManualStep(
            summary=text("Let {names} resolve to the gateway's addresses", names=names),
            why=text("receivers look the name up again, and believe it only if it leads back to the address"),
            system=System.DNS,
            steps=(
                *(_record(entry) for entry in missing),
                *(text("In the zone of {name}, add an A record with its public address.", name=name) for name in bare),
                text("Look: `seppcheck {phase} --only dns-ptr`.", phase=phase.phase.value),
            ),
            undo=(text("Take away the records that were added for {names}.", names=names),),
        )


def _answer(lookup: HostLookup | None, address: str) -> DnsAnswer | None:
    if lookup is None:
        return None
    return lookup.ipv4 if isinstance(ip_address(address), IPv4Address) else lookup.ipv6


def _holds(answer: DnsAnswer, entry: ReverseEntry) -> bool:
    return ip_address(entry.address) in map(ip_address, answer.values)


def _record(entry: ReverseEntry) -> Message:
    return text(
        "In the zone of {name}, add: {record}",
        name=entry.node,
        record=f"{entry.node}. IN {'A' if ip_address(entry.address).version == 4 else 'AAAA'} {entry.address}",  # noqa: PLR2004 - the IP version
    )
