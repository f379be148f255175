from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.mta_sts import policy_names_the_gateway
from remediations.mta_sts import name_the_gateway_in_the_policy
from seppcheck.api import Gateway, MtaStsPolicy, PlanPhase, Proposal, Reason, System, Unavailable, text
from tests.checks.evidence import CLUSTER, DOMAIN, GATEWAY, MICROSOFT, NAME, outcome
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import step_of, told

POLICY = MtaStsPolicy("example.org", announced=True, mode="enforce", mx=(MICROSOFT,))


def plan(policy: MtaStsPolicy, phase: PlanPhase = PlanPhase.READINESS, gateway: Gateway = GATEWAY) -> Proposal:
    return name_the_gateway_in_the_policy(DOMAIN, gateway, policy, phase)


def test_the_line_is_ready_to_copy_and_the_way_is_told() -> None:
    step = step_of(plan(POLICY))
    assert step.system is System.PEOPLE
    assert f"mx: {NAME}" in told(step)
    assert "https://mta-sts.example.org/.well-known/mta-sts.txt" in told(step)
    assert "max_age" in told(step)
    assert MICROSOFT in told(step)


@pytest.mark.parametrize(
    "policy",
    [
        MtaStsPolicy("example.org", announced=False),
        replace(POLICY, mode="none"),
        replace(POLICY, mx=("*.example.org",)),
        replace(POLICY, fault=Unavailable(Reason.TIMEOUT, text("timed out"))),
    ],
)
@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_what_names_the_gateway_and_what_is_not_there_or_unknown_is_left_alone(
    policy: MtaStsPolicy, phase: PlanPhase
) -> None:
    assert plan(policy, phase) == []


def test_in_a_cutover_it_is_only_told() -> None:
    assert kinds(plan(POLICY, PlanPhase.CUTOVER)) == ["Note"]


@given(st.lists(st.sampled_from([NAME, "*.example.org", MICROSOFT, "secure2.example.org"]), unique=True))
def test_once_the_lines_are_added_the_check_passes(mx: list[str]) -> None:
    policy = replace(POLICY, mx=tuple(mx))
    found = plan(policy, gateway=CLUSTER)
    if found:
        steps = [str(each) for each in step_of(found).steps]
        lines = [each.removeprefix("Add this line: mx: ") for each in steps if each.startswith("Add this line")]
        policy = replace(policy, mx=(*policy.mx, *lines))
    assert outcome(policy_names_the_gateway(DOMAIN, CLUSTER, policy)) == "passed"
    assert plan(policy, gateway=CLUSTER) == []
