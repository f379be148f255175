"""The gateway's addresses and their PTR records, read from real name servers."""

from __future__ import annotations

from datetime import UTC, datetime

from seppcheck.api import DnsStatus, Gateway, GatewayAddresses, Node, Reason, ReverseDns, Session, Unavailable
from seppcheck.sources.gateway_dns import gateway_addresses, reverse_dns
from tests.peers.dns_world import SILENT, DnsWorld


async def addresses_of(dns: DnsWorld, gateway: Gateway, *resolvers: str) -> GatewayAddresses | Unavailable:
    session = Session(dns.settings(*resolvers), lambda: datetime.now(UTC), 60)
    try:
        return await gateway_addresses(gateway, session)
    finally:
        await session.close()


async def reverse_of(dns: DnsWorld, *addresses: str) -> ReverseDns:
    session = Session(dns.settings(), lambda: datetime.now(UTC), 60)
    gateway = Gateway("secure.example.test", (Node("secure.example.test", addresses),))
    try:
        known = await gateway_addresses(gateway, session)
        assert isinstance(known, GatewayAddresses)
        return await reverse_dns(gateway, known, session)
    finally:
        await session.close()


async def test_a_gateway_without_configured_addresses_has_those_of_its_name(dns: DnsWorld) -> None:
    found = await addresses_of(dns, Gateway("secure.example.test"))

    assert isinstance(found, GatewayAddresses)
    assert found.addresses == ("192.0.2.25", "2001:db8::25")


async def test_configured_addresses_are_in_force_and_the_name_is_looked_up_all_the_same(dns: DnsWorld) -> None:
    found = await addresses_of(dns, Gateway("secure.example.test", (Node("secure.example.test", ("192.0.2.99",)),)))

    assert isinstance(found, GatewayAddresses)
    assert found.addresses == ("192.0.2.99",)
    assert found.nodes[0].lookup.addresses == ("192.0.2.25", "2001:db8::25")


async def test_a_name_that_does_not_exist_is_evidence_without_addresses(dns: DnsWorld) -> None:
    found = await addresses_of(dns, Gateway("missing.example.test"))

    assert isinstance(found, GatewayAddresses)
    assert found.addresses == ()
    assert found.nodes[0].lookup.ipv4.status is DnsStatus.NXDOMAIN


async def test_without_an_answer_the_addresses_are_unavailable(dns: DnsWorld) -> None:
    found = await addresses_of(dns, Gateway("secure.example.test"), SILENT)

    assert isinstance(found, Unavailable)
    assert found.reason is Reason.TIMEOUT
    assert "[gateway] addresses" in str(found.detail)


async def test_both_families_resolve_back_and_forth(dns: DnsWorld) -> None:
    entries = (await reverse_of(dns, "192.0.2.25", "2001:db8::25")).entries

    assert [entry.pointer.values for entry in entries] == [("secure.example.test",)] * 2
    assert all(entry.address in entry.forward[0].addresses for entry in entries)


async def test_a_classless_reverse_zone_is_reached_by_its_alias(dns: DnsWorld) -> None:
    entry = (await reverse_of(dns, "192.0.2.26")).entries[0]

    assert entry.pointer.values == ("mail.example.test",)
    assert entry.pointer.aliases == ("26.24-27.2.0.192.in-addr.arpa",)
    assert entry.forward[0].addresses == ("192.0.2.26",)


async def test_several_ptr_records_are_all_looked_up(dns: DnsWorld) -> None:
    entry = (await reverse_of(dns, "192.0.2.27")).entries[0]

    assert entry.pointer.values == ("other.example.test", "secure.example.test")
    assert [host.ipv4.status for host in entry.forward] == [DnsStatus.NXDOMAIN, DnsStatus.ANSWER]


async def test_an_address_without_ptr_is_nxdomain(dns: DnsWorld) -> None:
    assert (await reverse_of(dns, "192.0.2.77")).entries[0].pointer.status is DnsStatus.NXDOMAIN


async def test_markup_in_a_ptr_record_is_kept_as_it_is(dns: DnsWorld) -> None:
    pointer = (await reverse_of(dns, "192.0.2.28")).entries[0].pointer

    assert pointer.status is DnsStatus.ANSWER
    assert "<script>" in pointer.values[0]
