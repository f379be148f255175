from __future__ import annotations

import pytest

from checks.gateway_smarthost import outgoing_mail_goes_out_directly
from seppcheck.api import Finding, Smarthost
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import DOMAIN, SEEN


@pytest.mark.parametrize(
    ("host", "listed", "outcome"),
    [
        ("", True, Outcome.PASSED),
        (" ", True, Outcome.PASSED),
        ("relay.example.net", True, Outcome.FAILED),
        ("", False, Outcome.FAILED),
    ],
)
def test_the_field_must_be_empty_and_the_domain_there(host: str, listed: bool, outcome: Outcome) -> None:
    found = outgoing_mail_goes_out_directly(DOMAIN, Smarthost(host, SEEN, listed))

    assert isinstance(found, Finding)
    assert found.outcome is outcome
