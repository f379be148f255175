"""A primary that takes signed updates, and a secondary that learns of them only when it is told: two real BINDs.

Every test takes zones of its own from `fresh_zone` and `fresh_reverse_zone`, all alike.
"""

from __future__ import annotations

import base64
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rdatatype
import dns.xfr
import dns.zone

from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection, DnsUpdateSection
from tests.peers.bind import Writing, bind, free_port
from tests.peers.relay import relay
from tests.peers.rrset_changes import LONG

PRIMARY, SECONDARY = "127.0.3.1", "127.0.3.2"
KEY, OTHER_KEY = "seppcheck.", "other."
SECRET = base64.b64encode(b"a secret of thirty-two octets ...").decode()
OTHER_SECRET = base64.b64encode(b"quite another secret, also long").decode()
SECRET_VARIABLE = "SEPPCHECK_TEST_TSIG"

_ZONES, _REVERSE_ZONES = 120, 30


def head(*servers: str) -> str:
    """The beginning of a zone file: SOA and NS."""
    return f"$TTL 3600\n@ SOA {servers[0]} hostmaster.hosts.test. 1 3600 600 86400 60\n" + "".join(
        f"@ NS {server}\n" for server in servers
    )


def zone_text(*servers: str) -> str:
    """A domain as it is before the move, with everything that may stand beside what is changed."""
    return f"""{head(*servers)}
@ 3600 MX 10 Parallel-Mail.protection.Outlook.com.
@ 3600 MX 20 second.example.net.
@ 7200 TXT "v=spf1 include:spf.protection.outlook.com" " -all"
@ 7200 TXT "verification=1; with \\"quotes\\" and a \\\\"
@ 7200 TXT "bytes \\195\\169 \\000"
seppmail._domainkey 1800 TXT "{LONG[:200]}" "{LONG[200:]}"
_dmarc 600 TXT "v=DMARC1; p=none"
_25._tcp.gateway TLSA 3 1 1 {"ab" * 32}
gateway A 192.0.2.25
alias CNAME gateway
*.wild TXT "anything"
below NS ns1.elsewhere.test.
"""


def reverse_text(*servers: str) -> str:
    """A reverse zone, with an alias into a part of it (RFC 2317)."""
    return f"""{head(*servers)}
25 3600 PTR Host-25.isp.example.
26 CNAME 26.24-27
26.24-27 PTR old.example.net.
"""


_SERVERS = ("ns1.hosts.test.", "ns2.hosts.test.")
_HOSTS = f"""{head(*_SERVERS)}
ns1 A {PRIMARY}
ns2 A {SECONDARY}
update A 127.0.0.1
gone TXT "no address"
"""


def contents_of(zone: str, address: str, port: int) -> list[str]:
    """Every record of a zone but its SOA (AXFR), sorted, with TTL and string boundaries; names in lower case."""
    found = dns.zone.Zone(zone, relativize=False)
    query, _ = dns.xfr.make_query(found)
    dns.query.inbound_xfr(address, found, query, port=port, timeout=5)
    return sorted(
        f"{name} {ttl} {rdata.rdtype.name} {rdata if rdata.rdtype == dns.rdatatype.TXT else str(rdata).lower()}"
        for name, ttl, rdata in found.iterate_rdatas()
        if rdata.rdtype != dns.rdatatype.SOA
    )


@dataclass
class UpdateWorld:
    """Where the two listen. `direct` is the primary's own port on 127.0.0.1, where updates go."""

    port: int
    direct: int
    secondary: int
    _zones: Iterator[int] = field(default_factory=itertools.count)
    _reverse: Iterator[int] = field(default_factory=itertools.count)

    def fresh_zone(self) -> str:
        """A zone that no other test changes."""
        number = next(self._zones)
        assert number < _ZONES, "too few zones"
        return f"z{number}.test"

    def fresh_reverse_zone(self) -> str:
        """The same for addresses 10.0.NUMBER.0/24."""
        number = next(self._reverse)
        assert number < _REVERSE_ZONES, "too few reverse zones"
        return f"{number}.0.10.in-addr.arpa"

    def section(self, zone: str | None = None, **changes: object) -> DnsUpdateSection:
        """A `[[dns.update]]` that is allowed to change every fresh zone."""
        given = {"server": "127.0.0.1", "port": self.direct, "zone": zone, "key_name": KEY} | changes
        return DnsUpdateSection.model_validate({"secret": f"env:{SECRET_VARIABLE}"} | given)

    def settings(self, *sections: DnsUpdateSection, timeout: float = 2.0) -> Settings:
        """Settings that read and write this world."""
        return Settings(
            dns=DnsSection(
                resolvers=(PRIMARY,),
                port=self.port,
                authoritative_port=self.port,
                timeout=timeout,
                update=sections or (self.section(),),
            )
        )

    def contents(self, zone: str, *, secondary: bool = False) -> list[str]:
        """Every record of a zone but its SOA, as `contents_of` gives them."""
        return contents_of(zone, "127.0.0.1", self.secondary if secondary else self.direct)

    def let_the_secondary_catch_up(self, zone: str) -> None:
        """Tell it that the zone has changed, and wait until it has the same."""
        notify = dns.message.make_query(zone, "SOA")
        notify.set_opcode(dns.opcode.NOTIFY)
        notify.flags = dns.opcode.to_flags(dns.opcode.NOTIFY) | dns.flags.AA
        deadline = time.monotonic() + 20
        while not self._are_alike(zone):
            assert time.monotonic() < deadline, "the secondary does not catch up"
            dns.query.udp(notify, "127.0.0.1", port=self.secondary, timeout=5)
            time.sleep(0.1)

    def _are_alike(self, zone: str) -> bool:
        try:
            return self.contents(zone) == self.contents(zone, secondary=True)
        except dns.xfr.TransferError:  # just started, it does not have the zone yet
            return False


@contextmanager
def update_world(folder: Path) -> Iterator[UpdateWorld]:
    """Run it until the block ends."""
    os.environ[SECRET_VARIABLE] = SECRET
    zones = {f"z{number}.test": zone_text(*_SERVERS) for number in range(_ZONES)}
    zones |= {f"{number}.0.10.in-addr.arpa": reverse_text(*_SERVERS) for number in range(_REVERSE_ZONES)}
    fixed = {"hosts.test": _HOSTS, "readonly.test": zone_text(*_SERVERS), "mxonly.test": zone_text(*_SERVERS)}
    updates = dict.fromkeys(zones, f'allow-update {{ key "{KEY}"; }};')
    updates["mxonly.test"] = f'update-policy {{ grant "{KEY}" zonesub MX; }};'
    keys = {KEY: ("hmac-sha256", SECRET), OTHER_KEY: ("hmac-sha512", OTHER_SECRET)}
    port = free_port((PRIMARY, SECONDARY))
    transfers = "transfers-out 200; transfers-in 100; transfers-per-ns 100;"  # the secondary asks for all at once
    options = f"allow-transfer {{ any; }}; {transfers} serial-query-rate 1000;"
    with ExitStack() as stack:
        direct, secondary = free_port(), free_port()

        def serve(name: str, at: int, zones: dict[str, str], writing: Writing) -> None:
            server = bind(folder / name, ("127.0.0.1",), at, zones, options=options, writing=writing)
            stack.enter_context(server)

        serve("primary", direct, fixed | zones, Writing(keys, updates))
        primaries = dict.fromkeys((*fixed, *zones), ("127.0.0.1", direct))
        serve("secondary", secondary, {}, Writing(keys, secondary_of=primaries))
        stack.enter_context(relay(PRIMARY, port, direct))
        stack.enter_context(relay(SECONDARY, port, secondary))
        yield UpdateWorld(port, direct, secondary)
    del os.environ[SECRET_VARIABLE]
