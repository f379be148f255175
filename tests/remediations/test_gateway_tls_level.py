from __future__ import annotations

import pytest

from checks.gateway_tls_level import handover_is_verified
from remediations.gateway_tls_level import verify_the_other_side
from seppcheck.api import PlanPhase, TlsLevel
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import DOMAIN, SEEN, WRITTEN
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import done, opens_the_menu, step_of, told


@pytest.mark.parametrize("level", ["none", "may", "encrypt", "", "Encrypt"])
def test_done_the_check_passes_and_nothing_is_left_to_plan(level: str) -> None:
    before = TlsLevel(level, WRITTEN)
    step = step_of(verify_the_other_side(DOMAIN, before, PlanPhase.READINESS))
    assert opens_the_menu(step, "gateway-tls-level")
    assert f"Choose again: {level or '-'}" in told(step)
    after = done(before, step)
    assert outcome(handover_is_verified(DOMAIN, after)) == "passed"
    assert verify_the_other_side(DOMAIN, after, PlanPhase.READINESS) == []
    assert kinds(verify_the_other_side(DOMAIN, before, PlanPhase.CUTOVER)) == ["Note"]


@pytest.mark.parametrize("level", ["secure", "Verify", "fingerprint"])
@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_a_level_that_verifies_needs_nothing(level: str, phase: PlanPhase) -> None:
    assert verify_the_other_side(DOMAIN, TlsLevel(level, SEEN), phase) == []
