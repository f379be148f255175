"""A small world of DNS: a parent zone, two name servers that disagree, faulty ones, a resolver.

All servers share one port, since `dns.authoritative_port` is one number.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection, GatewaySection
from tests.peers.bind import bind, free_port
from tests.peers.relay import Relay, relay

PARENT, FIRST, SECOND, LAME, SILENT, NOBODY, RESOLVER = (
    "127.0.1.1",
    "127.0.1.2",
    "127.0.1.3",
    "127.0.1.4",
    "127.0.1.5",
    "127.0.1.6",
    "127.0.1.53",
)

_SOA = "$TTL 300\n@ SOA ns1.hoster.test. hostmaster.test. 1 3600 600 86400 60\n"
_ONE = _SOA + "@ NS ns1.hoster.test.\n"
_TWO = _ONE + "@ NS ns2.hoster.test.\n"
_LONG = " ".join(f'"{"x" * 200}{number}"' for number in range(9))


def _delegations() -> str:
    servers = {
        "example": "ns1 ns3",  # the zone itself says ns1 and ns2
        "lame": "ns1 ns3",
        "silent": "ns1 ns4",
        "dead": "ns1 ns5",
        "noaddress": "ns1 ns6",
        "six": "ns7",
        "shared": "ns1 shared",
        "unloaded": "ns1 ns2",
        "broken": "ns1",
        "texts": "ns1",
        "other": "ns2",
    }
    return "".join(f"{zone} NS {server}.hoster.test.\n" for zone, names in servers.items() for server in names.split())


_PARENT_ZONES = {
    "test": f"""{_SOA}
@ NS ns.test.
ns A {PARENT}
ns1.hoster A {FIRST}
ns2.hoster A {SECOND}
ns3.hoster A {LAME}
ns4.hoster A {SILENT}
ns5.hoster A {NOBODY}
ns6.hoster TXT "no address"
ns7.hoster AAAA ::1
shared.hoster A {FIRST}
glued NS ns.glued
ns.glued A {FIRST}
{_delegations()}"""
}

_EXAMPLE = """
@ MX 10 Secure.Example.TEST.
@ MX 20 mail
@ TXT "v=spf1 ip4:192.0.2.25" " -all"
@ TXT "verification=1"
seppmail._domainkey TXT "v=DKIM1; k=rsa; " "p=AAAA"
_dmarc TXT "v=DMARC1; p=none"
_dmarc TXT "something=else"
_mta-sts.unreachable TXT "v=STSv1; id=1"
_25._tcp.secure TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
secure A 192.0.2.25
secure AAAA 2001:db8::25
mail A 192.0.2.26
alias CNAME secure
nowhere CNAME missing.other.test.
abroad CNAME mx.other.test.
circle CNAME round
round CNAME circle
old DNAME example.test.
*.wild MX 5 mail
"""

_FIRST_ZONES = {
    "example.test": _TWO + _EXAMPLE,
    "lame.test": _ONE + "@ NS ns3.hoster.test.\n@ MX 10 secure.example.test.\n",
    "silent.test": _ONE + "@ NS ns4.hoster.test.\n@ MX 10 secure.example.test.\n",
    "dead.test": _ONE + "@ NS ns5.hoster.test.\n@ MX 10 secure.example.test.\n",
    "noaddress.test": _ONE + "@ NS ns6.hoster.test.\n",
    "six.test": _SOA + "@ NS ns7.hoster.test.\n@ MX 10 secure.example.test.\n",
    "shared.test": _ONE + "@ NS shared.hoster.test.\n@ MX 0 .\n",
    "unloaded.test": _TWO + "@ MX 10 secure.example.test.\n",
    "broken.test": "this is no zone file\n",
    "undelegated.test": _ONE,
    "glued.test": _SOA + f"@ NS ns.glued.test.\n@ MX 10 mail\nns A {FIRST}\n",
    "texts.test": _ONE
    + f"""
big TXT {_LONG}
two TXT "v=spf1 -all"
two TXT "V=SPF1 +all"
none TXT "v=spf10 -all"
bytes TXT "caf\\195\\169 \\027[31m<script>"
""",
    "2.0.192.in-addr.arpa": _ONE
    + """
25 PTR secure.example.test.
26 CNAME 26.24-27
24-27 NS ns2.hoster.test.
27 PTR secure.example.test.
27 PTR other.example.test.
28 PTR <script>alert\\(1\\)</script>.example.test.
""",
    "8.b.d.0.1.0.0.2.ip6.arpa": _ONE + f"5.2.{'0.' * 21}0 PTR secure.example.test.\n",
}

_SECOND_ZONES = {
    "example.test": (_TWO + _EXAMPLE).replace("$TTL 300", "$TTL 3600"),
    "unloaded.test": "neither is this\n",
    "other.test": _SOA + "@ NS ns2.hoster.test.\nmx MX 10 mail\nmail A 192.0.2.30\n",
    "24-27.2.0.192.in-addr.arpa": _SOA + "@ NS ns2.hoster.test.\n26 PTR mail.example.test.\n",
}


@dataclass(frozen=True)
class DnsWorld:
    """Where it listens. `first` is the relay before the first name server, to count and lose queries."""

    port: int
    direct: int
    first: Relay

    def settings(self, *resolvers: str, timeout: float = 1.0) -> Settings:
        """Settings that read this world, through its resolver unless told otherwise."""
        return Settings(
            gateway=GatewaySection(name="secure.example.test"),
            dns=DnsSection(
                resolvers=resolvers or (RESOLVER,), port=self.port, authoritative_port=self.port, timeout=timeout
            ),
        )


@contextmanager
def dns_world(folder: Path) -> Iterator[DnsWorld]:
    """Run the world until the block ends."""
    port = free_port((PARENT, FIRST, SECOND, LAME, SILENT, NOBODY, RESOLVER, "::1"))
    forwards = {
        **dict.fromkeys(_SECOND_ZONES, SECOND),
        **dict.fromkeys(_FIRST_ZONES, FIRST),
        **dict.fromkeys(_PARENT_ZONES, PARENT),
        ".": LAME,  # the world ends here: nothing is asked outside
    }
    with ExitStack() as stack:

        def serve(name: str, address: str, zones: dict[str, str], forwards: dict[str, str] | None = None) -> Relay:
            direct = free_port()
            home = folder / name
            stack.enter_context(bind(home, ("127.0.0.1",), direct, zones, forwards=forwards, forward_port=port))
            return stack.enter_context(relay(address, port, direct))

        first = serve("first", FIRST, _FIRST_ZONES)
        serve("second", SECOND, _SECOND_ZONES)
        serve("parent", PARENT, _PARENT_ZONES)
        serve("lame", LAME, {})
        serve("resolver", RESOLVER, {}, forwards)
        stack.enter_context(bind(folder / "six", ("::1",), port, {"six.test": _FIRST_ZONES["six.test"]}))
        silent = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        silent.bind((SILENT, port))
        yield DnsWorld(port, first.upstream, first)
