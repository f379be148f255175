from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tenant_to_tenant import customers_know_that_mail_between_them_stays_plain
from remediations.tenant_to_tenant import tell_the_customers
from seppcheck.api import ManagedDomain, ManagedDomains, Site
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import DOMAIN, GATEWAY, SEEN
from tests.remediations.fact_simulation import notes

SITE = Site(GATEWAY, (DOMAIN,))


def plan(*domains: ManagedDomain) -> str:
    return notes(tell_the_customers(GATEWAY, ManagedDomains(domains, SEEN), SITE))


def test_the_pairs_are_told_from_whom_to_whom() -> None:
    told = plan(ManagedDomain("example.org", "one", ""), ManagedDomain("example.net", "two", "mail.example.net"))
    assert told == (
        "mail between these customers is not encrypted once the sender is inline: example.org -> example.net"
    )


@pytest.mark.parametrize(
    "other", [ManagedDomain("example.net", "one", ""), ManagedDomain("example.net", "", "mail.example.net")]
)
def test_one_customer_and_an_unknown_one_make_no_pair(other: ManagedDomain) -> None:
    assert plan(ManagedDomain("example.org", "one", ""), other) == ""


managed = st.builds(
    ManagedDomain,
    st.sampled_from(["example.org", "example.net", "example.com"]),
    st.sampled_from(["one", "two"]),
    st.sampled_from([None, "", "mail.example.net"]),
)


@given(st.lists(managed, max_size=3, unique_by=lambda each: each.name))
def test_pairs_are_told_where_the_check_warns_and_nowhere_else(domains: list[ManagedDomain]) -> None:
    judged = customers_know_that_mail_between_them_stays_plain(GATEWAY, ManagedDomains(tuple(domains), SEEN), SITE)
    assert bool(plan(*domains)) == (outcome(judged) == "warned")
