"""Which objects of a tenant belong to the gateway; where stray ones lead is asked of real name servers."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck import bundle
from seppcheck.api import (
    Bearing,
    Domain,
    Each,
    ExchangeObject,
    Gateway,
    MailFlow,
    Node,
    Reason,
    Role,
    SenderCertificate,
    Session,
    Site,
    Tenant,
    Unavailable,
    having,
    text,
)
from seppcheck.model.evidence import Provenance, Record
from seppcheck.sources.mailflow import mail_flow, ours_of
from seppcheck.sources.vendor_objects import CONNECTORS, RULES, stamp_of
from tests.checks.evidence import addresses, certificate, host, no
from tests.checks.exchange_objects import (
    OUTBOUND_NAME,
    READ_AT,
    inbound_connectors,
    inline_inbound,
    inline_outbound,
    inline_rule,
    outbound_connectors,
    parallel_inbound,
    parallel_outbound,
    parallel_rules,
    rule,
    transport_rules,
)
from tests.checks.gateway_facts import SEEN
from tests.checks.mail_flow import SITE, TENANT, flow
from tests.peers.dns_world import SILENT, DnsWorld
from tests.shared_data import shared

MISSING = Unavailable(Reason.EXPIRED, text("the export is {days} days old", days="9"))
NOBODY: Each[SenderCertificate] = Each(())


async def classified(dns: DnsWorld, *resolvers: str, **given_parts: Any) -> MailFlow | Unavailable:
    parts = {"inbound": inbound_connectors(), "outbound": outbound_connectors(), "rules": transport_rules()}
    session = Session(dns.settings(*resolvers), lambda: datetime.now(UTC), 60)
    try:
        return await mail_flow(
            TENANT, **{**parts, **given_parts}, addresses=addresses(), certificates=NOBODY, site=SITE, session=session
        )
    finally:
        await session.close()


async def heading(dns: DnsWorld, host: str, *resolvers: str) -> Bearing:
    connector = parallel_outbound(SmartHosts=[host], TlsDomain=None)
    found = await classified(dns, *resolvers, outbound=outbound_connectors(connector))
    assert isinstance(found, MailFlow)
    (stray,) = having(found.outbound, Role.STRAY)
    assert stray.heading is not None
    assert stray.heading.host == host
    return stray.heading.bearing


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("secure.example.test", Bearing.GATEWAY),
        ("alias.example.test", Bearing.GATEWAY),
        ("mail.example.test", Bearing.ELSEWHERE),
        ("missing.example.test", Bearing.NOWHERE),
        ("198.51.100.9", Bearing.ELSEWHERE),
    ],
)
async def test_where_a_stray_connector_leads_is_asked_of_dns(dns: DnsWorld, host: str, expected: Bearing) -> None:
    assert await heading(dns, host) is expected


async def test_a_silent_resolver_leaves_it_unknown(dns: DnsWorld) -> None:
    assert await heading(dns, "mail.example.test", SILENT) is Bearing.UNKNOWN


async def test_what_is_missing_stands_there_and_the_rest_is_classified(dns: DnsWorld) -> None:
    found = await classified(dns, inbound=MISSING, outbound=outbound_connectors(inline_outbound()))
    assert isinstance(found, MailFlow)
    assert found.inbound == MISSING
    assert [each.role for each in having(found.outbound)] == [Role.INLINE]
    assert (found.asked, found.seen_at) == ("exchange-export", READ_AT)


async def test_without_anything_it_is_unavailable(dns: DnsWorld) -> None:
    assert await classified(dns, inbound=MISSING, outbound=MISSING, rules=MISSING) == MISSING


async def test_it_comes_back_from_a_bundle_as_it_was(dns: DnsWorld, tmp_path: Path) -> None:
    connector = parallel_outbound(SmartHosts=["mail.example.test"], TlsDomain=None)
    found = await classified(
        dns, inbound=MISSING, outbound=outbound_connectors(connector), rules=transport_rules(*parallel_rules())
    )
    assert isinstance(found, MailFlow)
    record = Record("mail-flow", TENANT, Provenance("exchange", READ_AT, found.asked), found)
    path = tmp_path / "b.json"
    bundle.write(path, judged_at=READ_AT, phase=None, language="en", settings={}, history=[], records=[record])

    assert list(bundle.records_of(bundle.read(path), {"mail-flow": MailFlow}, [SITE]).values()) == [record]


def roles(found: MailFlow) -> list[Role]:
    return [each.role for side in (found.inbound, found.outbound, found.rules) for each in having(side)]


def test_the_right_set_is_inline_and_the_vendor_s_parallel() -> None:
    inline = flow(inbound=[inline_inbound()], outbound=[inline_outbound()], rules=[inline_rule()])
    parallel = flow(inbound=[parallel_inbound()], outbound=[parallel_outbound()], rules=parallel_rules())
    assert roles(inline) == [Role.INLINE] * 3
    assert roles(parallel) == [Role.PARALLEL] * 11


def test_both_sets_beside_each_other_are_told_apart() -> None:
    found = flow(
        inbound=[parallel_inbound(Name="old in"), inline_inbound()],
        outbound=[parallel_outbound(), inline_outbound(Name="new")],
        rules=[*parallel_rules(), inline_rule(RouteMessageOutboundConnector="new")],
    )
    assert roles(found) == [Role.PARALLEL, Role.INLINE] * 2 + [Role.PARALLEL] * 9 + [Role.INLINE]


def vendor_definitions() -> dict[str, dict[str, Any]]:
    """The vendor's own definitions, with the gateway filled in as the module does."""
    found = {}
    for path in sorted(shared("sm365-parallel-1.3.0").glob("*.json")):
        (definition,) = json.loads(path.read_text(encoding="utf-8-sig")).values()
        found[path.stem] = definition
    return found


def test_the_vendor_s_own_definitions_are_parallel() -> None:
    given_set = vendor_definitions()
    inbound = parallel_inbound(**{**given_set.pop("Inbound"), "TlsSenderCertificateName": "*.example.org"})
    host = {"SmartHosts": ["secure.example.org"], "TlsDomain": "secure.example.org"}
    outbound = parallel_outbound(**{**given_set.pop("OutBound"), **host})
    rules = [rule(**definition) for definition in given_set.values()]
    found = flow(inbound=[inbound], outbound=[outbound], rules=rules)
    assert roles(found) == [Role.PARALLEL] * (2 + len(rules))


def test_every_name_of_the_definitions_is_known() -> None:
    names = {str(definition["Name"]).lower() for definition in vendor_definitions().values()}
    assert names <= RULES | CONNECTORS


@pytest.mark.parametrize("name", sorted(RULES - {"[seppmail] - 200 route outgoing e-mails to seppmail"}))
def test_every_name_of_every_version_is_parallel_by_itself(name: str) -> None:
    assert roles(flow(rules=[rule(Name=name), rule(Name=name.upper())])) == [Role.PARALLEL] * 2


def test_the_name_of_both_rules_200_alone_is_inline_without_the_parallel_exceptions() -> None:
    assert roles(flow(rules=[inline_rule(RouteMessageOutboundConnector=None)])) == [Role.INLINE]
    assert roles(flow(rules=[inline_rule(ExceptIfMessageTypeMatches="OOF")])) == [Role.PARALLEL]


def test_a_rule_that_sends_incoming_mail_round_the_new_connector_is_parallel() -> None:
    again = inline_rule(Name="mine", SetHeaderValue="inbound")
    assert roles(flow(outbound=[inline_outbound()], rules=[again])) == [Role.INLINE, Role.PARALLEL]


def test_a_fault_of_the_guides_rule_never_makes_it_parallel() -> None:
    faulty = inline_rule(SetHeaderValue="inbound")
    assert roles(flow(outbound=[inline_outbound()], rules=[faulty])) == [Role.INLINE, Role.INLINE]


@pytest.mark.parametrize(
    "route",
    [
        f"CN={OUTBOUND_NAME},CN=Transport Settings,CN=Configuration,DC=example",
        "cn=one\\, two,cn=transport settings,dc=example",
    ],
)
def test_a_rule_may_name_its_connector_by_a_distinguished_name_that_the_export_lacks(route: str) -> None:
    connectors = [inline_outbound(), inline_outbound(Name="One, Two", Identity="x", Guid="1")]
    found = flow(outbound=connectors, rules=[inline_rule(RouteMessageOutboundConnector=route)])
    assert not isinstance(found.rules, Unavailable)
    assert found.rules[0].route is not None


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (
            "#Created with SEPPmail365 PowerShell Module version 1.2.9 on 07/01/2025 12:00:00",
            ("1.2.9", "07/01/2025 12:00:00"),
        ),
        ("text\n#Created with SEPPmail365 PowerShell Module on 2023-01-01", ("", "2023-01-01")),
        ("#created with seppmail365 powershell module", ("", "")),
    ],
)
def test_the_stamp_tells_version_and_date(comment: str, expected: tuple[str, str]) -> None:
    stamp = stamp_of(ExchangeObject({"Comments": comment}))
    assert stamp is not None
    assert (stamp.version, stamp.date) == expected


@given(st.text(max_size=200))
def test_any_comment_is_survived(comment: str) -> None:
    stamp_of(ExchangeObject({"Comment": comment}))


def test_a_certificate_of_a_managed_domain_makes_a_candidate() -> None:
    held = SenderCertificate(certificate("mail.example.net", common_name="mail.example.net"), SEEN)
    ours = ours_of(SITE, addresses(), Each(((Domain("example.org"), held),)))
    connector = inline_inbound(Name="new", TlsSenderCertificateName="mail.example.net")
    assert roles(flow(inbound=[connector], ours=ours)) == [Role.INLINE]
    assert roles(flow(inbound=[connector])) == []


def test_an_address_of_unknown_owner_is_undecided() -> None:
    site = Site(Gateway("secure.example.org", (Node("secure.example.org"),)), SITE.domains, TENANT)
    ours = ours_of(site, MISSING, NOBODY)
    connector = inline_outbound(Name="x", SmartHosts=["192.0.2.25"], TlsDomain=None)
    assert roles(flow(outbound=[connector], ours=ours)) == [Role.UNDECIDED]
    assert roles(flow(outbound=[connector])) == [Role.INLINE]


def test_addresses_that_were_looked_up_in_part_are_not_taken_for_all() -> None:
    site = Site(Gateway("secure.example.org"), (), TENANT)
    assert ours_of(site, addresses(configured=False), NOBODY).addresses_known
    assert not ours_of(site, addresses(host(ipv6=no("timeout")), configured=False), NOBODY).addresses_known


@pytest.mark.parametrize("name", ["Out", "OUT", "out"])
def test_names_in_the_configuration_win(name: str) -> None:
    tenant = Tenant("example.onmicrosoft.com", outbound_connectors=(name,))
    found = flow(outbound=[inline_outbound(Name="Out"), inline_outbound(Name="other")], tenant=tenant)
    assert roles(found) == [Role.INLINE, Role.SPARE]


KINDS = {
    "inbound": {"in-new": inline_inbound(), "in-old": parallel_inbound(Name="old")},
    "outbound": {"out-new": inline_outbound(Name="new"), "out-old": parallel_outbound()},
}


@given(st.randoms(use_true_random=False))
def test_the_order_of_objects_changes_no_role(chance: random.Random) -> None:
    rules = [*parallel_rules(), inline_rule(RouteMessageOutboundConnector="new"), rule(Name="disclaimer")]
    inbound, outbound = list(KINDS["inbound"].values()), list(KINDS["outbound"].values())
    for objects in (rules, inbound, outbound):
        chance.shuffle(objects)
    found = flow(inbound=inbound, outbound=outbound, rules=rules)
    inline = {each.name for side in (found.inbound, found.outbound, found.rules) for each in having(side, Role.INLINE)}
    assert len(having(found.rules, Role.PARALLEL)) == 9
    assert inline == {KINDS["inbound"]["in-new"].name, "new", inline_rule().name}
