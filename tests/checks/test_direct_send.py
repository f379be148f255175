from __future__ import annotations

import pytest

from checks.direct_send import direct_send_is_rejected
from seppcheck.api import ExchangeObject, Finding, OrganizationConfig, Tenant
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import NOON


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([{"Name": "t", "RejectDirectSend": True}], Outcome.PASSED),
        ([{"Name": "t", "RejectDirectSend": False}], Outcome.WARNED),
        ([{"Name": "t", "RejectDirectSend": None}], Outcome.WARNED),
        ([{"Name": "t"}], Outcome.INCONCLUSIVE),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_direct_send_should_be_rejected(rows: list[dict[str, object]], outcome: Outcome) -> None:
    objects = tuple(map(ExchangeObject, rows))
    found = direct_send_is_rejected(Tenant("t"), OrganizationConfig(objects, "export", NOON))

    assert isinstance(found, Finding)
    assert found.outcome is outcome
