"""Which host names a certificate stands for."""

from __future__ import annotations


def covers(pattern: str, host: str) -> bool:
    """Tell whether a name of a certificate stands for a host (RFC 6125 section 6.4.3).

    A wildcard is the whole left-most label and covers exactly one label. Compared without case and
    trailing dot; both are in A-label form.
    """
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if not pattern.startswith("*."):
        return bool(pattern) and pattern == host
    label, _, parent = host.partition(".")
    return bool(label) and parent == pattern[2:] and "." in parent


def public_key_of(der: bytes) -> bytes | None:
    """Return the SubjectPublicKeyInfo of a certificate in DER (RFC 5280 section 4.1); None when it is none.

    TLSA records are made of it (RFC 6698 section 2.1.2).
    """
    try:
        body, _ = _inside(der, 0)
        at, _ = _inside(der, body)
        if der[at] == _VERSION:
            at = _behind(der, at)
        for _ in ("serialNumber", "signature", "issuer", "validity", "subject"):
            at = _behind(der, at)
        return der[at : _behind(der, at)] or None
    except IndexError:
        return None


_VERSION = 0xA0
_LONG_FORM = 0x80


def _inside(der: bytes, at: int) -> tuple[int, int]:
    """Return where the value of the element at `at` begins and ends (X.690 section 8.1)."""
    length, begin = der[at + 1], at + 2
    if length >= _LONG_FORM:
        count = length - _LONG_FORM
        length, begin = int.from_bytes(der[begin : begin + count]), begin + count
    if begin + length > len(der):
        raise IndexError(at)
    return begin, begin + length


def _behind(der: bytes, at: int) -> int:
    return _inside(der, at)[1]


def exchange_outbound_match(tls_domain: str, name: str) -> bool:
    """Tell whether Exchange Online takes a certificate's name for an outbound connector's TlsDomain.

    `host.dom` is met by host.dom, by `*.dom` (one label) and by `*.host.dom`; `*.dom` by `*.dom`, by dom
    and by x.dom, not by a.b.dom. Microsoft does not document this.
    """
    wanted, name = tls_domain.lower().rstrip("."), name.lower().rstrip(".")
    if not wanted or not name:
        return False
    if wanted.startswith("*."):
        return name in (wanted, wanted[2:]) or covers(wanted, name)
    return covers(name, wanted) or name == f"*.{wanted}"


def exchange_inbound_match(connector_name: str, name: str) -> bool:
    """Tell whether Exchange Online finds an inbound connector by a name of the certificate that is shown.

    It looks for the name itself, and for `*.` before each parent of at least two labels: host.dom.tld finds
    host.dom.tld and `*.dom.tld`; dom.tld does not find `*.dom.tld`, and `*.dom.tld` finds nothing but itself.
    Microsoft does not document this.
    """
    wanted, name = connector_name.lower().rstrip("."), name.lower().rstrip(".")
    if not wanted or not name or wanted == name:
        return bool(wanted) and wanted == name
    if name.startswith("*.") or not wanted.startswith("*."):
        return False
    return "." in wanted[2:] and name.endswith(wanted[1:])
