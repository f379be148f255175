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
