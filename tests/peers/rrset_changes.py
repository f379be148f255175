"""The RRsets of the zones in `update_world` and `hosted_world`, and the changes that plans make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from seppcheck.model.changes import DnsImage
from seppcheck.planning.dns_images import quoted

LONG = "v=DKIM1; k=rsa; p=" + "A" * 372
SPF = '"v=spf1 include:spf.protection.outlook.com" " -all"'
VERIFICATION = '"verification=1; with \\"quotes\\" and a \\\\"'
BYTES = '"bytes \\195\\169 \\000"'

Images = tuple[DnsImage | None, DnsImage | None]


def mx(zone: str, ttl: int = 3600, *values: str) -> DnsImage:
    """The MX RRset of a zone, by default as it is at first."""
    return DnsImage(zone, "MX", ttl, values or ("10 parallel-mail.protection.outlook.com.", "20 second.example.net."))


def txt(zone: str) -> DnsImage:
    """The TXT RRset of a zone as it is at first: SPF beside other records."""
    return DnsImage(zone, "TXT", 7200, (BYTES, SPF, VERIFICATION))


def dkim(zone: str) -> DnsImage:
    """The DKIM key of a zone as it is at first, in two strings."""
    return DnsImage(f"seppmail._domainkey.{zone}", "TXT", 1800, (f'"{LONG[:200]}" "{LONG[200:]}"',))


def tlsa(zone: str) -> DnsImage:
    """The TLSA RRset of a zone's gateway as it is at first."""
    return DnsImage(f"_25._tcp.gateway.{zone}", "TLSA", 3600, ("3 1 1 " + "ab" * 32,))


def ptr(zone: str, host: str = "host-25.isp.example", ttl: int = 3600) -> DnsImage:
    """The PTR RRset of an address in a reverse zone, by default as it is at first."""
    return DnsImage(f"25.{zone}", "PTR", ttl, (host,))


def _new_spf(zone: str) -> DnsImage:
    return replace(txt(zone), ttl=300, values=(BYTES, '"v=spf1 ip4:192.0.2.25 -all"', VERIFICATION))


CHANGES: Mapping[str, Callable[[str], Images]] = {
    "TTL": lambda zone: (mx(zone), mx(zone, 300)),
    "MX": lambda zone: (mx(zone), mx(zone, 300, "10 secure.example.net.")),
    "SPF": lambda zone: (txt(zone), _new_spf(zone)),
    "DKIM": lambda zone: (dkim(zone), replace(dkim(zone), values=(quoted("v=DKIM1; k=rsa; p=" + "B" * 700),))),
    "PTR": lambda zone: (ptr(zone), ptr(zone, "secure.example.net", 300)),
    "TLSA removed": lambda zone: (tlsa(zone), None),
    "MTA-STS made": lambda zone: (None, DnsImage(f"_mta-sts.{zone}", "TXT", 60, ('"v=STSv1; id=1;"',))),
}
"""By what they change: from a zone (a reverse one for PTR) to the images before and after."""


def lines_of(image: DnsImage | None) -> Iterable[str]:
    """An RRset as `contents_of` shows it."""
    if image is not None:
        dot = "." if image.type == "PTR" else ""
        yield from (f"{image.name}. {image.ttl} {image.type} {value}{dot}" for value in image.values)
