"""What `init` shows of what it found."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from seppcheck.cli import Context
from seppcheck.discovery import FoundDomain, FoundGateway, likely_tenant
from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.model.microsoft import is_microsoft
from seppcheck.model.text import Message, text


def findings(context: Context, domains: Iterable[FoundDomain], gateway: FoundGateway) -> Iterator[str]:
    """Yield lines for a terminal."""
    domains = tuple(domains)
    for domain in domains:
        yield context.say(text("{domain}", domain=domain.name))
        yield f"  MX    {context.say(_mx(domain))}"
        yield f"  SPF   {context.say(_spf(domain))}"
    yield context.say(text("{gateway} (gateway)", gateway=gateway.name))
    for answer, kind in ((gateway.lookup.ipv4, "A"), (gateway.lookup.ipv6, "AAAA")):
        yield f"  {kind:5} {context.say(_values(answer))}"
    for address, pointer in gateway.pointers:
        yield f"  PTR   {context.say(_pointer(address, pointer))}"
    if tenant := likely_tenant(domains):
        yield context.say(text("{tenant} (tenant, by the DKIM selectors)", tenant=tenant))


def _mx(domain: FoundDomain) -> Message:
    if not domain.hosts:
        return _values(domain.mx)
    if all(is_microsoft(host) for host in domain.hosts):
        return text("{hosts} (Microsoft)", hosts=domain.hosts)
    if any(is_microsoft(host) for host in domain.hosts):
        return text("{hosts} (Microsoft and others)", hosts=domain.hosts)
    return text("{hosts} (not Microsoft)", hosts=domain.hosts)


def _spf(domain: FoundDomain) -> Message:
    if domain.spf.status is DnsStatus.ANSWER and not domain.spf.values:
        return text("none")
    return _values(domain.spf)


def _pointer(address: str, answer: DnsAnswer) -> Message:
    found = text("{address}: {names}", address=address, names=_values(answer))
    return found if ipaddress.ip_address(address).is_global else text("{found} (not a public address)", found=found)


def _values(answer: DnsAnswer) -> Message:
    if answer.values:
        return text("{values}", values=answer.values)
    if answer.status is DnsStatus.NXDOMAIN:
        return text("none; the name does not exist")
    if answer.status.looked:
        return text("none")
    return text("could not be looked up ({status} {detail})", status=answer.status.value, detail=answer.detail)
