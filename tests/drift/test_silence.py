"""What could not be looked at is told for each domain, and is never gone."""

from __future__ import annotations

import pytest

from seppcheck.drift.baseline import Piece, projector
from seppcheck.drift.comparison import Seen, compare
from seppcheck.drift.judging import Told
from seppcheck.drift.projection import View
from seppcheck.model.accepted import AcceptedDomainMx, AcceptedMx
from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.model.evidence import Provenance
from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.results import CheckResult, EvidenceNote, Inconclusive
from seppcheck.model.targets import Domain, Gateway, Site, Target, Tenant
from seppcheck.model.text import text
from tests.drift.pieces import ACCEPTED, baseline

A, B, GATEWAY, TENANT = Domain("a.test"), Domain("b.test"), Gateway("gw.test"), Tenant("tenant.test")


@pytest.mark.parametrize(("about", "told"), [(A, True), (B, False), (GATEWAY, True)])
def test_a_time_out_of_one_domain_hides_none_of_another(*, about: Target, told: bool) -> None:
    result = CheckResult(
        check="dns-mx",
        requirements=(),
        severity=Severity.HIGH,
        title=text("MX"),
        target=A,
        outcome=Outcome.INCONCLUSIVE,
        findings=(Inconclusive("silence", reason=Reason.TIMEOUT),),
        steps=(),
        evidence=(EvidenceNote("mx", Provenance("dns", ACCEPTED)),),
    )
    assert Told([result]).has("mx", Reason.TIMEOUT, about) is told


def test_an_accepted_domain_without_a_route_to_its_servers_is_not_gone() -> None:
    kind = projector(AcceptedDomainMx)
    found = AcceptedDomainMx((AcceptedMx("other.test", DnsAnswer(DnsStatus.NO_ROUTE)),))
    looked = kind.project(found, View(Site(GATEWAY, (), TENANT), TENANT, ACCEPTED))
    key = (AcceptedDomainMx.kind, TENANT.name)
    held = baseline({key: Piece({"other.test": {"MX": ["mx.other.test"]}})})
    compared = compare(held, {key: Seen(TENANT, kind, looked)})
    assert compared.entries == []
    assert [why.reason for _, _, why in compared.unseen] == [Reason.UNREACHABLE]
