"""Images of RRsets, from what a zone's servers answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from seppcheck.model.changes import DnsImage
from seppcheck.model.dns import DnsAnswer, ServerAnswer, host_name

_LONGEST_STRING = 255
"""Octets of one character-string (RFC 1035 section 3.3)."""


def rrset_of(name: str, rdtype: str, servers: Iterable[ServerAnswer]) -> DnsImage | None:
    """Return the RRset that every server which answered serves, with the highest TTL; None when they disagree.

    A server that answered with no such record counts: one that lacks it disagrees.
    """
    heard = [each.answer for each in servers if each.answer.status.looked]
    found = {frozenset(_values(rdtype, answer)) for answer in heard}
    if len(found) != 1 or not any(found):
        return None
    ttl = max((answer.ttl for answer in heard if answer.ttl is not None), default=None)
    if ttl is None:
        return None
    return DnsImage(host_name(name), rdtype, ttl, tuple(sorted(_values(rdtype, heard[0]))))


def is_absent(servers: Iterable[ServerAnswer]) -> bool:
    """Tell whether every server that answered says that there is no such RRset, and at least one answered."""
    heard = [each.answer for each in servers if each.answer.status.looked]
    return bool(heard) and not any(answer.values or answer.rdata or answer.aliases for answer in heard)


def _values(rdtype: str, answer: DnsAnswer) -> Sequence[str]:
    if rdtype == "TXT":
        return answer.rdata or tuple(map(quoted, answer.values))
    return answer.values


def quoted(value: str) -> str:
    """Return a TXT value as master-file text, cut into strings of at most 255 octets (RFC 1035 section 5.1)."""
    octets = value.encode("utf-8", "surrogateescape")
    parts = [octets[at : at + _LONGEST_STRING] for at in range(0, len(octets), _LONGEST_STRING)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, part))}"' for part in parts)


def _escaped(octet: int) -> str:
    if octet in b'"\\':
        return f"\\{chr(octet)}"
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"  # noqa: PLR2004 - printable ASCII


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_ESCAPE = re.compile(r"\\(\d{3}|.)")


def unquoted(value: str) -> str:
    """Return the text of a TXT value: its strings joined without a separator (RFC 7208 section 3.3)."""
    joined = "".join(found[1] if found[1] is not None else found[2] for found in _STRING.finditer(value))
    octets = _ESCAPE.sub(lambda found: chr(int(found[1])) if found[1].isdigit() else found[1], joined)
    return octets.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def canonical(rdtype: str, value: str) -> str:
    """Return RDATA in the form that is compared: names without case and trailing dot, TXT as its joined text."""
    if rdtype == "TXT":
        return unquoted(value)
    words = value.lower().split()
    if rdtype == "TLSA":
        return " ".join((*words[:3], "".join(words[3:])))
    return " ".join((*words[:-1], words[-1].rstrip("."))) if words else ""


def equal(one: DnsImage | None, other: DnsImage | None, *, with_ttl: bool = True) -> bool:
    """Tell whether two RRsets are the same; None stands for none.

    Args:
        one: an RRset.
        other: another.
        with_ttl: whether the TTL has to be the same too.
    """
    if one is None or other is None:
        return one is other
    same = {canonical(one.type, value) for value in one.values} == {canonical(one.type, v) for v in other.values}
    ttl = one.ttl == other.ttl or not with_ttl
    return same and ttl and (host_name(one.name), one.type) == (host_name(other.name), other.type)


def changes_ttl_alone(before: DnsImage | None, after: DnsImage | None) -> bool:
    """Tell whether a change keeps the values: only then the TTL after is what it is about."""
    return before is not None and after is not None and equal(before, after, with_ttl=False)


def knows_ttl(image: DnsImage | None) -> bool:
    """Tell whether an image's TTL is that of the zone's own servers, who are asked for MX and SPF.

    PTR, TLSA and the records of names such as `_dmarc` are looked up through resolvers, whose TTL has run down.
    """
    if image is None or image.type not in ("MX", "TXT"):
        return False
    return not any(label.startswith("_") for label in image.name.split("."))
