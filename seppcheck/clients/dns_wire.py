"""DNS messages on the wire: one question out, the records of a reply in (RFC 1035 section 4).

dnspython reads names and uncommon RDATA; it bounds compression pointers. The frame and the handful of
types that an audit reads thousands of times are read here, because a whole `dns.message.Message` with
its RRsets costs several times as much as the values that are kept of it.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.wire

from seppcheck.clients.dns_faults import PARSING, Fault, fault_of
from seppcheck.model.dns import DnsStatus

PAYLOAD = 1232
"""The EDNS payload that passes without fragments (RFC 9715 section 3, DNS flag day 2020)."""
NXDOMAIN = 3
_NO_QUESTION = (1, 2, 4, 5)  # FORMERR, SERVFAIL, NOTIMP, REFUSED come back without the question at times
_EDNS_UNKNOWN = (1, 4)  # FORMERR, NOTIMP: what servers say that do not know EDNS (RFC 6891 section 7)
_RCODES = {1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 9: "NOTAUTH", 10: "NOTZONE"}
_MOST_RECORDS = 2000
_IN = 1
_HEADER = 12
_AUTHORITATIVE, _TRUNCATED, _RECURSION_AVAILABLE = 0x0400, 0x0200, 0x0080
_QR_AND_OPCODE, _REPLY_TO_QUERY = 0xF8, 0x80
_ORDINARY = re.compile(rb"(?!.{254})[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")
_PLAIN = re.compile(rb"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_ESCAPED = re.compile(rb"[^ !#-\[\]-~]")


@cache
def type_number(rdtype: str) -> int:
    """Return the number of a type by its name, such as MX or TYPE65."""
    return int(dns.rdatatype.from_text(rdtype))


A, NS, CNAME, SOA, PTR, MX, TXT, AAAA = (
    type_number(name) for name in ("A", "NS", "CNAME", "SOA", "PTR", "MX", "TXT", "AAAA")
)


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record: owner and RDATA as text, names lower-case without a trailing dot.

    `rdata` is the RDATA of a TXT record as master-file text, whose strings `value` joins; "" for other types.
    """

    owner: str
    type: int
    ttl: int
    value: str
    rdata: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one question: a fault, or sections to read. `server` is who was asked."""

    server: str = ""
    fault: Fault | None = None
    rcode: int = 0
    authoritative: bool = False
    recursive: bool = False
    truncated: bool = False
    answer: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()

    @property
    def wants_plain(self) -> bool:
        """Whether the server seems not to understand EDNS."""
        return self.rcode in _EDNS_UNKNOWN

    @property
    def referral(self) -> str:
        """The zone whose servers it refers to instead of answering, or nothing."""
        if self.fault or self.authoritative or self.recursive or self.answer:
            return ""
        if any(record.type == SOA for record in self.authority):
            return ""
        return next((record.owner for record in self.authority if record.type == NS), "")


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it travels: the part that a reply must repeat, and its flags."""

    name: str
    type: int
    recursive: bool
    section: bytes

    def message(self, identifier: int, *, edns: bool = True) -> bytes:
        """Return the query with this id; EDNS announces what we take over UDP (RFC 6891)."""
        header = struct.pack("!HHHHHH", identifier, 0x0100 if self.recursive else 0, 1, 0, 0, int(edns))
        return header + self.section + (struct.pack("!BHHIH", 0, 41, PAYLOAD, 0, 0) if edns else b"")

    def answered_by(self, data: bytes) -> bool:
        """Tell whether a message is a reply to this question (its id is compared by the caller)."""
        if len(data) < _HEADER or data[2] & _QR_AND_OPCODE != _REPLY_TO_QUERY:
            return False
        if data[4:6] == b"\0\0":
            return data[3] & 0x0F in _NO_QUESTION
        asked = data[_HEADER : _HEADER + len(self.section)]
        return data[4:6] == b"\0\1" and asked[:-4].lower() + asked[-4:] == self.section


def question(name: str, rdtype: str, *, recursive: bool) -> Question:
    """Make a question.

    Raises:
        ValueError: when `name` is no DNS name or `rdtype` no type; the message says why.
    """
    try:
        kind = type_number(rdtype)
        wire = _wire_name(name)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(f"{name} {rdtype}: {error}") from error
    return Question(name, kind, recursive, wire + struct.pack("!HH", kind, _IN))


def _wire_name(name: str) -> bytes:
    plain = name.encode("ascii", "replace")
    if _ORDINARY.fullmatch(plain):
        return b"".join(bytes((len(label),)) + label for label in plain.lower().split(b".")) + b"\0"
    wire: bytes = dns.name.from_text(name).canonicalize().to_wire() or b""
    return wire


def read(data: bytes, server: str = "", rdtype: int = 0) -> Reply:
    """Read a reply. Whatever is wrong with it becomes its fault; nothing is raised.

    Args:
        data: the whole message.
        server: the address that it came from.
        rdtype: the type that was asked for; other uncommon types are passed over.
    """
    try:
        return _read(data, server, rdtype)
    except PARSING as error:
        return Reply(server, fault=fault_of(error))


def _read(data: bytes, server: str, rdtype: int) -> Reply:
    parser = dns.wire.Parser(data)
    _, flags, questions, *counts = parser.get_struct("!HHHHHH")
    rcode = flags & 0x0F
    if flags & _TRUNCATED:
        return Reply(server, rcode=rcode, truncated=True)
    if sum(counts) > _MOST_RECORDS:
        raise ValueError(f"{sum(counts)} records in one message")
    for _ in range(questions):
        dns.name.from_wire_parser(parser)
        parser.get_bytes(4)
    answer, authority = (tuple(_records(parser, count, rdtype)) for count in counts[:2])
    # Addresses that come along are only needed, and only believed, where a referral is to be followed.
    refers = not answer and not flags & (_AUTHORITATIVE | _RECURSION_AVAILABLE)
    return Reply(
        server=server,
        fault=_fault_of_rcode(rcode),
        rcode=rcode,
        authoritative=bool(flags & _AUTHORITATIVE),
        recursive=bool(flags & _RECURSION_AVAILABLE),
        answer=answer,
        authority=authority,
        additional=tuple(_records(parser, counts[2], rdtype)) if refers else (),
    )


def _fault_of_rcode(rcode: int) -> Fault | None:
    if rcode in (0, NXDOMAIN):
        return None
    status = DnsStatus.REFUSED if rcode == 5 else DnsStatus.SERVFAIL  # noqa: PLR2004 - RFC 1035's REFUSED
    return Fault(status, f"answered {_RCODES.get(rcode, f'RCODE {rcode}')}")


def _records(parser: dns.wire.Parser, count: int, rdtype: int) -> Iterator[Record]:
    for _ in range(count):
        owner = _text(dns.name.from_wire_parser(parser))
        kind, rdclass, ttl, length = parser.get_struct("!HHIH")
        with parser.restrict_to(length):
            decode = _DECODERS.get(kind)
            if rdclass == _IN and (decode or kind in (TXT, rdtype)):
                # RFC 2181 section 8: a TTL with the top bit set counts as zero
                ttl = ttl if ttl < 2**31 else 0
                if kind == TXT:
                    yield Record(owner, kind, ttl, *_txt(parser))
                else:
                    yield Record(owner, kind, ttl, decode(parser) if decode else _foreign(parser, kind))
            else:
                parser.get_remaining()


def _text(name: dns.name.Name) -> str:
    """Return a name lower-case and without its trailing dot; the root is a dot."""
    labels = name.labels
    plain = b".".join(labels[:-1])
    if _PLAIN.fullmatch(plain) and plain.count(b".") == len(labels) - 2:
        return plain.decode("ascii").lower()
    return name.to_text(omit_final_dot=True).lower()


def _name(parser: dns.wire.Parser) -> str:
    return _text(dns.name.from_wire_parser(parser))


def _ipv4(parser: dns.wire.Parser) -> str:
    return socket.inet_ntop(socket.AF_INET, parser.get_bytes(4))


def _ipv6(parser: dns.wire.Parser) -> str:
    return socket.inet_ntop(socket.AF_INET6, parser.get_bytes(16))


def _mx(parser: dns.wire.Parser) -> str:
    preference = parser.get_uint16()
    host = _name(parser)
    return f"{preference} {host}" if host == "." else f"{preference} {host}."


def _txt(parser: dns.wire.Parser) -> tuple[str, str]:
    """Return the strings joined, and the same as master-file text, string by string."""
    strings = []
    while parser.remaining():
        strings.append(parser.get_counted_bytes())
    return b"".join(strings).decode("ascii", "backslashreplace"), " ".join(map(_quoted, strings))


def _quoted(string: bytes) -> str:
    """Return one character-string as master-file text (RFC 1035 section 5.1)."""
    return '"' + _ESCAPED.sub(_escape, string).decode("ascii") + '"'


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\" + found[0] if found[0] in b'"\\' else b"\\%03d" % ord(found[0])


def _soa(parser: dns.wire.Parser) -> str:
    text = f"{_name(parser)} {_name(parser)}"
    parser.get_struct("!IIIII")
    return text


def _foreign(parser: dns.wire.Parser, kind: int) -> str:
    return dns.rdata.from_wire_parser(dns.rdataclass.IN, dns.rdatatype.RdataType(kind), parser).to_text()


_DECODERS: dict[int, Callable[[dns.wire.Parser], str]] = {
    A: _ipv4,
    NS: _name,
    CNAME: _name,
    SOA: _soa,
    PTR: _name,
    MX: _mx,
    AAAA: _ipv6,
}
