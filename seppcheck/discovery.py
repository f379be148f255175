"""What DNS tells about a gateway and its domains before anything is configured."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from seppcheck.errors import InvalidValueError
from seppcheck.model.dns import DnsAnswer, DnsStatus, HostLookup, mail_exchanger
from seppcheck.model.microsoft import is_microsoft
from seppcheck.names import a_label

_LONGEST = 15.0
"""Seconds that one question may take, whatever the resolvers do."""

_AT_ONCE = 50
# Where the CNAME at a DKIM selector of Exchange Online leads to: the tenant's initial domain, or since 2025
# a zone of Microsoft's in which the tenant's name stands in front (its form is not documented by Microsoft).
_TENANT = re.compile(
    r"selector[12]-[a-z0-9-]+\._domainkey\.(?P<name>[a-z0-9-]+)\."
    r"(?:onmicrosoft\.com|[a-z0-9]+-v1\.dkim\.mail\.microsoft)"
)


class Resolver(Protocol):
    """The part of the DNS client that discovery needs."""

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        """Return what the resolvers say."""

    async def host(self, name: str) -> HostLookup:
        """Return a host's addresses."""


@dataclass(frozen=True, slots=True)
class FoundDomain:
    """A domain: its MX, its SPF records (other TXT records are left out), its tenant's initial domain or ""."""

    name: str
    mx: DnsAnswer
    spf: DnsAnswer
    tenant: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The MX hosts, most preferred first."""
        return tuple(host for value in sorted(self.mx.values, key=_preference) if (host := mail_exchanger(value)))

    @property
    def gateways(self) -> tuple[str, ...]:
        """The MX hosts that are not Microsoft's and have a valid name."""
        return tuple(name for host in self.hosts if not is_microsoft(host) and (name := _valid(host)))


@dataclass(frozen=True, slots=True)
class FoundGateway:
    """A gateway: its addresses by name, and what each of them (or of those given) resolves back to."""

    name: str
    lookup: HostLookup
    pointers: tuple[tuple[str, DnsAnswer], ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address, those of the name first."""
        return tuple(address for address, _ in self.pointers)


async def look_at_domains(dns: Resolver, names: Iterable[str]) -> tuple[FoundDomain, ...]:
    """Look at every domain, some at the same time."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def look(name: str) -> FoundDomain:
        async with limit:
            return await _look_at_domain(dns, name)

    return tuple(await asyncio.gather(*(look(name) for name in names)))


async def _look_at_domain(dns: Resolver, name: str) -> FoundDomain:
    mx, txt, selector = await asyncio.gather(
        _bounded(dns.lookup(name, "MX")),
        _bounded(dns.lookup(name, "TXT")),
        _bounded(dns.lookup(f"selector1._domainkey.{name}", "TXT")),
    )
    records = tuple(value for value in txt.values if value.lower().split(" ")[0] == "v=spf1")
    spf = DnsAnswer(txt.status, records, txt.ttl, txt.aliases, txt.detail)
    return FoundDomain(name, mx, spf, _tenant(selector.aliases))


async def look_at_gateway(dns: Resolver, name: str, given: Sequence[str] = ()) -> FoundGateway:
    """Look up a gateway's addresses, and what they and the `given` ones resolve back to."""
    try:
        lookup = await asyncio.wait_for(dns.host(name), _LONGEST)
    except TimeoutError:
        late = DnsAnswer(DnsStatus.TIMEOUT)
        lookup = HostLookup(name, late, late)
    addresses = tuple(dict.fromkeys((*lookup.addresses, *given)))
    pointers = await asyncio.gather(*(pointer(dns, address) for address in addresses))
    return FoundGateway(name, lookup, tuple(zip(addresses, pointers, strict=True)))


async def pointer(dns: Resolver, address: str) -> DnsAnswer:
    """Look up the PTR records of an address."""
    return await _bounded(dns.lookup(ipaddress.ip_address(address).reverse_pointer, "PTR"))


def names_in(answer: DnsAnswer) -> tuple[str, ...]:
    """Return the valid host names of a PTR answer."""
    return tuple(name for value in answer.values if (name := _valid(value)))


def likely_gateway(domains: Iterable[FoundDomain]) -> str:
    """Return the one host that MX records already name besides Microsoft's; "" for none or several."""
    return _only(host for domain in domains for host in domain.gateways)


def likely_tenant(domains: Iterable[FoundDomain]) -> str:
    """Return the one tenant that the domains' DKIM selectors lead to; "" for none or several."""
    return _only(domain.tenant for domain in domains if domain.tenant)


def _only(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""


async def _bounded(question: Awaitable[DnsAnswer]) -> DnsAnswer:
    try:
        return await asyncio.wait_for(question, _LONGEST)
    except TimeoutError:
        return DnsAnswer(DnsStatus.TIMEOUT)


def _preference(value: str) -> int:
    number = value.partition(" ")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _valid(host: str) -> str:
    """Return a name that came from the network in canonical form, "" where it is no host name."""
    try:
        return a_label(host)
    except InvalidValueError:
        return ""


def _tenant(aliases: Iterable[str]) -> str:
    found = (_TENANT.fullmatch(alias.lower().rstrip(".")) for alias in aliases)
    return next((f"{match['name']}.onmicrosoft.com" for match in found if match), "")
