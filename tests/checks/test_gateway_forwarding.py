from __future__ import annotations

import pytest

from checks.gateway_forwarding import mail_is_handed_to_the_tenant
from seppcheck.api import Finding, Forwarding
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.gateway_facts import DOMAIN, SEEN

TENANT = "example-org.mail.protection.outlook.com"


@pytest.mark.parametrize(
    ("host", "mx_lookup", "outcome"),
    [
        (TENANT, False, Outcome.PASSED),
        (f"[{TENANT}]", None, Outcome.PASSED),
        (TENANT.upper() + ".", False, Outcome.PASSED),
        ("example-org.x-v1.mx.microsoft", False, Outcome.PASSED),
        (TENANT, True, Outcome.WARNED),
        (TENANT, None, Outcome.INCONCLUSIVE),
        ("exchange.example.org", False, Outcome.WARNED),
        ("mail.protection.outlook.com.example.org", False, Outcome.WARNED),
        ("", False, Outcome.WARNED),
    ],
)
def test_mail_goes_to_the_tenants_host_without_a_look_up(host: str, mx_lookup: bool | None, outcome: Outcome) -> None:
    found = mail_is_handed_to_the_tenant(DOMAIN, Forwarding(host, mx_lookup, SEEN))

    assert not isinstance(found, Finding)
    assert outcome_of(found) is outcome
