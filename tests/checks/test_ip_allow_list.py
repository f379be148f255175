from __future__ import annotations

import pytest

from checks.ip_allow_list import gateway_is_not_waved_through
from seppcheck.api import (
    ArcConfig,
    ConnectionFilterPolicies,
    DnsAnswer,
    DnsStatus,
    ExchangeObject,
    Finding,
    GatewayAddresses,
    HostLookup,
    Reason,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import GATEWAY, addresses, answer, host
from tests.checks.gateway_facts import NOON

UNREAD = Unavailable(Reason.NOT_COLLECTED, text("nobody knows"))


def judged(
    rows: list[dict[str, object]], arc: ArcConfig | Unavailable = UNREAD, where: GatewayAddresses | None = None
) -> list[Finding]:
    policies = ConnectionFilterPolicies(tuple(map(ExchangeObject, rows)), "export", NOON)
    found = gateway_is_not_waved_through(Tenant("t"), GATEWAY, policies, where or addresses(), arc)
    return [found] if isinstance(found, Finding) else list(found)


@pytest.mark.parametrize(
    ("allowed", "outcome"),
    [
        ([], Outcome.PASSED),
        (None, Outcome.PASSED),
        (["198.51.100.1", "198.51.100.0/24", "198.51.100.1-198.51.100.9"], Outcome.PASSED),
        (["198.51.100.1", "nonsense"], Outcome.INCONCLUSIVE),
        (["1-2-3"], Outcome.INCONCLUSIVE),
        (["192.0.2.25"], Outcome.WARNED),
        (["192.0.2.0/24"], Outcome.WARNED),
        (["192.0.2.20-192.0.2.30"], Outcome.WARNED),
    ],
)
def test_the_gateway_must_not_be_on_the_list(allowed: list[str] | None, outcome: Outcome) -> None:
    assert outcome_of(judged([{"Name": "Default", "IPAllowList": allowed}])) is outcome


def test_an_entry_that_cannot_be_read_hides_none_that_holds_the_gateway() -> None:
    found = judged([{"Name": "Default", "IPAllowList": ["nonsense", "192.0.2.25"]}])

    assert [each.outcome for each in found] == [Outcome.INCONCLUSIVE, Outcome.WARNED]
    assert found[0].reason is Reason.MALFORMED
    assert "nonsense" in str(found[0].summary)


def test_what_was_not_read_is_unknown() -> None:
    assert outcome_of(judged([{"Name": "Default"}])) is Outcome.INCONCLUSIVE
    assert outcome_of(judged([])) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("lookup", [host(), host(ipv4=answer()), host(ipv4=DnsAnswer(DnsStatus.TIMEOUT))])
def test_without_an_address_of_the_gateway_no_list_is_found_free_of_it(lookup: HostLookup) -> None:
    found = judged([{"Name": "Default", "IPAllowList": []}], where=addresses(lookup, configured=False))

    expected = [Outcome.PASSED] if lookup.addresses else [Outcome.INCONCLUSIVE]
    assert [f.outcome for f in found] == expected


def test_trusted_sealers_are_only_mentioned() -> None:
    arc = ArcConfig((ExchangeObject({"ArcTrustedSealers": "a.example, b.example"}),), "export", NOON)
    found = judged([{"Name": "Default", "IPAllowList": []}], arc)

    assert [f.outcome for f in found] == [Outcome.PASSED, Outcome.PASSED]
    assert "a.example, b.example" in str(found[1].summary)
