from __future__ import annotations

from typing import Any

import pytest

from checks.outbound_connector import exchange_hands_outgoing_mail_to_the_gateway
from seppcheck.api import (
    Bearing,
    Domain,
    Gateway,
    GatewayAddresses,
    Heading,
    Node,
    Phase,
    Reason,
    Result,
    Site,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.checks import MARK
from tests.checks.evidence import CLUSTER, GATEWAY, addresses, findings, outcome, reasons, sentences
from tests.checks.exchange_objects import OUTBOUND_NAME, inline_outbound, inline_rule, parallel_outbound
from tests.checks.mail_flow import SITE, TENANT, flow

MISSING = Unavailable(Reason.TIMEOUT, text("no answer"))
NUMBERS = {"B3", "O1", "O2", "O3", "O4", "O6"}


def judge(
    *outbound: Any,
    gateway: Gateway = GATEWAY,
    known: GatewayAddresses | Unavailable | None = None,
    site: Site = SITE,
    tenant: Tenant = TENANT,
    **given: Any,
) -> Result:
    rules = given.pop("rules", (inline_rule(),))
    found = flow(outbound=outbound, rules=rules, tenant=tenant, **given)
    return exchange_hands_outgoing_mail_to_the_gateway(tenant, gateway, found, known or addresses(), site)


def worst_of(result: Result, number: str | None) -> set[str]:
    return {f.outcome.value for f in findings(result) if f.requirement == number}


def test_a_right_connector_passes_with_a_finding_for_every_number() -> None:
    result = judge(inline_outbound())
    assert outcome(result) == "passed"
    assert {f.requirement for f in findings(result)} == NUMBERS | {None}


@pytest.mark.parametrize(
    ("changes", "number", "expected"),
    [
        ({"IsTransportRuleScoped": False}, "O3", "failed"),
        ({"UseMXRecord": True, "SmartHosts": []}, "O4", "failed"),
        ({"SmartHosts": []}, "O4", "failed"),
        ({"SmartHosts": ["relay.example.net"]}, "O4", "failed"),
        ({"SmartHosts": ["secure.example.org", "relay.example.net"]}, "O4", "failed"),
        ({"SmartHosts": ["198.51.100.9"]}, "O4", "failed"),
        ({"SmartHosts": ["192.0.2.25"]}, "O4", "warned"),
        ({"SmartHosts": ["[192.0.2.25]"]}, "O4", "warned"),
        ({"SmartHosts": ["SECURE.example.org."]}, "O4", "passed"),
        ({"ValidationRecipients": []}, "O6", "warned"),
        ({"ValidationRecipients": None}, "O6", "warned"),
        ({"IsValidated": False}, "O6", "passed"),
        ({"Enabled": False}, None, "failed"),
        ({"TestMode": True}, None, "failed"),
        ({"CloudServicesMailEnabled": True}, None, "failed"),
        ({"AllAcceptedDomains": True}, None, "failed"),
        ({"RecipientDomains": ["example.net"]}, None, "failed"),
        ({"Name": "anything"}, "O2", "passed"),
    ],
)
def test_each_deviation_is_a_finding_under_its_number(
    changes: dict[str, Any], number: str | None, expected: str
) -> None:
    result = judge(inline_outbound(**changes))
    assert expected in worst_of(result, number)
    assert outcome(result) == expected


@pytest.mark.parametrize(
    ("missing", "number"),
    [
        ("IsTransportRuleScoped", "O3"),
        ("SmartHosts", "O4"),
        ("UseMXRecord", "O4"),
        ("ValidationRecipients", "O6"),
        ("TestMode", None),
        ("Enabled", None),
        ("AllAcceptedDomains", None),
        ("RecipientDomains", None),
        ("CloudServicesMailEnabled", None),
    ],
)
def test_a_missing_property_is_unknown(missing: str, number: str | None) -> None:
    result = judge(inline_outbound(missing))
    assert "inconclusive" in worst_of(result, number)
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {"incomplete"}


def test_a_type_that_is_not_known_is_inconclusive() -> None:
    assert outcome(judge(inline_outbound("ConnectorType"))) == "inconclusive"


def test_without_one_there_is_one_failure_without_a_number_that_names_what_is_there() -> None:
    (finding,) = findings(judge(parallel_outbound()))
    assert (finding.outcome.value, finding.requirement) == ("failed", None)
    assert f"{OUTBOUND_NAME} of parallel mode" in str(finding.summary)
    assert "found instead: nothing" in sentences(judge())


def test_connectors_that_could_not_be_read_are_inconclusive() -> None:
    result = exchange_hands_outgoing_mail_to_the_gateway(TENANT, GATEWAY, flow(outbound=MISSING), addresses(), SITE)
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {"timeout"}


def test_rules_that_could_not_be_read_do_not_hinder_a_single_connector() -> None:
    assert outcome(judge(inline_outbound(), rules=MISSING)) == "passed"


def test_an_address_cannot_be_told_without_the_gateway_s() -> None:
    gateway = Gateway(GATEWAY.name, (Node(GATEWAY.name),))
    given = inline_outbound(SmartHosts=["192.0.2.99"], TlsDomain=GATEWAY.name)
    assert worst_of(judge(given, gateway=gateway, known=MISSING), "O4") == {"passed", "inconclusive"}
    assert worst_of(judge(given, gateway=gateway), "O4") == {"passed", "failed"}


def test_any_node_of_a_cluster_is_the_gateway() -> None:
    given = inline_outbound(SmartHosts=["secure.example.org", "secure2.example.org"])
    assert outcome(judge(given, gateway=CLUSTER)) == "passed"


class TestSeveral:
    second = inline_outbound(Name="second", ValidationRecipients=["admin@example.net"])
    both = Site(SITE.gateway, (Domain("example.org"), Domain("example.net")), TENANT)
    rule_two = inline_rule(Name="two", SenderDomainIs=["example.net"], RouteMessageOutboundConnector="second")

    def test_each_domain_may_have_its_own(self) -> None:
        rules = [inline_rule(), self.rule_two]
        assert outcome(judge(inline_outbound(), self.second, rules=rules, site=self.both)) == "passed"

    def test_one_that_no_rule_uses_is_a_warning_even_when_it_is_wrong(self) -> None:
        result = judge(inline_outbound(), inline_outbound(Name="second", Enabled=False))
        assert outcome(result) == "warned"
        assert "second leads to the gateway as well" in sentences(result)

    def test_a_domain_without_one_fails(self) -> None:
        rules = [inline_rule(), inline_rule(Name="two", SenderDomainIs=[], RouteMessageOutboundConnector="second")]
        result = judge(inline_outbound(), self.second, rules=rules, site=self.both)
        assert worst_of(result, "O2") == {"passed", "failed"}

    def test_a_domain_with_two_fails(self) -> None:
        rules = [inline_rule(), inline_rule(Name="two", RouteMessageOutboundConnector="second")]
        assert worst_of(judge(inline_outbound(), self.second, rules=rules), "O2") == {"failed"}

    def test_a_wrong_one_in_use_fails(self) -> None:
        wrong = inline_outbound(Name="second", IsTransportRuleScoped=False)
        assert (
            outcome(judge(inline_outbound(), wrong, rules=[inline_rule(), self.rule_two], site=self.both)) == "failed"
        )

    def test_without_the_rules_nobody_knows_which_serves_which(self) -> None:
        assert worst_of(judge(inline_outbound(), self.second, rules=MISSING), "O2") == {"inconclusive"}


class TestNamesInTheConfiguration:
    tenant = Tenant("example.onmicrosoft.com", outbound_connectors=("Out",))

    def test_they_win_and_the_others_are_a_warning(self) -> None:
        result = judge(
            inline_outbound(Name="OUT"),
            inline_outbound(),
            tenant=self.tenant,
            rules=[inline_rule(RouteMessageOutboundConnector="out")],
        )
        assert outcome(result) == "warned"
        assert worst_of(result, "O2") == {"passed", "warned"}

    def test_one_that_leads_elsewhere_is_judged(self) -> None:
        given = inline_outbound(Name="Out", SmartHosts=["relay.example.net"], TlsDomain=None)
        assert "failed" in worst_of(judge(given, tenant=self.tenant), "O4")

    def test_one_that_is_not_there_fails_although_another_would_do(self) -> None:
        result = judge(inline_outbound(), tenant=self.tenant)
        assert outcome(result) == "failed"
        assert "not the one that the configuration names" in sentences(result)

    def test_a_name_makes_no_inline_connector_of_a_parallel_one(self) -> None:
        result = judge(parallel_outbound(Name="Out"), tenant=self.tenant)
        assert "Out of parallel mode" in sentences(result)


@pytest.mark.parametrize(
    ("bearing", "expected"),
    [(Bearing.GATEWAY, "failed"), (Bearing.NOWHERE, "failed"), (Bearing.ELSEWHERE, "warned")],
)
def test_a_partner_connector_with_the_vendor_s_name_and_another_host(bearing: Bearing, expected: str) -> None:
    stray = inline_outbound(SmartHosts=["gw.example.net"], TlsDomain=None, TlsSettings="CertificateValidation")
    result = judge(
        inline_outbound(Name="ours"),
        stray,
        rules=[inline_rule(RouteMessageOutboundConnector="ours")],
        heading=Heading("gw.example.net", bearing),
    )
    assert outcome(result) == expected
    unknown = judge(stray, heading=Heading("gw.example.net", Bearing.UNKNOWN))
    assert "inconclusive" in {f.outcome.value for f in findings(unknown)}


def test_it_runs_from_cutover_on() -> None:
    marked = getattr(exchange_hands_outgoing_mail_to_the_gateway, MARK)
    assert set(marked.phases) == set(Phase) - {Phase.READINESS}
