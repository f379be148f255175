from __future__ import annotations

import pytest

from checks.gateway_tls_level import handover_is_verified
from seppcheck.api import Finding, TlsLevel
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import DOMAIN, SEEN


@pytest.mark.parametrize("level", ["secure", "verify", "fingerprint", "Secure"])
def test_verifying_levels_pass(level: str) -> None:
    found = handover_is_verified(DOMAIN, TlsLevel(level, SEEN))

    assert isinstance(found, Finding)
    assert found.outcome is Outcome.PASSED


@pytest.mark.parametrize("level", ["none", "may", "encrypt", "", "other"])
def test_levels_that_trust_anybody_are_warned(level: str) -> None:
    found = handover_is_verified(DOMAIN, TlsLevel(level, SEEN))

    assert isinstance(found, Finding)
    assert found.outcome is Outcome.WARNED
