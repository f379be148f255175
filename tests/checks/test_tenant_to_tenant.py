from __future__ import annotations

import pytest

from checks.tenant_to_tenant import customers_know_that_mail_between_them_stays_plain
from seppcheck.api import Domain, Finding, ManagedDomain, ManagedDomains, Site
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import GATEWAY, SEEN

SITE = Site(GATEWAY, (Domain("one.example"),))


def judged(*domains: ManagedDomain) -> Finding:
    found = customers_know_that_mail_between_them_stays_plain(GATEWAY, ManagedDomains(domains, SEEN), SITE)
    assert isinstance(found, Finding)
    return found


ONE = ManagedDomain("one.example", "one", "")
TWO = ManagedDomain("two.example", "two", "relay.example.net")


def test_pairs_are_ordered_and_a_domain_is_no_pair_with_itself() -> None:
    found = judged(ONE, TWO, ManagedDomain("also-one.example", "one", ""))

    assert found.outcome is Outcome.WARNED
    assert str(found.observed) == "one.example -> two.example, also-one.example -> two.example"


@pytest.mark.parametrize(
    ("domains", "outcome"),
    [
        ([ONE], Outcome.NOT_APPLICABLE),
        ([], Outcome.NOT_APPLICABLE),
        ([ONE, ManagedDomain("other.example", "one", "")], Outcome.NOT_APPLICABLE),
        ([ManagedDomain("one.example", "one", "relay.example.net"), TWO], Outcome.PASSED),
        ([ManagedDomain("one.example", "one"), TWO], Outcome.WARNED),
        ([ManagedDomain("three.example", "three"), TWO], Outcome.INCONCLUSIVE),
        ([ONE, ManagedDomain("two.example")], Outcome.INCONCLUSIVE),
    ],
)
def test_who_is_concerned(domains: list[ManagedDomain], outcome: Outcome) -> None:
    assert judged(*domains).outcome is outcome
