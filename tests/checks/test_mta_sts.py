from __future__ import annotations

import pytest

from checks.mta_sts import policy_names_the_gateway
from seppcheck.api import Finding, MtaStsPolicy, Reason
from seppcheck.model.outcomes import Outcome
from seppcheck.sources.policies import policy_of
from tests.checks.gateway_facts import DOMAIN, GATEWAY

POLICY = "version: STSv1\r\nmode: {mode}\r\n{mx}max_age: 604800\r\n"


def policy(mode: str, *mx: str) -> MtaStsPolicy:
    return policy_of("example.org", POLICY.format(mode=mode, mx="".join(f"mx: {host}\r\n" for host in mx)))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (MtaStsPolicy("example.org", announced=False), Outcome.PASSED),
        (policy("enforce", "Secure.example.org."), Outcome.PASSED),
        (policy("enforce", "*.mail.protection.outlook.com", "*.example.org"), Outcome.PASSED),
        (policy("none"), Outcome.PASSED),
        (policy("enforce", "*.mail.protection.outlook.com"), Outcome.WARNED),
        (policy("testing", "example.org"), Outcome.WARNED),
        (policy("enforce"), Outcome.WARNED),
        (policy("perhaps", "secure.example.org"), Outcome.INCONCLUSIVE),
        (policy_of("example.org", "<html>404: not found</html>"), Outcome.INCONCLUSIVE),
        (policy_of("example.org", ""), Outcome.INCONCLUSIVE),
    ],
)
def test_a_policy_must_name_the_gateway(found: MtaStsPolicy, outcome: Outcome) -> None:
    judged = policy_names_the_gateway(DOMAIN, GATEWAY, found)

    assert isinstance(judged, Finding)
    assert judged.outcome is outcome
    assert outcome is not Outcome.INCONCLUSIVE or judged.reason is Reason.MALFORMED
