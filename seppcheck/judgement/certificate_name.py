"""Which certificate names an inbound connector may demand (guide I4)."""

from __future__ import annotations

import re
from collections.abc import Collection

_HOST = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def may_be_demanded(name: str, gateways: Collection[str], domains: Collection[str]) -> bool:
    """Tell whether a name is the gateway's, under or equal to a managed domain, or a wildcard of either.

    Args:
        name: what the connector demands, in lower case.
        gateways: every name of the gateway.
        domains: the managed domains.
    """
    if name in gateways:
        return True
    base = name.removeprefix("*.")
    if "*" in base or "." not in base:
        return False
    if name.startswith("*.") and any(gateway.partition(".")[2] == base for gateway in gateways):
        return True
    return any(base == domain or base.endswith(f".{domain}") for domain in domains)


def is_host_or_wildcard(name: str) -> bool:
    """Tell whether Exchange Online takes a name, in lower case: a host of at least two labels, or `*.` before one."""
    return _HOST.fullmatch(name) is not None
