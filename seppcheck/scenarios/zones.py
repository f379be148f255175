"""The zones around every scenario, and those of its domains."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.scenarios.appliances import DOMAINS, microsoft_host
from seppcheck.scenarios.shape import GATEWAY, TENANT, ZoneData

_LOOPBACK_IPV6 = "1." + "0." * 31 + "ip6.arpa"

# Addresses are of documentation (RFC 5737), for nobody connects to them. The SPF record is split into two
# strings, as Microsoft's real one has outgrown 255 bytes more than once.
_MICROSOFT = ZoneData(
    "outlook.com",
    """
kunde-test.mail.protection   10 A   192.0.2.10
praxis-test.mail.protection  10 A   192.0.2.11
nachbar-test.mail.protection 10 A   192.0.2.12
spf.protection 600 TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 " "ip4:52.100.0.0/15 ip4:104.47.0.0/17 -all"
""",
)
_TENANTS = ZoneData("onmicrosoft.com", f"{TENANT.partition('.')[0]} MX 0 kunde-test.mail.protection.outlook.com.\n")

INTERNET = (
    *(ZoneData(origin) for origin in (".", "test", "com", "arpa", "in-addr.arpa", "ip6.arpa", "lab.test")),
    _MICROSOFT,
    _TENANTS,
)

# The gateway is reached where everything here is reached: on loopback. Where the machine has no IPv6
# loopback address the world leaves the AAAA out.
PROVIDER = ZoneData("secmail365.test", "secure A 127.0.0.1\nsecure AAAA ::1\n")

MX_AT_GATEWAY = f"10 {GATEWAY}."

LOWERED = 5
"""Seconds: the TTL of MX and SPF where the move is prepared, so that waiting for it can be rehearsed."""


def mx_at_microsoft(domain: str) -> str:
    """Return the MX of a domain at Microsoft."""
    return f"0 {microsoft_host(domain)}."


def reverse(*names: str) -> tuple[ZoneData, ...]:
    """Return the reverse zones of the gateway's two addresses."""
    pointers = "".join(f"{{}} PTR {name}.\n" for name in names)
    return (
        ZoneData("127.in-addr.arpa", pointers.replace("{}", "1.0.0")),
        ZoneData(_LOOPBACK_IPV6, pointers.replace("{}", "@")),
    )


def domain_zone(domain: str, mx: Sequence[str], *, ttl: int = 300) -> ZoneData:
    """Return the zone of a managed domain."""
    exchangers = "".join(f"@ {ttl} MX {value}\n" for value in mx)
    return ZoneData(
        domain,
        f"""{exchangers}
@ {ttl} TXT "v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"
_dmarc TXT "v=DMARC1; p=quarantine"
""",
    )


def sound_world(*, moved: bool, ttl: int = 300) -> tuple[ZoneData, ...]:
    """Return a world without faults in DNS, with the MX of every domain at the gateway or at Microsoft."""
    domains = (domain_zone(d, [MX_AT_GATEWAY if moved else mx_at_microsoft(d)], ttl=ttl) for d in DOMAINS)
    return (*INTERNET, PROVIDER, *reverse(GATEWAY), *domains)
