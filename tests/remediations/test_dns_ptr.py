from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_ptr import gateway_address_resolves_back
from remediations.dns_ptr import name_the_addresses
from seppcheck.api import (
    Change,
    DnsAnswer,
    DnsImage,
    ManualStep,
    NodeAddresses,
    PlanPhase,
    Proposal,
    ReverseDns,
    ReverseEntry,
)
from tests.checks.evidence import GATEWAY, IPV4, IPV6, NAME, OTHER, addresses, answer, host, no, outcome, reverse
from tests.remediations.dns_simulation import answer_of, change_of, kinds
from tests.remediations.fact_simulation import notes, step_of, told

OWNER = "25.2.0.192.in-addr.arpa"
ALIAS = "25.0-63.2.0.192.in-addr.arpa"


def plan(entry: ReverseEntry, *nodes: NodeAddresses) -> Proposal:
    return name_the_addresses(GATEWAY, reverse(entry, nodes=nodes), PlanPhase.READINESS)


def pointing(pointer: DnsAnswer, address: str = IPV4, node: str = NAME) -> ReverseEntry:
    return ReverseEntry(address, node, pointer, ())


def both() -> NodeAddresses:
    return addresses(host(NAME, answer(IPV4), answer(IPV6)), configured=False).nodes[0]


def test_a_right_record_needs_nothing() -> None:
    assert plan(ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (host(),))) == []


def test_a_missing_record_is_made() -> None:
    change = change_of(plan(pointing(no("nxdomain"))))
    assert change.before is None
    assert change.after == DnsImage(OWNER, "PTR", 3600, (f"{NAME}.",))


def test_a_wrong_record_and_several_are_replaced_by_the_one() -> None:
    change = change_of(plan(pointing(answer(f"{OTHER}.", NAME.upper(), ttl=77))))
    assert change.before == DnsImage(OWNER, "PTR", 77, (f"{OTHER}.", f"{NAME}."))
    assert change.after == DnsImage(OWNER, "PTR", 3600, (f"{NAME}.",))


@pytest.mark.parametrize("pointer", [answer(f"{OTHER}.", aliases=(ALIAS,)), replace(no("nxdomain"), aliases=(ALIAS,))])
def test_an_alias_into_a_classless_zone_is_followed(pointer: DnsAnswer) -> None:
    change = change_of(plan(pointing(pointer)))
    assert isinstance(change.after, DnsImage)
    assert change.after.name == ALIAS


def test_an_ipv6_address_has_its_own_owner_and_each_address_its_node() -> None:
    change = change_of(plan(pointing(answer(), IPV6), both()))
    assert isinstance(change.after, DnsImage)
    assert change.after.name == ip_address(IPV6).reverse_pointer
    assert change.after.name.endswith("8.b.d.0.1.0.0.2.ip6.arpa")


def test_a_name_that_does_not_lead_back_is_for_people() -> None:
    found = plan(ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (host(NAME, answer("192.0.2.99")),)))
    assert f"{NAME}. IN A {IPV4}" in told(step_of(found))
    assert kinds(found) == ["ManualStep"]


def test_both_ways_are_planned_where_both_are_wrong() -> None:
    found = plan(pointing(answer(), IPV6))
    assert kinds(found) == ["Change", "ManualStep"]
    assert f"{NAME}. IN AAAA {IPV6}" in told(step_of(found))


def test_a_node_without_any_address_needs_one() -> None:
    bare = addresses(host(NAME, answer(), answer()), configured=False).nodes
    step = step_of(name_the_addresses(GATEWAY, ReverseDns((), bare), PlanPhase.READINESS))
    assert "add an A record" in told(step)


@pytest.mark.parametrize("status", ["timeout", "servfail", "refused"])
def test_what_could_not_be_looked_up_is_told_and_not_planned(status: str) -> None:
    found = plan(pointing(no(status)))
    assert kinds(found) == ["Note"]
    assert IPV4 in notes(found)
    unknown = plan(ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (host(NAME, no(status)),)))
    assert kinds(unknown) == ["Note"]


names = st.sampled_from([f"{NAME}.", f"{OTHER}.", "SECURE.example.ORG", "host.example.com."])


@given(values=st.lists(names, max_size=3), alias=st.booleans(), forward=st.booleans())
def test_planned_and_done_the_check_passes_and_nothing_is_left_to_plan(
    values: list[str], alias: bool, forward: bool
) -> None:
    pointer = replace(answer(*values), aliases=(ALIAS,) if alias else ())
    named = host() if forward else host(NAME, answer("192.0.2.99"))
    nodes = (NodeAddresses(NAME, (IPV4,), True, named),)
    entry = ReverseEntry(IPV4, NAME, pointer, (named,) if values else ())
    for step in name_the_addresses(GATEWAY, ReverseDns((entry,), nodes), PlanPhase.CUTOVER):
        if isinstance(step, Change):
            assert isinstance(step.after, DnsImage)
            assert step.after.name == (ALIAS if alias else OWNER)
            said = replace(answer_of(step.after), aliases=pointer.aliases)
            entry = replace(entry, pointer=said, forward=(nodes[0].lookup,))
        else:
            assert isinstance(step, ManualStep)
            nodes = (replace(nodes[0], lookup=host()),)
            entry = replace(entry, forward=(host(),))
    after = ReverseDns((entry,), nodes)
    assert outcome(gateway_address_resolves_back(GATEWAY, after)) == "passed"
    assert name_the_addresses(GATEWAY, after, PlanPhase.CUTOVER) == []
