"""MX and SPF of a domain, read from real name servers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from seppcheck.api import DnsStatus, Domain, MxRecords, Reason, Session, SpfRecords, Unavailable
from seppcheck.settings import Settings
from seppcheck.sources.domain_dns import mx_records, spf_records
from tests.peers.dns_world import FIRST, LAME, NOBODY, PARENT, RESOLVER, SECOND, SILENT, DnsWorld
from tests.peers.hostile_dns import hostile_dns, question_of, reply


async def read_mx(settings: Settings, name: str) -> MxRecords | Unavailable:
    session = Session(settings, lambda: datetime.now(UTC), 60)
    try:
        return await mx_records(Domain(name), session)
    finally:
        await session.close()


async def mx(dns: DnsWorld, name: str, *resolvers: str) -> MxRecords:
    found = await read_mx(dns.settings(*resolvers), name)
    assert isinstance(found, MxRecords), found
    return found


async def spf(dns: DnsWorld, name: str) -> SpfRecords:
    session = Session(dns.settings(), lambda: datetime.now(UTC), 60)
    try:
        found = await spf_records(Domain(name), session)
    finally:
        await session.close()
    assert isinstance(found, SpfRecords), found
    return found


def statuses(found: MxRecords | SpfRecords) -> dict[str, DnsStatus]:
    return {server.address: server.answer.status for server in found.servers}


async def test_every_server_of_parent_and_zone_is_asked_and_their_ttls_stay_apart(dns: DnsWorld) -> None:
    found = await mx(dns, "example.test")

    assert found.zone.own == ("ns1.hoster.test", "ns2.hoster.test")
    assert found.zone.parental == ("ns1.hoster.test", "ns3.hoster.test")
    assert (found.zone.parent, found.zone.parent_known, found.zone.parent_status) == ("test", True, DnsStatus.ANSWER)
    assert statuses(found) == {FIRST: DnsStatus.ANSWER, SECOND: DnsStatus.ANSWER, LAME: DnsStatus.REFUSED}
    assert {s.address: s.answer.ttl for s in found.servers} == {FIRST: 300, SECOND: 3600, LAME: None}
    assert found.servers[0].answer.values == ("10 secure.example.test.", "20 mail.example.test.")


async def test_mx_targets_are_looked_up_in_both_families_and_the_resolver_is_heard_too(dns: DnsWorld) -> None:
    found = await mx(dns, "example.test")

    hosts = {host.name: host for host in found.hosts}
    assert hosts["secure.example.test"].addresses == ("192.0.2.25", "2001:db8::25")
    assert hosts["mail.example.test"].ipv6.status is DnsStatus.NODATA
    assert [seen.address for seen in found.resolvers] == [RESOLVER]
    assert found.resolvers[0].answer.values == found.servers[0].answer.values


async def test_a_lame_server_answers_refused(dns: DnsWorld) -> None:
    assert statuses(await mx(dns, "lame.test")) == {FIRST: DnsStatus.ANSWER, LAME: DnsStatus.REFUSED}


async def test_a_silent_server_is_a_time_out(dns: DnsWorld) -> None:
    assert statuses(await mx(dns, "silent.test")) == {FIRST: DnsStatus.ANSWER, SILENT: DnsStatus.TIMEOUT}


async def test_a_host_without_a_name_server_is_unreachable(dns: DnsWorld) -> None:
    assert statuses(await mx(dns, "dead.test")) == {FIRST: DnsStatus.ANSWER, NOBODY: DnsStatus.UNREACHABLE}


async def test_a_name_server_without_address_is_told_by_name(dns: DnsWorld) -> None:
    found = await mx(dns, "noaddress.test")

    nameless = next(server for server in found.servers if not server.address)
    assert (nameless.server, nameless.answer.status) == ("ns6.hoster.test", DnsStatus.NO_ADDRESS)


async def test_a_server_that_could_not_load_the_zone_answers_servfail(dns: DnsWorld) -> None:
    assert statuses(await mx(dns, "unloaded.test")) == {FIRST: DnsStatus.ANSWER, SECOND: DnsStatus.SERVFAIL}


async def test_a_server_at_an_ipv6_address_is_asked(dns: DnsWorld) -> None:
    assert statuses(await mx(dns, "six.test")) == {"::1": DnsStatus.ANSWER}


async def test_two_names_with_one_address_are_asked_once(dns: DnsWorld) -> None:
    found = await mx(dns, "shared.test")

    assert [(s.server, s.address) for s in found.servers] == [("ns1.hoster.test, shared.hoster.test", FIRST)]


async def test_a_null_mx_is_a_value_without_a_host(dns: DnsWorld) -> None:
    found = await mx(dns, "shared.test")

    assert found.servers[0].answer.values == ("0 .",)
    assert found.hosts == ()


async def test_a_zone_whose_servers_all_fail_is_unavailable_and_says_what_to_do(dns: DnsWorld) -> None:
    found = await read_mx(dns.settings(), "broken.test")

    assert isinstance(found, Unavailable)
    assert found.reason is Reason.DNS_ERROR
    assert RESOLVER in str(found.detail)
    assert "[dns] resolvers" in str(found.detail)


async def test_a_resolver_that_does_not_answer_is_a_time_out(dns: DnsWorld) -> None:
    found = await read_mx(dns.settings(SILENT), "example.test")

    assert isinstance(found, Unavailable)
    assert found.reason is Reason.TIMEOUT


async def test_the_second_resolver_is_asked_where_the_first_is_silent(dns: DnsWorld) -> None:
    found = await mx(dns, "texts.test", SILENT, RESOLVER)

    assert [seen.answer.status for seen in found.resolvers] == [DnsStatus.TIMEOUT, DnsStatus.NODATA]
    assert statuses(found) == {FIRST: DnsStatus.NODATA}


async def test_a_domain_that_does_not_exist_is_nxdomain_at_the_enclosing_zones_servers(dns: DnsWorld) -> None:
    found = await mx(dns, "nowhere-at-all.test")

    assert found.zone.zone == "test"
    assert statuses(found) == {PARENT: DnsStatus.NXDOMAIN}


async def test_a_domain_inside_a_bigger_zone_is_read_from_that_zones_servers(dns: DnsWorld) -> None:
    found = await mx(dns, "Any.Wild.Example.Test.")

    assert found.zone.zone == "example.test"
    assert found.servers[0].answer.values == ("5 mail.example.test.",)


async def test_a_zone_that_its_parent_does_not_delegate_is_said_to_be_so(dns: DnsWorld) -> None:
    found = await mx(dns, "undelegated.test")

    assert (found.zone.parent_known, found.zone.parent_status) == (True, DnsStatus.NXDOMAIN)
    assert found.zone.own == ("ns1.hoster.test",)


async def test_a_resolver_that_only_serves_zones_is_enough_for_its_zones(dns: DnsWorld) -> None:
    found = await mx(dns, "glued.test", FIRST)

    assert not found.zone.parent_known
    assert found.zone.parent_status is DnsStatus.REFUSED
    assert statuses(found) == {FIRST: DnsStatus.ANSWER}


async def test_a_resolver_that_only_refers_is_followed_by_its_glue(dns: DnsWorld) -> None:
    found = await mx(dns, "glued.test", PARENT)

    assert (found.zone.zone, found.zone.own, found.zone.parental) == (
        "glued.test",
        ("ns.glued.test",),
        ("ns.glued.test",),
    )
    assert found.servers[0].answer.values == ("10 mail.glued.test.",)


def resolver_misled_by_a_lame_server(dns: DnsWorld, zone: str) -> Callable[[bytes], Iterable[bytes]]:
    """A resolver that has for the zone's own SOA and NS but an empty answer, as one without authority gave it."""
    own_name = b"".join(bytes([len(label)]) + label for label in zone.encode().split(b".")) + b"\0"

    def answer(query: bytes) -> Iterable[bytes]:
        if question_of(query)[:-4].lower() == own_name and question_of(query)[-4:-2] in (b"\0\x06", b"\0\x02"):
            return [reply(query)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
            onward.settimeout(1)
            onward.sendto(query, (RESOLVER, dns.port))
            return [onward.recv(4096)]

    return answer


async def test_a_zone_that_a_lame_server_hides_from_the_resolvers_is_found_at_its_parent(dns: DnsWorld) -> None:
    with hostile_dns(resolver_misled_by_a_lame_server(dns, "lame.test")) as port:
        settings = dns.settings("127.0.0.1")
        found = await read_mx(
            settings.model_copy(update={"dns": settings.dns.model_copy(update={"port": port})}), "lame.test"
        )

    assert isinstance(found, MxRecords), found
    assert (found.zone.zone, found.zone.parent) == ("lame.test", "test")
    assert statuses(found) == {FIRST: DnsStatus.ANSWER, LAME: DnsStatus.REFUSED}


async def test_an_alias_within_the_zone_is_followed(dns: DnsWorld) -> None:
    answer = (await mx(dns, "alias.example.test")).servers[0].answer

    assert (answer.status, answer.aliases) == (DnsStatus.NODATA, ("secure.example.test",))


async def test_an_alias_into_another_zone_is_followed_to_its_servers(dns: DnsWorld) -> None:
    answer = (await mx(dns, "abroad.example.test")).servers[0].answer

    assert (answer.status, answer.values) == (DnsStatus.ANSWER, ("10 mail.other.test.",))
    assert answer.aliases == ("mx.other.test",)


async def test_an_alias_to_a_name_that_does_not_exist_is_nxdomain(dns: DnsWorld) -> None:
    answer = (await mx(dns, "nowhere.example.test")).servers[0].answer

    assert (answer.status, answer.aliases) == (DnsStatus.NXDOMAIN, ("missing.other.test",))


async def test_aliases_in_a_circle_end_in_no_answer(dns: DnsWorld) -> None:
    answer = (await mx(dns, "circle.example.test")).servers[0].answer

    assert not answer.status.looked
    assert answer.detail


async def test_a_dname_is_followed(dns: DnsWorld) -> None:
    answer = (await mx(dns, "any.wild.old.example.test")).servers[0].answer

    assert (answer.status, answer.aliases) == (DnsStatus.ANSWER, ("any.wild.example.test",))


async def test_only_spf_records_are_kept_of_a_txt_rrset_and_split_strings_are_joined(dns: DnsWorld) -> None:
    found = await spf(dns, "example.test")

    assert [s.answer.values for s in found.servers if s.address == FIRST] == [("v=spf1 ip4:192.0.2.25 -all",)]
    assert {s.answer.ttl for s in found.servers if s.answer.values} == {300, 3600}


async def test_the_whole_txt_rrset_is_kept_beside_its_spf_record_with_its_strings_apart(dns: DnsWorld) -> None:
    found = await spf(dns, "example.test")

    assert [s.answer.rdata for s in found.servers if s.address == FIRST] == [
        ('"v=spf1 ip4:192.0.2.25" " -all"', '"verification=1"')
    ]
    assert all(server.answer.rdata == () for server in (await mx(dns, "example.test")).servers)


async def test_several_spf_records_stay_several_in_any_case_and_spf10_is_none(dns: DnsWorld) -> None:
    two, none = await spf(dns, "two.texts.test"), await spf(dns, "none.texts.test")

    assert two.servers[0].answer.values == ("V=SPF1 +all", "v=spf1 -all")
    assert (none.servers[0].answer.status, none.servers[0].answer.values) == (DnsStatus.ANSWER, ())


async def test_mx_and_spf_of_many_domains_share_the_look_ups_of_their_parent(dns: DnsWorld) -> None:
    session = Session(dns.settings(), lambda: datetime.now(UTC), 60)
    names = [f"n{number}.example.test" for number in range(30)]
    dns.first.queries.clear()
    found = await asyncio.gather(
        *(source(Domain(name), session) for name in names for source in (mx_records, spf_records))
    )
    await session.close()

    assert all(statuses(records)[FIRST] is DnsStatus.NXDOMAIN for records in found)
    # MX and TXT at this server and through the resolver, SOA through the resolver, and a handful for the zone
    assert len(dns.first.queries) <= 30 * 5 + 12
