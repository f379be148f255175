"""Who writes the RRsets of a name, by what is configured; nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seppcheck.clients.octodns_config import EVERY_ZONE, Configuration, configuration
from seppcheck.model.dns import host_name
from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsUpdateSection


@dataclass(frozen=True, slots=True)
class DnsWriter:
    """A server that takes updates, or a provider of octoDNS; `zone` is "" where any name may be tried."""

    zone: str
    via: DnsUpdateSection | Configuration


def writer_for(settings: Settings, name: str) -> DnsWriter | None:
    """Return who is responsible for a name, or None.

    It is the one with the longest zone that the name lies in, [[dns.update]] before octoDNS where both have it. A
    [[dns.update]] without a zone takes the names that are left, then an octoDNS provider that lists its own zones.

    Raises:
        UserError: when [octodns] is configured, and octoDNS is not installed or its file cannot be used.
    """
    owner = host_name(name)
    fitting = [writer for writer in _writers(settings) if _lies_in(owner, writer.zone)]
    return max(fitting, key=lambda writer: len(writer.zone), default=None)


def _writers(settings: Settings) -> Iterator[DnsWriter]:
    for section in settings.dns.update:
        yield DnsWriter(section.zone or "", section)
    if hosted := configuration(settings):
        for zone in hosted.zones:
            yield DnsWriter("" if zone == EVERY_ZONE else zone, hosted)


def _lies_in(name: str, zone: str) -> bool:
    return not zone or name == zone or name.endswith(f".{zone}")
