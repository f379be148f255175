"""The recorded runs that a scenario's world has behind it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import dns.name
import dns.rdatatype
import dns.rdtypes.txtbase

from seppcheck.lab.zones import NameServers, Zones
from seppcheck.scenarios.shape import PastRun, Scenario
from seppcheck.scenarios.zones import MX_AT_GATEWAY, mx_at_microsoft


def recorded(scenario: Scenario, zones: Zones, servers: NameServers, now: datetime) -> dict[str, str]:
    """Return the history's files by name: today's records, with the TTL and, where it differed, the MX of their day."""
    return dict(_file(scenario, run, zones, servers, now - timedelta(days=run.days_ago)) for run in scenario.past)


def _file(scenario: Scenario, run: PastRun, zones: Zones, servers: NameServers, at: datetime) -> tuple[str, str]:
    content = {
        "schema_version": 1,
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "phase": run.phase,
        "verdict": run.verdict,
        "domains": {domain: _domain(domain, run, zones, servers) for domain in scenario.domains},
        "hold": dict.fromkeys(scenario.domains, run.hold) if run.hold else {},
    }
    return f"{at:%Y%m%dT%H%M%SZ}.json", json.dumps(content, indent=1, sort_keys=True) + "\n"


def _domain(domain: str, run: PastRun, zones: Zones, servers: NameServers) -> dict[str, object]:
    mx = {None: _values(domain, "MX", zones), "gateway": [MX_AT_GATEWAY], "microsoft": [mx_at_microsoft(domain)]}
    values = {"mx": mx[run.mx], "spf": _values(domain, "TXT", zones)}
    return {
        kind: {
            "servers": [
                {"server": server, "address": address, "ttl": run.ttl, "values": texts}
                for server, addresses in servers.items()
                for address in addresses
            ]
        }
        for kind, texts in values.items()
    }


def _values(domain: str, rdtype: str, zones: Zones) -> list[str]:
    owner, kind = dns.name.from_text(domain), dns.rdatatype.from_text(rdtype)
    zone = zones.closest(owner, kind)
    rdataset = zone.get_rdataset(owner, kind) if zone else None
    return sorted(_text(rdata) for rdata in rdataset or ())


def _text(rdata: object) -> str:
    if isinstance(rdata, dns.rdtypes.txtbase.TXTBase):
        return b"".join(rdata.strings).decode("ascii")
    return str(rdata)
