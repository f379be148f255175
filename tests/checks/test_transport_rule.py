from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.transport_rule import outgoing_mail_is_sent_to_the_connector
from seppcheck.api import (
    AcceptedDomains,
    Domain,
    ExchangeObject,
    ManagedDomain,
    ManagedDomains,
    Outcome,
    Phase,
    Reason,
    Result,
    Site,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.checks import MARK
from tests.checks.evidence import NOW, findings, outcome, reasons, sentences
from tests.checks.exchange_objects import (
    CLASSES,
    OUTBOUND_NAME,
    READ_AT,
    inline_outbound,
    inline_rule,
    parallel_200,
    parallel_outbound,
    parallel_rules,
    rule,
)
from tests.checks.gateway_facts import SEEN
from tests.checks.mail_flow import SITE, TENANT, flow

MISSING = Unavailable(Reason.NOT_COLLECTED, text("the file is missing"))
MANAGED = ManagedDomains((ManagedDomain("example.org"), ManagedDomain("example.com")), SEEN)
NUMBERS = {f"R{number}" for number in range(1, 13)}
BOTH = Site(SITE.gateway, (Domain("example.org"), Domain("example.net")), TENANT)


def accepted(*names: str) -> AcceptedDomains:
    return AcceptedDomains(tuple(ExchangeObject({"DomainName": name}) for name in names), "export", READ_AT)


def judge(
    *rules: ExchangeObject,
    managed: ManagedDomains | Unavailable = MANAGED,
    known: AcceptedDomains | Unavailable = MISSING,
    site: Site = SITE,
    tenant: Tenant = TENANT,
    outbound: Any = (),
) -> Result:
    found = flow(outbound=outbound or [inline_outbound()], rules=rules, tenant=tenant)
    return outgoing_mail_is_sent_to_the_connector(tenant, found, managed, known, site, NOW)


def deviations(result: Result) -> set[tuple[str | None, str]]:
    return {(f.requirement, f.outcome.value) for f in findings(result) if f.outcome is not Outcome.PASSED}


def test_the_guide_s_rule_passes_with_a_finding_for_every_number() -> None:
    result = judge(inline_rule())
    assert outcome(result) == "passed"
    assert {f.requirement for f in findings(result)} == NUMBERS


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Name": "Outgoing"}, {("R1", "warned")}),
        ({"Name": "[seppmail] - 200 route outgoing e-mails to seppmail"}, set()),
        ({"State": "Disabled"}, {("R2", "failed")}),
        ({"Mode": "Audit"}, {("R2", "failed")}),
        ({"ActivationDate": "2026-12-01T00:00:00Z"}, {("R2", "failed")}),
        ({"ActivationDate": "2026-11-01T00:00:00Z"}, set()),
        ({"ExpiryDate": "2027-01-01T00:00:00Z"}, {("R2", "failed")}),
        ({"SetAuditSeverity": "DoNotAudit"}, {("R3", "failed")}),
        ({"SetAuditSeverity": None}, {("R3", "failed")}),
        ({"SenderAddressLocation": "HeaderOrEnvelope"}, {("R4", "failed")}),
        ({"RuleErrorAction": "Defer"}, {("R5", "failed")}),
        ({"SentToScope": "InOrganization"}, {("R6", "failed")}),
        ({"SentToScope": None}, {("R6", "failed")}),
        ({"SenderDomainIs": None}, {("R7", "failed")}),
        ({"SenderDomainIs": "example.org"}, set()),
        ({"SenderDomainIs": ["EXAMPLE.ORG", "example.com"]}, set()),
        ({"SenderDomainIs": ["example.com"]}, {("R7", "failed")}),
        ({"SenderDomainIs": ["example.org", "example.net"]}, {("R7", "failed")}),
        ({"FromScope": "NotInOrganization"}, {("R8", "failed")}),
        ({"RouteMessageOutboundConnector": None}, {("R9", "failed")}),
        ({"RouteMessageOutboundConnector": "deleted"}, {("R9", "failed")}),
        ({"RouteMessageOutboundConnector": OUTBOUND_NAME.upper()}, set()),
        ({"SetHeaderName": "x-sm-MAILDIRECTION"}, set()),
        ({"SetHeaderName": "X-Other"}, {("R10", "failed")}),
        ({"SetHeaderValue": "inwards"}, {("R10", "failed")}),
        ({"SetHeaderValue": "Outbound"}, {("R10", "failed")}),
        ({"ExceptIfSCLOver": 9}, set()),
        ({"ExceptIfSCLOver": "5"}, {("R11", "failed")}),
        ({"ExceptIfSCLOver": None}, {("R11", "failed")}),
        ({"StopRuleProcessing": True}, {("R12", "failed")}),
        ({"HeaderContainsMessageHeader": "X-Other", "HeaderContainsWords": ["yes"]}, {("R12", "failed")}),
        ({"ExceptIfHeaderMatchesMessageHeader": "X-Other"}, {("R12", "failed")}),
        ({"ExceptIfSomethingNew": ["yes"]}, {("R12", "failed")}),
        ({"SetSCL": -1}, {("R12", "failed")}),
        ({"RouteMessageOutboundRequireTls": True}, {("R12", "failed")}),
    ],
)
def test_each_deviation_is_a_finding_under_its_number(changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert deviations(judge(inline_rule(**changes))) == expected


@pytest.mark.parametrize(
    ("kept", "change"),
    [
        ("Conditions", [f"{CLASSES}SentToScopePredicate", f"{CLASSES}BrandNewPredicate"]),
        ("Exceptions", [f"{CLASSES}SclOverPredicate", f"{CLASSES}BrandNewPredicate"]),
        ("Actions", [f"{CLASSES}SetHeaderAction", f"{CLASSES}BrandNewAction"]),
    ],
)
def test_what_this_program_does_not_know_is_found_in_exchange_s_own_lists(kept: str, change: list[str]) -> None:
    result = judge(inline_rule(**{kept: change}))
    assert deviations(result) == {("R12", "failed")}
    assert "BrandNew" in sentences(result)


def test_parallel_exceptions_on_a_rule_that_routes_inline_are_a_matter_of_r12() -> None:
    assert deviations(judge(parallel_200(SenderDomainIs=["example.org"]))) == {("R12", "failed")}


@pytest.mark.parametrize(
    ("missing", "number"),
    [
        ("State", "R2"),
        ("Mode", "R2"),
        ("ActivationDate", "R2"),
        ("ExpiryDate", "R2"),
        ("SetAuditSeverity", "R3"),
        ("SenderAddressLocation", "R4"),
        ("RuleErrorAction", "R5"),
        ("SentToScope", "R6"),
        ("SenderDomainIs", "R7"),
        ("FromScope", "R8"),
        ("SetHeaderName", "R10"),
        ("SetHeaderValue", "R10"),
        ("ExceptIfSCLOver", "R11"),
        ("Conditions", "R12"),
        ("Exceptions", "R12"),
        ("Actions", "R12"),
    ],
)
def test_a_missing_property_is_unknown(missing: str, number: str) -> None:
    result = judge(inline_rule(missing))
    assert deviations(result) == {(number, "inconclusive")}
    assert reasons(result) == {"incomplete"}


def test_a_rule_of_the_guide_s_name_whose_route_is_missing_is_inconclusive() -> None:
    assert deviations(judge(inline_rule("RouteMessageOutboundConnector"))) == {("R9", "inconclusive")}


def test_the_connector_may_be_named_by_name_distinguished_name_or_guid() -> None:
    connector = inline_outbound(DistinguishedName="CN=Out,CN=Transport Settings", Guid="0d4f2b3a")
    for route in (OUTBOUND_NAME, "cn=out,cn=transport settings", "0D4F2B3A"):
        assert outcome(judge(inline_rule(RouteMessageOutboundConnector=route), outbound=[connector])) == "passed"


def test_a_route_to_another_product_s_connector_fails() -> None:
    other = inline_outbound(Name="other", SmartHosts=["relay.example.net"], TlsDomain=None, TlsSettings=None)
    result = judge(inline_rule(RouteMessageOutboundConnector="other"), outbound=[inline_outbound(), other])
    assert deviations(result) == {("R9", "failed")}


def test_without_the_outbound_connectors_the_rest_is_judged() -> None:
    result = outgoing_mail_is_sent_to_the_connector(
        TENANT, flow(outbound=MISSING, rules=[inline_rule(Mode="Audit")]), MANAGED, MISSING, SITE, NOW
    )
    assert deviations(result) == {("R2", "failed"), ("R9", "inconclusive")}


class TestDomains:
    def test_several_rules_may_share_them(self) -> None:
        rules = [inline_rule(), inline_rule(Name="second", SenderDomainIs=["example.net"])]
        assert deviations(judge(*rules, site=BOTH)) == {("R1", "warned")}
        assert deviations(judge(rules[0], site=BOTH)) == {("R7", "failed")}

    def test_one_that_no_rule_names_is_named(self) -> None:
        assert "no rule names example.net" in sentences(judge(inline_rule(), site=BOTH))

    def test_one_beside_a_list_that_is_missing_is_not_known(self) -> None:
        found = deviations(judge(inline_rule(), inline_rule("SenderDomainIs", Name="second"), site=BOTH))
        assert found == {("R1", "warned"), ("R7", "inconclusive")}

    def test_whether_one_is_managed_needs_the_gateway(self) -> None:
        given = inline_rule(SenderDomainIs=["example.org", "example.com"])
        assert deviations(judge(given, managed=MISSING)) == {("R7", "inconclusive")}
        assert deviations(judge(inline_rule(), managed=MISSING)) == set()

    def test_accepted_subdomains_that_the_gateway_does_not_manage_are_named(self) -> None:
        result = judge(inline_rule(), known=accepted("example.org", "sub.example.org", "other.example"))
        assert deviations(result) == {("R7", "warned")}
        assert "sub.example.org" in sentences(result)
        managed = ManagedDomains((ManagedDomain("sub.example.org"),), SEEN)
        assert deviations(judge(inline_rule(), managed=managed, known=accepted("sub.example.org"))) == set()
        unknown = judge(inline_rule(), managed=MISSING, known=accepted("sub.example.org"))
        assert deviations(unknown) == {("R7", "inconclusive")}

    def test_unicode_names_are_compared_as_a_labels(self) -> None:
        site = Site(SITE.gateway, (Domain("xn--mller-kva.example"),), TENANT)
        assert deviations(judge(inline_rule(SenderDomainIs=["Müller.example"]), site=site)) == set()


class TestWithoutAnInlineRule:
    def test_parallel_rules_are_named_once(self) -> None:
        (finding,) = findings(judge(*parallel_rules(), outbound=[parallel_outbound()]))
        assert (finding.outcome.value, finding.requirement) == ("failed", None)
        assert "200 Route outgoing e-mails to SEPPmail of parallel mode" in str(finding.summary)

    def test_nothing_at_all_fails(self) -> None:
        assert deviations(judge(rule(Name="disclaimer"))) == {(None, "failed")}

    def test_rules_that_could_not_be_read_are_inconclusive(self) -> None:
        found = flow(rules=MISSING)
        result = outgoing_mail_is_sent_to_the_connector(TENANT, found, MANAGED, MISSING, SITE, NOW)
        assert reasons(result) == {"not-collected"}

    def test_an_unknown_route_is_inconclusive(self) -> None:
        assert outcome(judge(rule("RouteMessageOutboundConnector", "Actions"))) == "inconclusive"

    def test_parallel_exceptions_that_are_missing_are_inconclusive(self) -> None:
        given = inline_rule("ExceptIfMessageTypeMatches", RouteMessageOutboundConnector=None)
        assert outcome(judge(given)) == "inconclusive"


class TestNames:
    tenant = Tenant("example.onmicrosoft.com", transport_rules=("Out",))

    def test_a_configured_name_is_right(self) -> None:
        assert deviations(judge(inline_rule(Name="OUT"), tenant=self.tenant)) == set()

    def test_another_rule_beside_it_is_a_warning(self) -> None:
        assert deviations(judge(inline_rule(Name="out"), inline_rule(), tenant=self.tenant)) == {("R1", "warned")}

    def test_one_that_is_not_there_fails(self) -> None:
        assert deviations(judge(inline_rule(), tenant=self.tenant)) == {(None, "failed")}

    def test_a_configured_name_makes_no_inline_rule_of_a_parallel_one(self) -> None:
        result = judge(parallel_200(Name="Out"), outbound=[parallel_outbound()], tenant=self.tenant)
        assert deviations(result) == {(None, "failed")}


def test_a_change_of_the_last_half_hour_is_told_with_its_end() -> None:
    result = judge(inline_rule(WhenChanged="2026-11-24T07:45:00Z"))
    assert outcome(result) == "passed"
    assert "may not act on it before 2026-11-24 08:15 UTC" in str(findings(result)[0].summary)
    wrong = judge(inline_rule(WhenChanged="2026-11-24T07:45:00Z", Mode="Audit"))
    (failed,) = [f for f in findings(wrong) if f.outcome is Outcome.FAILED]
    assert "08:15" in str(failed.summary)
    assert "before" not in sentences(judge(inline_rule(WhenChanged="2026-11-24T07:30:00Z")))


def test_a_rule_modified_by_hand_is_told() -> None:
    assert "make it anew" in sentences(judge(inline_rule(ManuallyModified=True)))


@given(st.sampled_from(["Name", "State", "Comments"]), st.text(max_size=30))
def test_no_name_state_or_comment_makes_a_parallel_rule_inline(changed: str, value: str) -> None:
    found = judge(parallel_200(**{changed: value}), outbound=[parallel_outbound()])
    assert outcome(found) == "failed"
    assert {f.requirement for f in findings(found)} == {None}


@given(st.permutations(["inline", "parallel", "other"]))
def test_the_order_of_the_rules_does_not_matter(order: list[str]) -> None:
    kinds = {"inline": inline_rule(), "parallel": parallel_rules()[1], "other": rule(Name="disclaimer")}
    assert deviations(judge(*(kinds[each] for each in order))) == set()


def test_it_runs_from_cutover_on() -> None:
    marked = getattr(outgoing_mail_is_sent_to_the_connector, MARK)
    assert set(marked.phases) == set(Phase) - {Phase.READINESS}
