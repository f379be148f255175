"""What a baseline keeps of evidence: what is meant, and what was not said stays unsaid."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from seppcheck.drift.baseline import looked_at, projector
from seppcheck.drift.certificates import alike
from seppcheck.drift.projection import Projected
from seppcheck.model.dns import (
    DnsAnswer,
    DnsStatus,
    HostLookup,
    MxRecords,
    ReverseDns,
    ReverseEntry,
    ServerAnswer,
    SpfEvaluation,
    SpfResult,
    SpfVerdict,
    ZoneServers,
)
from seppcheck.model.evidence import Evidence, Provenance, Record
from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import SmtpCertificate
from seppcheck.model.targets import Domain, Gateway, Site, Tenant

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
DOMAIN = Domain("kunde.test")
GATEWAY = Gateway("gw.test")
SITE = Site(GATEWAY, (DOMAIN,), Tenant("kunde.onmicrosoft.com"))


def kept(content: Evidence) -> Projected:
    target = DOMAIN if content.target_type is Domain else GATEWAY
    found = looked_at(Record(content.kind, target, Provenance("test", NOW), content), SITE, NOW)
    assert isinstance(found, Projected)
    return found


def mx(*answers: tuple[str, str, DnsAnswer], resolver_ttl: int = 1) -> Projected:
    servers = tuple(ServerAnswer(*each) for each in answers)
    cached = ServerAnswer("r", "192.0.2.53", DnsAnswer(DnsStatus.ANSWER, ("10 gw.test.",), resolver_ttl))
    return kept(MxRecords(DOMAIN.name, ZoneServers("kunde.test", ("ns1", "ns2")), servers, (cached,)))


def said(*values: str, ttl: int = 300) -> DnsAnswer:
    return DnsAnswer(DnsStatus.ANSWER, values, ttl)


TIMEOUT, NO_ROUTE, REFUSED = (DnsAnswer(s) for s in (DnsStatus.TIMEOUT, DnsStatus.NO_ROUTE, DnsStatus.REFUSED))


def test_servers_that_agree_are_one_answer_whatever_their_order_and_a_resolver_s_countdown() -> None:
    one = mx(
        ("ns1", "192.0.2.1", said("10 gw.test.", "20 b.test.")), ("ns2", "192.0.2.2", said("20 B.test.", "10 gw.test."))
    )
    other = mx(
        ("ns2", "192.0.2.2", said("20 b.test.", "10 gw.test.")),
        ("ns1", "192.0.2.1", said("10 gw.test.", "20 b.test.")),
        resolver_ttl=299,
    )
    assert one == other
    assert one.objects["kunde.test"]["MX"] == ["10 gw.test", "20 b.test"]


def test_servers_that_differ_are_told_one_by_one() -> None:
    found = mx(("ns1", "192.0.2.1", said("10 gw.test.")), ("ns2", "192.0.2.2", said("10 x.test.", ttl=60)))
    assert found.objects["kunde.test"] == {
        "MX": ["ns1 (192.0.2.1): 10 gw.test", "ns2 (192.0.2.2): 10 x.test"],
        "TTL": ["ns1 (192.0.2.1): 300", "ns2 (192.0.2.2): 60"],
        "name_servers": ["ns1", "ns2"],
    }


@pytest.mark.parametrize(
    ("second", "reasons"),
    [
        (("ns2", "192.0.2.2", TIMEOUT), [Reason.TIMEOUT]),
        (("ns2", "192.0.2.2", REFUSED), [Reason.DNS_ERROR]),
        (("ns1", "192.0.2.9", TIMEOUT), []),
        (("ns1", "192.0.2.9", REFUSED), [Reason.DNS_ERROR]),
        (("ns2", "2001:db8::2", NO_ROUTE), []),
    ],
    ids=["silent", "refusing", "silent at one address", "refusing at one address", "no route"],
)
def test_a_server_that_said_nothing_is_missed_as_the_checks_miss_it(
    second: tuple[str, str, DnsAnswer], reasons: list[Reason]
) -> None:
    found = mx(("ns1", "192.0.2.1", said("10 gw.test.")), second)
    assert found.objects["kunde.test"]["MX"] == ["10 gw.test"]
    assert [each.reason for each in found.unseen] == reasons


def test_a_zone_that_nobody_answers_for_is_unseen_and_not_empty() -> None:
    found = mx(("ns1", "192.0.2.1", TIMEOUT))
    assert (dict(found.objects), [each.object for each in found.unseen]) == ({}, ["kunde.test"])


def test_no_record_is_something_that_was_seen() -> None:
    found = mx(("ns1", "192.0.2.1", DnsAnswer(DnsStatus.NODATA)))
    assert found.objects["kunde.test"] == {"MX": [], "TTL": None, "name_servers": ["ns1", "ns2"]}


def test_a_reverse_name_that_cannot_be_followed_leaves_the_rest() -> None:
    lost = HostLookup("gw.test", TIMEOUT, DnsAnswer(DnsStatus.NODATA))
    entries = (
        ReverseEntry("192.0.2.1", "gw.test", said("gw.test"), (lost,)),
        ReverseEntry("192.0.2.2", "gw.test", TIMEOUT),
    )
    found = kept(ReverseDns(entries))
    assert found.objects == {"192.0.2.1": {"PTR": ["gw.test"]}}
    assert [(each.object, each.name) for each in found.unseen] == [("192.0.2.1", "resolves_back"), ("192.0.2.2", None)]


def test_an_spf_result_that_dns_withheld_is_unseen() -> None:
    verdicts = (SpfVerdict("192.0.2.1", SpfResult.PASS, lookups=3), SpfVerdict("192.0.2.2", SpfResult.TEMPERROR))
    found = kept(SpfEvaluation(DOMAIN.name, verdicts))
    assert found.objects == {"192.0.2.1": {"result": "pass"}}
    assert [each.object for each in found.unseen] == ["192.0.2.2"]


@pytest.mark.parametrize(
    ("before", "after", "no_drift"),
    [
        ("in-date", "in-date", True),
        ("expires-soon", "in-date", True),
        ("expired", "in-date", True),
        ("expires-soon", "expires-soon", True),
        ("in-date", "expires-soon", False),
        ("expires-soon", "expired", False),
        ("in-date", "not-yet-valid", False),
    ],
)
def test_an_end_that_comes_near_is_drift_and_a_renewal_is_none(before: str, after: str, no_drift: bool) -> None:
    assert alike("validity", before, after) is no_drift


def test_a_trust_that_was_found_again_is_told() -> None:
    compare: Any = projector(SmtpCertificate).alike
    assert not compare("trust", "none", "mozilla")
