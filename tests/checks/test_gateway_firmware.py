from __future__ import annotations

import pytest

from checks.gateway_firmware import firmware_is_free_of_known_holes
from seppcheck.api import Finding, Firmware
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN


@pytest.mark.parametrize(
    ("version", "outcome"),
    [
        ("15.0.4", Outcome.PASSED),
        ("15.0.4.1", Outcome.PASSED),
        ("15.1", Outcome.PASSED),
        ("16", Outcome.PASSED),
        ("v15.0.10", Outcome.PASSED),
        ("15.0.3", Outcome.WARNED),
        ("15.0.2.9", Outcome.WARNED),
        ("14.1.0", Outcome.WARNED),
        ("9.9.9", Outcome.WARNED),
        ("newest", Outcome.INCONCLUSIVE),
        ("", Outcome.INCONCLUSIVE),
    ],
)
def test_versions_are_compared_as_numbers(version: str, outcome: Outcome) -> None:
    found = firmware_is_free_of_known_holes(GATEWAY, Firmware(version, WRITTEN))

    assert isinstance(found, Finding)
    assert found.outcome is outcome
