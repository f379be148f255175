from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.ip_allow_list import gateway_is_not_waved_through
from remediations.ip_allow_list import filter_what_comes_from_the_gateway
from seppcheck.api import Change, ConnectionFilterPolicies, ExchangeImage, ExchangeObject, Milestone, Outcome, Tenant
from seppcheck.planning.exchange_commands import alteration
from tests.checks.evidence import GATEWAY, IPV4, addresses, findings
from tests.checks.gateway_facts import NOON
from tests.remediations.exchange_simulation import MISSING

TENANT = Tenant("example.onmicrosoft.com")
GUID = "5b7f7a0e-0000-4000-8000-000000000001"
HOLDING = (IPV4, "192.0.2.0/24", "192.0.2.20-192.0.2.30")
OTHERS = ("198.51.100.1", "198.51.100.0/24", "198.51.100.1-198.51.100.9", "nonsense")


def policies(*entries: str) -> ConnectionFilterPolicies:
    found = {"Name": "Default", "Guid": GUID, "IPAllowList": list(entries), "IPBlockList": ["203.0.113.9"]}
    return ConnectionFilterPolicies((ExchangeObject(found),), "export", NOON)


def planned(before: ConnectionFilterPolicies) -> Sequence[Change]:
    found = filter_what_comes_from_the_gateway(TENANT, before, addresses())
    return [each for each in found if isinstance(each, Change)]


def test_the_gateway_leaves_the_list_and_everybody_else_stays() -> None:
    (change,) = planned(policies("198.51.100.1", IPV4))

    assert isinstance(change.after, ExchangeImage)
    assert change.before == replace(change.after, properties={"IPAllowList": ["198.51.100.1", IPV4]})
    assert change.after.properties == {"IPAllowList": ["198.51.100.1"]}
    assert (change.after.guid, change.needs, change.reaches) == (GUID, Milestone.INBOUND_ON, None)


def test_exchange_is_told_what_to_remove_and_no_whole_list() -> None:
    (change,) = planned(policies("198.51.100.1", IPV4))

    assert isinstance(change.before, ExchangeImage)
    assert isinstance(change.after, ExchangeImage)
    (command,) = alteration(change.before, change.after)
    assert command.parameters["IPAllowList"] == {"@odata.type": "#Exchange.GenericHashTable", "Remove": [IPV4]}


def test_without_the_gateway_on_it_the_list_stays() -> None:
    assert planned(policies(*OTHERS)) == []


@given(st.lists(st.sampled_from([*HOLDING, *OTHERS]), unique=True))
def test_afterwards_the_check_has_nothing_to_warn_of(entries: list[str]) -> None:
    left = entries
    for change in planned(policies(*entries)):
        assert isinstance(change.after, ExchangeImage)
        found = change.after.properties["IPAllowList"]
        assert isinstance(found, list)
        left = found

    result = gateway_is_not_waved_through(TENANT, GATEWAY, policies(*left), addresses(), MISSING)
    assert not [each for each in findings(result) if each.outcome is Outcome.WARNED]
    assert left == [entry for entry in entries if entry in OTHERS]
