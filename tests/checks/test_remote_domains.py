from __future__ import annotations

import pytest

from checks.remote_domains import no_remote_domain_is_internal
from seppcheck.api import ExchangeObject, Finding, RemoteDomains, Tenant
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.gateway_facts import NOON


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([{"Name": "Default", "DomainName": "*", "IsInternal": False}], Outcome.PASSED),
        ([{"Name": "Default", "IsInternal": False}, {"Name": "sister", "IsInternal": True}], Outcome.WARNED),
        ([{"Name": "Default"}], Outcome.INCONCLUSIVE),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_internal_remote_domains_are_warned(rows: list[dict[str, object]], outcome: Outcome) -> None:
    objects = tuple(map(ExchangeObject, rows))
    found = no_remote_domain_is_internal(Tenant("t"), RemoteDomains(objects, "export", NOON))

    assert outcome_of([found] if isinstance(found, Finding) else found) is outcome
