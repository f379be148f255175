"""Zones hosted by a real PowerDNS, which octoDNS writes to through its HTTP API."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection, OctodnsSection
from tests.peers.bind import free_port
from tests.peers.pdns import PowerDns, pdns
from tests.peers.update_world import contents_of, head, reverse_text, zone_text

ADDRESS = "127.0.4.1"
KEY_VARIABLE = "SEPPCHECK_TEST_PDNS"
_SERVER = "ns1.hosting.test."


@dataclass
class HostedWorld:
    """A PowerDNS, and zones on it."""

    server: PowerDns
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh_zone(self) -> str:
        """Make a zone that no other test changes."""
        zone = f"h{next(self._numbers)}.test"
        self.server.add(zone, zone_text(_SERVER))
        return zone

    def fresh_reverse_zone(self) -> str:
        """The same for addresses 10.1.NUMBER.0/24."""
        zone = f"{next(self._numbers)}.1.10.in-addr.arpa"
        self.server.add(zone, reverse_text(_SERVER))
        return zone

    def settings(self, folder: Path, *zones: str, **provider: object) -> Settings:
        """Write octoDNS' configuration into a folder, and return settings that name it and read this world.

        Args:
            folder: for octodns.yaml.
            zones: what stands under `zones:`, without trailing dots.
            provider: further or other keys of the provider.
        """
        options = {
            "class": "octodns_powerdns.PowerDnsProvider",
            "host": "127.0.0.1",
            "port": self.server.http_port,
            "api_key": f"env/{KEY_VARIABLE}",
        } | provider
        lines = ["providers:", "  hosting:", *(f"    {key}: {value}" for key, value in options.items()), "zones:"]
        for zone in zones:
            lines += [f"  '{zone}.':" if zone != "*" else "  '*':", "    sources: []", "    targets: [hosting]"]
        (folder / "octodns.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        dns = DnsSection(resolvers=(ADDRESS,), port=self.server.port, authoritative_port=self.server.port, timeout=2)
        return Settings(folder=folder, dns=dns, octodns=OctodnsSection(config="octodns.yaml", provider="hosting"))

    def contents(self, zone: str) -> list[str]:
        """Every record of a zone but its SOA."""
        return contents_of(zone, ADDRESS, self.server.port)


@contextmanager
def hosted_world(folder: Path) -> Iterator[HostedWorld]:
    """Run it until the block ends."""
    hosts = f"{head(_SERVER)}ns1 A {ADDRESS}\n"
    with pdns(folder, ADDRESS, free_port((ADDRESS,)), {"hosting.test": hosts}) as server:
        os.environ[KEY_VARIABLE] = server.api_key
        yield HostedWorld(server)
        del os.environ[KEY_VARIABLE]
