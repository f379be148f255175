"""What both ways of writing DNS share: the fault, and RRsets as images and as dnspython's RDATA.

An image's values have the form that evidence has: names lower-case, a mail exchanger with its trailing dot, a PTR
target without, TXT in quotes, string by string.
"""

from __future__ import annotations

from collections.abc import Iterable

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.PTR
import dns.rdtypes.ANY.TXT

from seppcheck.model.changes import DnsImage
from seppcheck.model.dns import host_name
from seppcheck.model.text import Message, text

_LONGEST_STRING = 255
"""Octets of one character-string (RFC 1035 section 3.3)."""


class DnsWriteFault(Exception):  # noqa: N818 - a fault of the peer, as in `HttpFault`
    """An RRset could not be read or changed; the sentence names the server and what to do, and holds no secret.

    `unclear`: whether a change took effect is not known.
    """

    def __init__(self, detail: Message, *, unclear: bool = False) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.unclear = unclear


def rdatas_of(image: DnsImage) -> tuple[dns.rdata.Rdata, ...]:
    """Read an image's values; a name without trailing dot is meant to be complete.

    Raises:
        DnsWriteFault: for a value that is no RDATA of its type.
    """
    return tuple(_rdata_of(image, value) for value in image.values)


def _rdata_of(image: DnsImage, value: str) -> dns.rdata.Rdata:
    try:
        return dns.rdata.from_text("IN", image.type, value, origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise DnsWriteFault(
            text(
                "{value} is no {type} record of {name} ({problem}): correct the plan, or plan anew",
                value=value,
                type=image.type,
                name=image.name,
                problem=str(error) or type(error).__name__,
            )
        ) from None


def owner_of(image: DnsImage) -> dns.name.Name:
    """Return the name of an RRset.

    Raises:
        DnsWriteFault: when it is no DNS name.
    """
    try:
        return dns.name.from_text(image.name)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise DnsWriteFault(text("{name} is no DNS name: {problem}", name=image.name, problem=error)) from None


def image_of(name: str, rdtype: str, ttl: int, rdatas: Iterable[dns.rdata.Rdata]) -> DnsImage:
    """Return the image of an RRset, its values sorted."""
    return DnsImage(host_name(name), rdtype, ttl, tuple(sorted(map(_value_of, rdatas))))


def _value_of(rdata: dns.rdata.Rdata) -> str:
    match rdata:
        case dns.rdtypes.ANY.MX.MX():
            return f"{rdata.preference} {rdata.exchange.to_text().lower()}"
        case dns.rdtypes.ANY.PTR.PTR():
            return rdata.target.to_text(omit_final_dot=True).lower()
        case _:
            return rdata.to_text()


def txt_of(octets: bytes) -> str:
    """Return a TXT value as master-file text, cut into strings of at most 255 octets."""
    strings = [octets[at : at + _LONGEST_STRING] for at in range(0, len(octets), _LONGEST_STRING)] or [b""]
    return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings).to_text()


def same_rrset(one: DnsImage | None, other: DnsImage | None) -> bool:
    """Tell whether two images show the same RRset; None is one that is not there.

    Names are compared without case and trailing dot, TXT values by their strings joined, TTLs exactly.

    Raises:
        DnsWriteFault: for a value that is no RDATA of its type.
    """
    if one is None or other is None:
        return one is other
    return ((host_name(one.name), one.type, one.ttl) == (host_name(other.name), other.type, other.ttl)) and contents_of(
        one
    ) == contents_of(other)


def contents_of(image: DnsImage) -> list[bytes]:
    """Return an RRset's values in the form that is compared, sorted.

    Raises:
        DnsWriteFault: for a value that is no RDATA of its type.
    """
    return sorted(map(content_of, rdatas_of(image)))


def shown(image: DnsImage | None) -> Message:
    """Return an RRset as people read it."""
    if image is None:
        return text("no such record")
    return text("{values} (TTL {ttl})", values=image.values, ttl=image.ttl)


def changed_since(before: DnsImage | None, found: DnsImage | None, where: Message) -> DnsWriteFault:
    """Return the fault of an RRset that is not what a plan saw.

    Args:
        before: what the plan saw; not None where `found` is None.
        found: what is there now.
        where: who said so, such as "ns1.example.org port 53".
    """
    image = before or found
    return DnsWriteFault(
        text(
            "somebody changed {type} of {name} in between: at {where} there is {found}, and the plan saw {before}; "
            "nothing was written, plan anew",
            type=image.type if image else "-",
            name=image.name if image else "-",
            where=where,
            found=shown(found),
            before=shown(before),
        )
    )


def content_of(rdata: dns.rdata.Rdata) -> bytes:
    """Return one value in the form that is compared: TXT strings joined, others in canonical form (RFC 4034 6.2)."""
    if isinstance(rdata, dns.rdtypes.ANY.TXT.TXT):
        return b"".join(rdata.strings)
    return rdata.to_digestable()
