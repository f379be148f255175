"""From a DNS request to its response: no sockets, only messages and zones."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum, auto

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.transaction

from seppcheck.lab.signatures import read, refusal
from seppcheck.lab.updates import Updates
from seppcheck.lab.zones import Zones

PAYLOAD = 1232
"""The UDP payload that the server offers and keeps to, in bytes (DNS flag day 2020)."""
_PLAIN_PAYLOAD = 512
_LONGEST = 65535
_HEADER = 12
_QR = 0x80
_MAX_ALIASES = 8
_REFUSED_TYPES = frozenset({dns.rdatatype.ANY, dns.rdatatype.AXFR, dns.rdatatype.IXFR})


def reply(wire: bytes, zones: Zones, *, datagram: bool, updates: Updates | None = None) -> bytes | None:
    """Answer one message; `None` for what gets no answer: noise and responses (RFC 1035 section 7.3), lost updates.

    Args:
        wire: the message.
        zones: those of the server that it came to.
        datagram: whether it came over UDP.
        updates: takes dynamic updates and knows the key of signed requests; without it there are neither.
    """
    if len(wire) < _HEADER or wire[2] & _QR:
        return None
    key = updates.key if updates else None
    try:
        query, fault = read(wire, key)
        response = respond(query, zones, updates) if fault is None else refusal(query, fault, key)
    except (dns.exception.DNSException, ValueError):
        return _form_error(wire)
    if response is None:
        return None
    return response.to_wire(max_size=_udp_limit(query) if datagram else _LONGEST, prefer_truncation=True)


def _udp_limit(query: dns.message.Message) -> int:
    return min(max(query.payload, _PLAIN_PAYLOAD), PAYLOAD) if query.edns >= 0 else _PLAIN_PAYLOAD


def _form_error(wire: bytes) -> bytes:
    """Return a header alone, with the query's id, opcode and RD bit."""
    return wire[:2] + struct.pack("!BBHHHH", _QR | wire[2] & 0x79, dns.rcode.FORMERR, 0, 0, 0, 0)


def respond(query: dns.message.Message, zones: Zones, updates: Updates | None = None) -> dns.message.Message | None:
    """Answer a query: with RD as a resolver that knows these zones alone, else with authority. Or take an update."""
    if updates and query.opcode() == dns.opcode.UPDATE:
        return updates.respond(query, zones)
    recursive = bool(query.flags & dns.flags.RD)
    response = dns.message.make_response(query, recursion_available=recursive, our_payload=PAYLOAD)
    refused = _refused(query)
    if refused is not None:
        response.set_rcode(refused)
    else:
        _fill(response, zones, recursive=recursive)
    return response


def _refused(query: dns.message.Message) -> dns.rcode.Rcode | None:
    if query.edns > 0:
        return dns.rcode.BADVERS
    if query.opcode() != dns.opcode.QUERY:
        return dns.rcode.NOTIMP
    if len(query.question) != 1:
        return dns.rcode.FORMERR
    question = query.question[0]
    unwanted = question.rdclass != dns.rdataclass.IN or question.rdtype in _REFUSED_TYPES
    return dns.rcode.REFUSED if unwanted else None


def _fill(response: dns.message.Message, zones: Zones, *, recursive: bool) -> None:
    """Follow the algorithm of RFC 1034 section 4.3.2, CNAMEs included."""
    question = response.question[0]
    name: dns.name.Name | None = question.name
    for _ in range(_MAX_ALIASES):
        found = None if name is None else _find(zones, name, question.rdtype)
        if found is None:
            if not response.answer:
                response.set_rcode(dns.rcode.REFUSED)
            return
        _put(response, found, zones, recursive=recursive)
        if found.kind is not Kind.ALIAS:
            return
        name = found.rrset[0].target
    if recursive:  # a loop of aliases: a resolver gives up, a zone's server has told what it knows
        response.answer.clear()
        response.set_rcode(dns.rcode.SERVFAIL)


class Kind(Enum):
    """What a zone says to a question."""

    ANSWER = auto()
    ALIAS = auto()
    REFERRAL = auto()
    NO_DATA = auto()
    NO_NAME = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """`rrset` is the answer, the CNAME, the NS RRset of the cut, or the SOA of a negative answer."""

    kind: Kind
    rrset: dns.rrset.RRset


def _put(response: dns.message.Message, found: Found, zones: Zones, *, recursive: bool) -> None:
    first = not response.answer
    if found.kind is Kind.REFERRAL and recursive:
        response.set_rcode(dns.rcode.SERVFAIL)  # the rest of the world is out of this resolver's reach
        return
    if first and not recursive and found.kind is not Kind.REFERRAL:
        response.flags |= dns.flags.AA
    if found.kind in (Kind.ANSWER, Kind.ALIAS):
        response.answer.append(found.rrset)
        return
    response.authority.append(found.rrset)
    if found.kind is Kind.NO_NAME:
        response.set_rcode(dns.rcode.NXDOMAIN)
    elif found.kind is Kind.REFERRAL:
        _add_glue(response, found.rrset, zones)


def _add_glue(response: dns.message.Message, servers: dns.rrset.RRset, zones: Zones) -> None:
    parent = zones.closest(servers.name, dns.rdatatype.DS)
    if parent is None:
        return
    with parent.reader() as version:
        for server in servers:
            for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
                addresses = version.get(server.target, kind) if server.target.is_subdomain(parent.origin) else None
                if addresses:
                    response.additional.append(_rrset(server.target, addresses))


def _find(zones: Zones, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Found | None:
    zone = zones.closest(name, rdtype)
    if zone is None or zone.origin is None:
        return None
    with zone.reader() as version:
        return _look_up(version, zone.origin, name, rdtype)


def _look_up(
    version: dns.transaction.Transaction,
    origin: dns.name.Name,
    name: dns.name.Name,
    rdtype: dns.rdatatype.RdataType,
) -> Found:
    cut = _cut(version, origin, name, rdtype)
    if cut is not None:
        return Found(Kind.REFERRAL, cut)
    owner = name if version.get_node(name) else _wildcard(version, origin, name)
    for kind, wanted in ((Kind.ANSWER, rdtype), (Kind.ALIAS, dns.rdatatype.CNAME)):
        rdataset = version.get(owner, wanted) if owner else None
        if rdataset:
            return Found(kind, _rrset(name, rdataset))
    exists = owner is not None or _has_below(version, name)
    return Found(Kind.NO_DATA if exists else Kind.NO_NAME, _negative(version, origin))


def _cut(
    version: dns.transaction.Transaction,
    origin: dns.name.Name,
    name: dns.name.Name,
    rdtype: dns.rdatatype.RdataType,
) -> dns.rrset.RRset | None:
    """Return the NS RRset of the topmost delegation on the way down from the apex to the name."""
    for depth in range(len(origin) + 1, len(name) + 1):
        _, ancestor = name.split(depth)
        servers = version.get(ancestor, dns.rdatatype.NS)
        if servers and not (ancestor == name and rdtype == dns.rdatatype.DS):
            return _rrset(ancestor, servers)
    return None


def _wildcard(version: dns.transaction.Transaction, origin: dns.name.Name, name: dns.name.Name) -> dns.name.Name | None:
    """Return the wildcard that stands for a name that does not exist (RFC 4592 section 3.3.1)."""
    if _has_below(version, name):
        return None
    encloser = name
    while encloser != origin:
        encloser = encloser.parent()
        if version.get_node(encloser) or _has_below(version, encloser):
            break
    source = dns.name.Name((b"*", *encloser.labels))
    return source if version.get_node(source) else None


def _has_below(version: dns.transaction.Transaction, name: dns.name.Name) -> bool:
    """Tell whether a name exists for what is below it alone (an empty non-terminal, RFC 8020)."""
    return any(other.is_subdomain(name) for other in version.iterate_names())


def _negative(version: dns.transaction.Transaction, origin: dns.name.Name) -> dns.rrset.RRset:
    """Return the SOA as negative answers carry it: TTL at most its MINIMUM (RFC 2308 section 3)."""
    soa = version.get(origin, dns.rdatatype.SOA)
    if soa is None:
        raise LookupError(origin)
    return dns.rrset.from_rdata_list(origin, min(soa.ttl, soa[0].minimum), list(soa))


def _rrset(name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> dns.rrset.RRset:
    return dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))
