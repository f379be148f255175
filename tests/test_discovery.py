"""What DNS tells before anything is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from seppcheck import discovery
from seppcheck.discovery import (
    FoundDomain,
    likely_gateway,
    likely_tenant,
    look_at_domains,
    look_at_gateway,
    names_in,
)
from seppcheck.model.dns import DnsAnswer, DnsStatus, HostLookup

NOTHING = DnsAnswer(DnsStatus.NXDOMAIN)


def answer(*values: str, aliases: tuple[str, ...] = ()) -> DnsAnswer:
    return DnsAnswer(DnsStatus.ANSWER, values, 300, aliases)


class Records:
    """A resolver that answers from a table."""

    def __init__(self, table: Mapping[tuple[str, str], DnsAnswer]) -> None:
        self.table = table

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        return self.table.get((name, rdtype), NOTHING)

    async def host(self, name: str) -> HostLookup:
        return HostLookup(name, await self.lookup(name, "A"), await self.lookup(name, "AAAA"))


class Silent(Records):
    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        await asyncio.sleep(60)
        return NOTHING


def domain(name: str, *mx: str, tenant: str = "") -> FoundDomain:
    return FoundDomain(name, answer(*mx), NOTHING, tenant)


async def test_a_domain_shows_its_mx_spf_and_tenant() -> None:
    dns = Records(
        {
            ("example.org", "MX"): answer("20 backup.example.org.", "10 Example-Org.mail.protection.outlook.com."),
            ("example.org", "TXT"): answer("MS=1", "V=SPF1 -all", "v=spf10 x"),
            ("selector1._domainkey.example.org", "TXT"): answer(
                aliases=("selector1-example-org._domainkey.contoso.onmicrosoft.com.",)
            ),
        }
    )
    (found,) = await look_at_domains(dns, ["example.org"])
    assert found.hosts == ("example-org.mail.protection.outlook.com", "backup.example.org")
    assert found.gateways == ("backup.example.org",)
    assert found.spf.values == ("V=SPF1 -all",)
    assert found.tenant == "contoso.onmicrosoft.com"


@pytest.mark.parametrize(
    ("alias", "tenant"),
    [
        ("selector1-a-b._domainkey.contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("Selector2-a-b._domainkey.contoso.y-v1.dkim.mail.microsoft.", "contoso.onmicrosoft.com"),
        ("selector1.dkim.example.net", ""),
        ("selector1-a-b._domainkey.a\x1bb.onmicrosoft.com", ""),
    ],
)
async def test_the_alias_of_a_dkim_selector_names_the_tenant(alias: str, tenant: str) -> None:
    dns = Records({("selector1._domainkey.a.b", "TXT"): answer(aliases=(alias,))})
    assert (await look_at_domains(dns, ["a.b"]))[0].tenant == tenant


async def test_a_gateway_shows_addresses_and_what_they_resolve_back_to() -> None:
    dns = Records(
        {
            ("gw.example.org", "A"): answer("192.0.2.1"),
            ("gw.example.org", "AAAA"): answer("2001:db8::1"),
            ("1.2.0.192.in-addr.arpa", "PTR"): answer("gw.example.org."),
        }
    )
    found = await look_at_gateway(dns, "gw.example.org", ["192.0.2.9", "192.0.2.1"])
    assert found.addresses == ("192.0.2.1", "2001:db8::1", "192.0.2.9")
    assert [names_in(pointer) for _, pointer in found.pointers] == [("gw.example.org",), (), ()]


async def test_a_silent_resolver_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_LONGEST", 0.01)
    (found,) = await look_at_domains(Silent({}), ["example.org"])
    gateway = await look_at_gateway(Silent({}), "gw.example.org")
    assert found.mx.status is found.spf.status is DnsStatus.TIMEOUT
    assert gateway.lookup.ipv4.status is DnsStatus.TIMEOUT


def test_the_gateway_is_the_one_host_that_is_not_microsofts() -> None:
    microsoft, gateway = "0 x.mail.protection.outlook.com.", "10 GW.example.org."
    assert (
        likely_gateway([domain("a.b", microsoft), domain("c.d", gateway), domain("e.f", gateway)]) == "gw.example.org"
    )
    assert likely_gateway([domain("a.b", microsoft, "0 x.y-v1.mx.microsoft.")]) == ""
    assert likely_gateway([domain("a.b", gateway), domain("c.d", "10 other.example.org.")]) == ""
    assert likely_gateway([domain("a.b", "0 .")]) == ""
    assert likely_gateway([domain("a.b", "10 <script>.example.")]) == ""


def test_the_tenant_is_the_one_that_all_lead_to() -> None:
    assert likely_tenant([domain("a.b", tenant="t.onmicrosoft.com"), domain("c.d")]) == "t.onmicrosoft.com"
    assert likely_tenant([domain("a.b", tenant="t.x"), domain("c.d", tenant="u.x")]) == ""
