from __future__ import annotations

import pytest

from checks.gateway_internal_mail import internal_mail_follows_the_domain_settings
from seppcheck.api import Finding, InternalMails
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [
        ("use-domain-settings", Outcome.PASSED),
        (" Use-Domain-Settings ", Outcome.PASSED),
        ("smarthost", Outcome.FAILED),
        ("use domain settings, I think", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
)
def test_only_the_domain_settings_are_right(setting: str, outcome: Outcome) -> None:
    found = internal_mail_follows_the_domain_settings(GATEWAY, InternalMails(setting, WRITTEN))

    assert isinstance(found, Finding)
    assert found.outcome is outcome
