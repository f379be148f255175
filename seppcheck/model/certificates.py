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
