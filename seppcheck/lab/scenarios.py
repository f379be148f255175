"""What the lab's world looks like: plain data, one scenario each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seppcheck.errors import UserError
from seppcheck.model.text import Message, text

GATEWAY = "secure.secmail365.test"
"""Names are of `.test`, which no one can own (RFC 6761 section 6.2)."""

NAME_SERVERS = ("ns1.lab.test", "ns2.lab.test")

_LOOPBACK_IPV6 = "1." + "0." * 31 + "ip6.arpa"


@dataclass(frozen=True, slots=True)
class ZoneData:
    """A zone as master-file lines (RFC 1035 section 5.1), relative to `origin`, 300 s unless said.

    SOA, NS, delegations and glue are the world's: they depend on the addresses that it finds.
    """

    origin: str
    records: str = ""


@dataclass(frozen=True, slots=True)
class Presented:
    """The certificate that the gateway presents; days are counted from the lab's clock."""

    names: tuple[str, ...] = (GATEWAY,)
    since_days: int = -30
    until_days: int = 335
    with_intermediate: bool = True


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of seppcheck that this world has behind it: every server served `ttl` then."""

    days_ago: int
    ttl: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world: zones, the gateway's mail service, the managed domains and what happened before.

    `second_server` holds RRsets that replace those of `zones` on the second name server alone; where
    the machine has one loopback address only, its one server serves them.
    """

    name: str
    summary: Message
    domains: tuple[str, ...]
    zones: tuple[ZoneData, ...]
    second_server: tuple[ZoneData, ...] = ()
    banner: str = f"{GATEWAY} ESMTP"
    presented: Presented = Presented()
    past: tuple[PastRun, ...] = ()
    gateway: str = GATEWAY


# The Internet around: addresses are of documentation (RFC 5737), for nobody connects to them. The SPF
# record is split into two strings, as Microsoft's real one has outgrown 255 bytes more than once.
_MICROSOFT = ZoneData(
    "outlook.com",
    """
kunde-test.mail.protection   10 A   192.0.2.10
praxis-test.mail.protection  10 A   192.0.2.11
spf.protection 600 TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 " "ip4:52.100.0.0/15 ip4:104.47.0.0/17 -all"
""",
)
_INTERNET = (
    *(ZoneData(origin) for origin in (".", "test", "com", "arpa", "in-addr.arpa", "ip6.arpa", "lab.test")),
    _MICROSOFT,
)

# The gateway is reached where everything here is reached: on loopback. Where the machine has no IPv6
# loopback address the world leaves the AAAA out.
_PROVIDER = ZoneData("secmail365.test", "secure A 127.0.0.1\nsecure AAAA ::1\n")

READY = Scenario(
    name="ready",
    summary=text(
        "everything that the guide wants before the migration is done, and the TTL was lowered three days ago"
    ),
    domains=("kunde.test", "praxis.test"),
    zones=(
        *_INTERNET,
        _PROVIDER,
        ZoneData("127.in-addr.arpa", f"1.0.0 PTR {GATEWAY}.\n"),
        ZoneData(_LOOPBACK_IPV6, f"@ PTR {GATEWAY}.\n"),
        ZoneData(
            "kunde.test",
            f"""
@      MX  0 kunde-test.mail.protection.outlook.com.
@      TXT "v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"
_dmarc TXT "v=DMARC1; p=quarantine"
""",
        ),
        ZoneData(
            "praxis.test",
            f"""
@      MX  0 praxis-test.mail.protection.outlook.com.
@      TXT "v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"
_dmarc TXT "v=DMARC1; p=quarantine"
""",
        ),
    ),
    past=(PastRun(8, 3600, "failed"), PastRun(3, 300, "passed")),
)

BROKEN = Scenario(
    name="broken",
    summary=text("the usual faults: PTR and banner of another name, high TTLs, no SPF, an expired certificate"),
    domains=("kunde.test", "praxis.test"),
    zones=(
        *_INTERNET,
        ZoneData("secmail365.test", f"{_PROVIDER.records}mail A 127.0.0.1\n"),
        ZoneData("127.in-addr.arpa", "1.0.0 PTR mail.secmail365.test.\n"),
        ZoneData(_LOOPBACK_IPV6, f"@ PTR {GATEWAY}.\n@ PTR mail.secmail365.test.\n"),
        ZoneData(
            "kunde.test",
            """
@      MX  0 kunde-test.mail.protection.outlook.com.
@ 3600 TXT "v=spf1 include:spf.protection.outlook.com -all"
""",
        ),
        ZoneData("praxis.test", "@ MX 0 praxis-test.mail.protection.outlook.com.\n"),
    ),
    second_server=(ZoneData("kunde.test", "@ 3600 MX 0 kunde-test.mail.protection.outlook.com.\n"),),
    banner="mail.secmail365.test ESMTP",
    presented=Presented(names=("mail.secmail365.test",), since_days=-368, until_days=-3),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({scenario.name: scenario for scenario in (READY, BROKEN)})


def named(name: str) -> Scenario:
    """Return a scenario by its name.

    Raises:
        UserError: for one that there is not; it names those there are.
    """
    if name not in SCENARIOS:
        raise UserError("there is no lab scenario {name}; there are: {known}", name=repr(name), known=tuple(SCENARIOS))
    return SCENARIOS[name]
