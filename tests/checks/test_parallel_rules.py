from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.parallel_rules import no_transport_rule_of_parallel_mode_is_left
from seppcheck.api import Bearing, Heading, Phase, Reason, Result, Unavailable, text
from seppcheck.model.checks import MARK
from tests.checks.evidence import findings, outcome, outcomes, reasons, sentences
from tests.checks.exchange_objects import (
    RULE_NAME,
    STAMP,
    inline_outbound,
    inline_rule,
    parallel_200,
    parallel_outbound,
    parallel_rules,
    renamed,
    rule,
)
from tests.checks.mail_flow import TENANT, flow

MISSING = Unavailable(Reason.EXPIRED, text("the export is 9 days old"))
AFTERWARDS = [Phase.VERIFICATION, Phase.DRIFT]


def judge(phase: Phase = Phase.VERIFICATION, **given_flow: Any) -> Result:
    return no_transport_rule_of_parallel_mode_is_left(TENANT, flow(**given_flow), phase)


@pytest.mark.parametrize("phase", [Phase.CUTOVER, *AFTERWARDS])
def test_an_inline_tenant_passes(phase: Phase) -> None:
    assert outcomes(judge(phase, outbound=[inline_outbound()], rules=[inline_rule()])) == ["passed"]


@pytest.mark.parametrize("phase", [Phase.CUTOVER, *AFTERWARDS])
def test_every_rule_of_the_parallel_set_fails_and_its_stamp_is_told(phase: Phase) -> None:
    result = judge(phase, outbound=[parallel_outbound()], rules=parallel_rules())
    assert outcomes(result) == ["failed"] * 9
    assert "SEPPmail365 1.3.0 on 03/14/2026" in sentences(result)


@pytest.mark.parametrize(("phase", "expected"), [(Phase.CUTOVER, "warned"), *((p, "failed") for p in AFTERWARDS)])
def test_a_disabled_rule_is_the_way_back_during_the_cutover_alone(phase: Phase, expected: str) -> None:
    result = judge(phase, outbound=[parallel_outbound()], rules=parallel_rules(State="Disabled"))
    assert outcomes(result) == [expected] * 9


def test_the_vendor_s_cmdlets_are_warned_of_once_an_inline_rule_has_the_name() -> None:
    old, *_ = parallel_rules()
    result = judge(outbound=[inline_outbound()], rules=[old, inline_rule()])
    assert outcomes(result) == ["failed"]
    assert f"Remove-SM365Rules would now delete {RULE_NAME} too" in sentences(result)
    assert "Remove-SM365Rules" not in sentences(judge(rules=[old]))


def test_a_state_that_is_not_known_is_inconclusive_during_the_cutover() -> None:
    result = judge(Phase.CUTOVER, outbound=[parallel_outbound()], rules=parallel_rules(State=None)[:1])
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"incomplete"}


def test_rules_that_could_not_be_read_are_inconclusive() -> None:
    result = judge(rules=MISSING)
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"expired"}


def test_a_rule_whose_route_is_not_known_is_inconclusive() -> None:
    assert outcomes(judge(rules=[rule("RouteMessageOutboundConnector", "Actions")])) == ["inconclusive", "passed"]
    assert outcome(judge(outbound=MISSING, rules=[rule(RouteMessageOutboundConnector="somewhere")])) == "inconclusive"


@pytest.mark.parametrize(
    ("bearing", "expected"),
    [
        (Bearing.GATEWAY, "failed"),
        (Bearing.NOWHERE, "failed"),
        (Bearing.ELSEWHERE, "warned"),
        (Bearing.UNKNOWN, "inconclusive"),
    ],
)
def test_a_vendor_s_rule_of_another_host_depends_on_where_it_leads(bearing: Bearing, expected: str) -> None:
    old = parallel_rules()[1]
    connector = parallel_outbound(SmartHosts=["gateway.example.net"], TlsDomain="gateway.example.net")
    result = judge(outbound=[connector], rules=[old], heading=Heading("gateway.example.net", bearing))
    assert outcomes(result) == [expected]
    assert "gateway.example.net" in sentences(result)


@pytest.mark.parametrize(
    "own",
    [
        rule(Name="mine", SetHeaderName="X-SM-internal", SetHeaderValue="yes"),
        rule(Name="mine", ExceptIfHeaderContainsMessageHeader="x-sm-outgoing", ExceptIfHeaderContainsWords=["yes"]),
        rule(Name="mine", Comments=STAMP),
        rule(Name="[SEPPmail] - 777 of a later version"),
    ],
)
def test_a_rule_of_one_s_own_that_speaks_of_the_gateway_is_a_warning(own: Any) -> None:
    assert outcomes(judge(rules=[own])) == ["warned", "passed"]


@pytest.mark.parametrize(
    "foreign",
    [
        rule(Name="[SEPPmail.cloud] - 100 Route incoming e-mails to SEPPmail", SetHeaderName="X-SM-maildirection"),
        rule(Name="[SEPPMAIL.cloud] - 110 Route incoming PGP E-Mails to SEPPMAIL", Comments=STAMP),
        rule(Name="100", RemoveHeader="X-SM-outgoing", Comments=STAMP.replace("SEPPmail365", "SEPPmail365cloud")),
        rule(Name="add a disclaimer"),
        rule(Name="route to a signature service", RouteMessageOutboundConnector="Signatures"),
    ],
)
def test_other_products_rules_are_left_alone(foreign: Any) -> None:
    assert outcomes(judge(rules=[foreign])) == ["passed"]


def test_findings_name_the_rule_and_what_gave_it_away() -> None:
    finding, *_ = findings(judge(outbound=[parallel_outbound()], rules=[parallel_200()]))
    assert finding.subject == RULE_NAME
    assert "it routes to a parallel connector" in str(finding.observed)


@settings(max_examples=50)
@given(st.sampled_from(Phase), st.permutations(range(9)), st.sampled_from(["lower", "upper", "title"]))
def test_neither_case_nor_order_hides_a_parallel_rule(phase: Phase, order: list[int], case: str) -> None:
    rules = parallel_rules()
    shuffled = [rule(**{**rules[i].properties, "Name": getattr(rules[i].name, case)()}) for i in order]
    assert outcomes(judge(phase, outbound=[parallel_outbound()], rules=shuffled)) == ["failed"] * 9


@given(st.text(max_size=40), st.sampled_from(["Enabled", "Disabled"]))
def test_a_new_name_hides_no_stamped_rule_and_makes_none_inline(name: str, state: str) -> None:
    connector = parallel_outbound(Name=f"{name} x")
    rules = parallel_rules(RouteMessageOutboundConnector=connector.name, State=state)
    stamped = renamed(rules, name)
    kept = [each for each in stamped if not each.name.lower().startswith("[seppmail.cloud]")]
    assert outcomes(judge(outbound=[connector], rules=kept)) == ["failed"] * len(kept)


def test_it_runs_from_cutover_on() -> None:
    assert set(getattr(no_transport_rule_of_parallel_mode_is_left, MARK).phases) == {Phase.CUTOVER, *AFTERWARDS}
