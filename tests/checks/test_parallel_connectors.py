from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.parallel_connectors import no_connector_of_parallel_mode_is_left
from seppcheck.api import Bearing, Heading, Phase, Reason, Result, Unavailable, text
from seppcheck.model.checks import MARK
from tests.checks.evidence import outcome, outcomes, reasons, sentences
from tests.checks.exchange_objects import (
    INBOUND_NAME,
    inline_inbound,
    inline_outbound,
    parallel_inbound,
    parallel_outbound,
    parallel_rules,
    rule,
)
from tests.checks.mail_flow import TENANT, flow

MISSING = Unavailable(Reason.PERMISSION_MISSING, text("the role is missing"))
AFTERWARDS = [Phase.VERIFICATION, Phase.DRIFT]


def judge(phase: Phase = Phase.VERIFICATION, **given_flow: Any) -> Result:
    return no_connector_of_parallel_mode_is_left(TENANT, flow(**given_flow), phase)


@pytest.mark.parametrize("phase", [Phase.CUTOVER, *AFTERWARDS])
def test_an_inline_tenant_passes(phase: Phase) -> None:
    result = judge(phase, inbound=[inline_inbound()], outbound=[inline_outbound()])
    assert outcomes(result) == ["passed", "passed"]


@pytest.mark.parametrize("phase", AFTERWARDS)
@pytest.mark.parametrize("enabled", [True, False])
def test_afterwards_every_parallel_connector_fails_also_a_disabled_one(phase: Phase, enabled: bool) -> None:
    result = judge(phase, inbound=[parallel_inbound(Enabled=enabled)], outbound=[parallel_outbound(Enabled=enabled)])
    assert outcomes(result) == ["failed", "failed"]
    assert "SEPPmail365 1.3.0" in sentences(result)


def test_during_the_cutover_one_in_use_fails_and_the_others_are_the_way_back() -> None:
    both = {"inbound": [parallel_inbound()], "outbound": [parallel_outbound()]}
    assert outcomes(judge(Phase.CUTOVER, **both, rules=parallel_rules())) == ["failed", "warned"]
    assert outcomes(judge(Phase.CUTOVER, **both, rules=parallel_rules(State="Disabled"))) == ["warned", "warned"]
    assert outcomes(judge(Phase.CUTOVER, **both)) == ["warned", "warned"]


def test_an_unknown_use_is_inconclusive_during_the_cutover() -> None:
    for rules in (MISSING, [rule("RouteMessageOutboundConnector", "Actions")], parallel_rules(State=None)):
        assert outcome(judge(Phase.CUTOVER, outbound=[parallel_outbound()], rules=rules)) == "inconclusive"


@pytest.mark.parametrize("side", ["inbound", "outbound"])
def test_a_side_that_could_not_be_read_is_inconclusive_and_the_other_is_judged(side: str) -> None:
    world: dict[str, Any] = {"inbound": [parallel_inbound()], "outbound": [parallel_outbound()], side: MISSING}
    result = judge(**world)
    assert sorted(outcomes(result)) == ["failed", "inconclusive"]
    assert reasons(result) == {"permission-missing"}


@pytest.mark.parametrize(
    "connector",
    [
        parallel_inbound(Name="old", Comment=""),
        parallel_inbound(Name="old", Comment="", TlsSenderCertificateName="mail.example.org"),
        parallel_inbound(
            Name="old", Comment="", TlsSenderCertificateName=None, RequireTls=False, SenderIPAddresses=["192.0.2.0/24"]
        ),
        parallel_inbound(Name="old", Comment="", TlsSenderCertificateName="<I>CN=CA<S>CN=secure.example.org, O=X"),
        parallel_inbound(Comment="", TlsSenderCertificateName="*.example.net"),
        parallel_inbound(Name="Inbound from nowhere", Comment=""),
    ],
)
def test_an_inbound_connector_is_known_by_certificate_address_or_name(connector: Any) -> None:
    assert outcomes(judge(inbound=[connector])) == ["passed", "failed"]


@pytest.mark.parametrize(
    "connector",
    [
        parallel_outbound(Name="old", Comment=""),
        parallel_outbound(Name="old", Comment="", SmartHosts=["[192.0.2.25]"], TlsDomain=None),
        parallel_outbound(Name="old", Comment="", SmartHosts=["relay.example.net"]),
        parallel_outbound(Name="old", Comment="", SmartHosts=["SECURE.example.org."], TlsDomain=None),
        parallel_outbound(Comment="", SmartHosts=[], TlsDomain=None),
    ],
)
def test_an_outbound_connector_is_known_by_host_address_or_name(connector: Any) -> None:
    assert outcomes(judge(outbound=[connector])) == ["failed", "passed"]


@pytest.mark.parametrize(
    "connector",
    [
        parallel_inbound(Name="[SEPPmail.cloud] Inbound-Parallel", Comment=""),
        parallel_inbound(Name="[SEPPMAIL.cloud] Inbound-Parallel", TlsSenderCertificateName="x.example.net"),
        parallel_inbound(Name="Inbound from 0f2c", ConnectorSource="HybridWizard", Comment=""),
        parallel_inbound(Name="Inbound from 0f2c", TlsSenderCertificateName="mail.example.org", Comment=""),
        parallel_inbound(Name="scanner", TlsSenderCertificateName="scan.example.net", Comment=""),
        parallel_inbound(Name="scanner", TlsSenderCertificateName=None, SenderIPAddresses=["198.51.100.9"], Comment=""),
    ],
)
def test_other_products_connectors_are_left_alone(connector: Any) -> None:
    assert outcomes(judge(inbound=[connector])) == ["passed", "passed"]


def test_one_that_only_a_wildcard_connects_with_the_gateway_is_a_warning() -> None:
    connector = parallel_inbound(Name="scanner", TlsSenderCertificateName="*.example.org", Comment="")
    assert outcomes(judge(inbound=[connector])) == ["passed", "warned"]
    assert outcomes(judge(inbound=[parallel_inbound(TlsSenderCertificateName="*.example.org")])) == ["passed", "failed"]


@pytest.mark.parametrize(
    ("bearing", "expected"),
    [
        (Bearing.GATEWAY, "failed"),
        (Bearing.NOWHERE, "failed"),
        (Bearing.ELSEWHERE, "warned"),
        (Bearing.UNKNOWN, "inconclusive"),
    ],
)
def test_a_vendor_s_connector_of_another_host_depends_on_where_it_leads(bearing: Bearing, expected: str) -> None:
    heading = Heading("gw.example.net", bearing)
    outbound = parallel_outbound(SmartHosts=["gw.example.net"], TlsDomain="gw.example.net")
    inbound = parallel_inbound(TlsSenderCertificateName="gw.example.net")
    result = judge(inbound=[inbound], outbound=[outbound], heading=heading)
    assert outcomes(result) == [expected, expected]


@pytest.mark.parametrize(
    "connector", [parallel_outbound("ConnectorType"), parallel_outbound("SmartHosts"), parallel_outbound("TlsDomain")]
)
def test_what_cannot_be_told_is_inconclusive(connector: Any) -> None:
    other = parallel_outbound("ConnectorType", "SmartHosts", Name="other", Comment="")
    assert outcome(judge(outbound=[other])) == "inconclusive"
    assert outcome(judge(outbound=[connector])) in {"inconclusive", "failed"}


def test_the_vendor_s_cmdlets_are_warned_of_once_an_inline_connector_has_the_name() -> None:
    result = judge(inbound=[parallel_inbound(Name="old"), inline_inbound(Name=INBOUND_NAME)])
    assert f"Remove-SM365Connectors would now delete {INBOUND_NAME} too" in sentences(result)


@given(st.text(min_size=1, max_size=30), st.booleans(), st.booleans())
def test_a_new_name_or_a_switch_hides_no_parallel_connector(name: str, enabled: bool, test_mode: bool) -> None:
    name = name.replace("[", "(")
    changes: dict[str, Any] = {"Name": name, "Enabled": enabled, "Comment": ""}
    result = judge(inbound=[parallel_inbound(**changes)], outbound=[parallel_outbound(**changes, TestMode=test_mode)])
    assert outcomes(result) == ["failed", "failed"]


@given(st.permutations(["partner", "onpremises", "other"]))
def test_the_order_of_connectors_does_not_matter(order: list[str]) -> None:
    kinds = {
        "partner": inline_outbound(Name="new"),
        "onpremises": parallel_outbound(),
        "other": inline_outbound(Name="other", SmartHosts=["relay.example.net"], TlsDomain=None, TlsSettings=None),
    }
    assert outcomes(judge(outbound=[kinds[each] for each in order])) == ["failed", "passed"]


def test_it_runs_from_cutover_on() -> None:
    assert set(getattr(no_connector_of_parallel_mode_is_left, MARK).phases) == {Phase.CUTOVER, *AFTERWARDS}
