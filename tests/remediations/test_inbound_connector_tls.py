from __future__ import annotations

from typing import Any

import pytest

from remediations.inbound_connector_tls import demand_the_gateways_certificate as planner
from seppcheck.api import Milestone
from tests.checks.exchange_objects import GATEWAY_NAME, INBOUND_NAME
from tests.remediations.exchange_makers import certificates, empty, make_inbound, make_inline, make_parallel, stamp
from tests.remediations.exchange_simulation import World, carry_out, changes, manual_steps, only, properties, proposal

NAME = "TlsSenderCertificateName"


def inline(common_name: str = GATEWAY_NAME, **faults: Any) -> World:
    world = make_inline(empty())
    world.certificates = certificates(common_name, common_name)
    world.tenant.inbound.find(INBOUND_NAME).update(faults)
    return world


@pytest.mark.parametrize(
    ("common_name", "demanded"),
    [
        (GATEWAY_NAME, GATEWAY_NAME),
        ("host.example.org", "*.example.org"),
        ("secure.customer.example", "secure.customer.example"),
        ("", GATEWAY_NAME),
    ],
)
def test_a_name_that_is_acceptable_and_found_stays(common_name: str, demanded: str) -> None:
    assert proposal(planner, inline(common_name, TlsSenderCertificateName=demanded)).steps == ()


@pytest.mark.parametrize(
    "faults",
    [
        {NAME: "foreign.example.com", "Comment": stamp("1.2.9")},
        {NAME: "<I>CN=CA<S>CN=secure.example.org"},
        {NAME: None, "RestrictDomainsToCertificate": False, "RequireTls": False},
        {NAME: "*", "RestrictDomainsToCertificate": False},
    ],
)
def test_a_name_that_the_guide_refuses_becomes_the_certificates_cn(faults: dict[str, Any]) -> None:
    world = inline("*.example.org", **faults)

    change = only(changes(proposal(planner, world)))

    assert properties(change.after)[NAME] == "*.example.org"
    assert (change.needs, change.reaches) == (Milestone.HOLD_ON, Milestone.CONNECTORS)
    carry_out(world, change)
    assert proposal(planner, world).steps == ()
    assert world.tenant.inbound.find(INBOUND_NAME)["RestrictDomainsToCertificate"] is True


def test_a_name_by_which_exchange_finds_no_certificate_follows_the_certificate() -> None:
    change = only(changes(proposal(planner, inline("*.example.org"))))

    assert (properties(change.before), properties(change.after)) == ({NAME: GATEWAY_NAME}, {NAME: "*.example.org"})


def test_missing_restrictions_are_set_and_the_name_stays() -> None:
    change = only(changes(proposal(planner, inline(RestrictDomainsToCertificate=False))))

    assert properties(change.after) == {"RestrictDomainsToCertificate": True}


def test_a_wrong_name_is_not_replaced_by_a_guess() -> None:
    world = inline("", TlsSenderCertificateName="foreign.example.com", Comment=stamp("1.2.9"))

    found = proposal(planner, world)

    assert changes(found) == []
    assert {(step.needs, step.after) for step in manual_steps(found)} == {(None, None)}
    assert [str(step.summary) for step in manual_steps(found)] == [
        "Write down the certificate of example.org first",
        "Write down the certificate of example.net first",
    ]


def test_one_that_only_repeats_another_is_left_to_its_removal() -> None:
    world = inline()
    make_inbound(world, "Twin", RestrictDomainsToCertificate=False)

    assert proposal(planner, world).steps == ()


def test_connectors_of_parallel_mode_are_not_touched() -> None:
    assert proposal(planner, make_parallel(empty())).steps == ()
