"""The page on permissions is worked out from signatures: what a check needs, what is enough, what is used."""

from __future__ import annotations

import pytest

from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.plugins import Registry, load
from tools.reference.access import BY_SOURCE, Access, Strength, accesses, cmdlets
from tools.reference.permission_words import WAYS

NEEDED, ONE_OF, USED = Strength.NEEDED, Strength.ONE_OF, Strength.USED


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load()


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("dns-ptr", {Access.DNS: NEEDED}),
        ("dns-ttl-lead-time", {Access.DNS: NEEDED, Access.HISTORY: NEEDED}),
        ("extended-field", {Access.RECORD: NEEDED}),
        ("gateway-forwarding", {Access.REST: ONE_OF, Access.RECORD: ONE_OF}),
        ("gateway-mta", {Access.DNS: USED, Access.RECORD: USED, Access.MAIL: USED}),
        ("mta-sts", {Access.DNS: NEEDED, Access.HTTPS: NEEDED}),
        ("smtp-banner", {Access.DNS: NEEDED, Access.SMTP: NEEDED, Access.RECORD: USED}),
        ("direct-send", {Access.EXCHANGE: NEEDED}),
    ],
)
def test_what_a_check_has_to_reach(registry: Registry, check: str, expected: dict[Access, Strength]) -> None:
    assert accesses(registry.checks[check], registry) == expected


def test_cmdlets_are_found_through_what_is_built_upon_their_answers(registry: Registry) -> None:
    assert cmdlets(registry.checks["direct-send"], registry) == ("Get-OrganizationConfig",)
    flow = {"Get-InboundConnector", "Get-OutboundConnector", "Get-TransportRule"}
    assert set(cmdlets(registry.checks["parallel-rules"], registry)) == flow


def test_no_cmdlet_is_called_that_no_check_needs(registry: Registry) -> None:
    needed = {cmdlet for check in registry.checks.values() for cmdlet in cmdlets(check, registry)}
    assert {query.cmdlet for queries in QUERIES.values() for query in queries} == needed


def test_every_source_and_every_access_is_explained(registry: Registry) -> None:
    assert {source.name for source in registry.sources.values()} == set(BY_SOURCE)
    assert set(WAYS) == set(Access)
