from __future__ import annotations

import pytest

from checks.gateway_firmware import firmware_is_free_of_known_holes
from remediations.gateway_firmware import update_the_firmware
from seppcheck.api import Firmware, PlanPhase
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import step_of, told

PLANS = [PlanPhase.READINESS, PlanPhase.CUTOVER]


@pytest.mark.parametrize("version", ["15.0.3", "13.0.8", "unknown", ""])
def test_an_old_firmware_and_one_that_cannot_be_compared_are_updated_before_the_move(version: str) -> None:
    step = step_of(update_the_firmware(GATEWAY, Firmware(version, WRITTEN), PlanPhase.READINESS))
    assert "System > Update" in told(step)
    assert "seppcheck attest --only gateway-firmware" in told(step)


@pytest.mark.parametrize("version", ["15.0.4", "15.1", "16.0.0"])
@pytest.mark.parametrize("phase", PLANS)
def test_a_present_firmware_needs_nothing_and_passes(version: str, phase: PlanPhase) -> None:
    firmware = Firmware(version, WRITTEN)
    assert update_the_firmware(GATEWAY, firmware, phase) == []
    assert outcome(firmware_is_free_of_known_holes(GATEWAY, firmware)) == "passed"


def test_in_a_cutover_it_is_only_told() -> None:
    assert kinds(update_the_firmware(GATEWAY, Firmware("14.0.0", WRITTEN), PlanPhase.CUTOVER)) == ["Note"]
