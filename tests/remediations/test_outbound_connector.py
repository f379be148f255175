from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from remediations.outbound_connector import lead_outgoing_mail_to_the_gateway as planner
from seppcheck.api import Gateway, Milestone, Node, SmtpCertificate
from tests.checks.evidence import certificate, presented
from tests.checks.exchange_objects import GATEWAY_NAME, OUTBOUND_NAME, RULE_NAME
from tests.remediations.exchange_makers import (
    SITE,
    empty,
    make_inline,
    make_outbound,
    make_parallel,
    make_rule,
    stamp,
)
from tests.remediations.exchange_simulation import (
    ALIAS,
    GONE,
    OTHER,
    World,
    carry_out,
    changes,
    manual_steps,
    only,
    properties,
    proposal,
)

CLUSTER = Gateway(GATEWAY_NAME, (Node(GATEWAY_NAME, ("192.0.2.25",)), Node("secure2.example.org", ("192.0.2.26",))))


def shown(*names: str) -> SmtpCertificate:
    """What each address of the gateway shows on port 25."""
    return SmtpCertificate(25, tuple(presented(certificate(name, common_name=name)) for name in names))


def made(world: World) -> dict[str, Any]:
    """What the connector that is made has."""
    return dict(properties(changes(proposal(planner, world))[0].after))


def test_the_guide_s_connector_is_made_enabled_and_for_rules_alone() -> None:
    world = empty()
    world.shown = shown(GATEWAY_NAME)

    connector, address = changes(proposal(planner, world))

    assert connector.before is None
    assert properties(connector.after) == {
        "Name": OUTBOUND_NAME,
        "ConnectorType": "Partner",
        "Enabled": True,
        "IsTransportRuleScoped": True,
        "UseMXRecord": False,
        "SmartHosts": [GATEWAY_NAME],
        "TlsSettings": "DomainValidation",
        "TlsDomain": GATEWAY_NAME,
        "CloudServicesMailEnabled": False,
        "Comment": f"Inline operation: to {GATEWAY_NAME}. Made by seppcheck.",
    }
    assert address.before == connector.after
    assert properties(address.after) == {
        **properties(connector.after),
        "ValidationRecipients": ["postmaster@example.org"],
    }
    assert {(each.needs, each.reaches) for each in (connector, address)} == {(Milestone.HOLD_ON, Milestone.CONNECTORS)}


@pytest.mark.parametrize("names", [(), ("other.example.com",), (GATEWAY_NAME, "other.example.com")])
def test_no_name_is_demanded_that_not_every_address_is_seen_to_show(names: tuple[str, ...]) -> None:
    world = empty()
    if names:
        world.shown = shown(*names)

    assert made(world)["TlsSettings"] == "CertificateValidation"
    assert "TlsDomain" not in made(world)


def test_a_cluster_is_entered_with_all_its_names_and_no_name_is_demanded() -> None:
    world = replace(empty(), site=replace(SITE, gateway=CLUSTER), shown=shown(GATEWAY_NAME))

    assert made(world)["SmartHosts"] == [GATEWAY_NAME, "secure2.example.org"]
    assert made(world)["TlsSettings"] == "CertificateValidation"


def test_beside_the_parallel_connector_it_gets_a_name_that_exchange_takes() -> None:
    world = make_parallel(empty())

    assert made(world)["Name"] == f"{OUTBOUND_NAME} (INLINE)"


def test_names_of_other_people_s_connectors_are_taken_too_in_whichever_letters() -> None:
    world = make_parallel(empty())
    make_outbound(world, f"{OUTBOUND_NAME} (Inline)".upper(), SmartHosts=[OTHER], TlsDomain=OTHER)

    assert made(world)["Name"] == f"{OUTBOUND_NAME} (INLINE 2)"


def test_the_configured_name_is_taken_where_nobody_has_it() -> None:
    world = make_parallel(empty()).named(outbound_connectors=(OUTBOUND_NAME.upper(), "To the gateway"))

    assert made(world)["Name"] == "To the gateway"


def test_where_others_have_every_configured_name_the_plan_stops_and_names_the_key() -> None:
    world = make_parallel(empty()).named(outbound_connectors=(OUTBOUND_NAME,))

    found = proposal(planner, world)

    assert changes(found) == []
    step = only(manual_steps(found))
    assert "[exchange] outbound_connector" in str(step.summary)
    assert (step.needs, step.after) == (None, None)


def test_a_right_connector_is_left_alone() -> None:
    assert proposal(planner, make_inline(empty())).steps == ()
    assert proposal(planner, make_inline(empty()), "completion").steps == ()


@pytest.mark.parametrize(
    ("faults", "after"),
    [
        ({"Enabled": False}, {"Enabled": True}),
        ({"TestMode": True}, {"TestMode": False}),
        ({"CloudServicesMailEnabled": True}, {"CloudServicesMailEnabled": False}),
        (
            {"IsTransportRuleScoped": False, "RecipientDomains": ["example.com"]},
            {"IsTransportRuleScoped": True, "RecipientDomains": []},
        ),
        ({"SmartHosts": [], "UseMXRecord": True}, {"SmartHosts": [GATEWAY_NAME], "UseMXRecord": False}),
        ({"SmartHosts": ["[192.0.2.25]"]}, {"SmartHosts": [GATEWAY_NAME]}),
        ({"SmartHosts": [GATEWAY_NAME, OTHER]}, {"SmartHosts": [GATEWAY_NAME]}),
        ({"ValidationRecipients": []}, {"ValidationRecipients": ["postmaster@example.org"]}),
    ],
)
def test_what_is_wrong_is_mended_and_nothing_else_is_touched(faults: dict[str, Any], after: dict[str, Any]) -> None:
    world = make_inline(empty())
    found = world.tenant.outbound.find(OUTBOUND_NAME)
    found.update(faults)

    change = only(changes(proposal(planner, world)))

    assert properties(change.after) == after
    assert properties(change.before) == {name: found[name] for name in after}
    carry_out(world, change)
    assert proposal(planner, world).steps == ()


def test_in_a_completion_it_is_mended_before_everything_else() -> None:
    world = make_inline(empty())
    world.tenant.outbound.find(OUTBOUND_NAME)["TestMode"] = True

    change = only(changes(proposal(planner, world, "completion")))

    assert (change.needs, change.reaches) == (None, None)


def test_a_completion_makes_none_and_says_that_the_cutover_is_not_finished() -> None:
    found = proposal(planner, make_parallel(empty()), "completion")

    assert found.steps == ()
    assert "seppcheck plan cutover" in str(only(found.notes))


def test_one_that_no_rule_uses_beside_another_is_left_as_it_is() -> None:
    world = make_inline(empty())
    make_outbound(world, "Spare", Enabled=False, TestMode=True)

    assert proposal(planner, world).steps == ()


@pytest.mark.parametrize("host", [ALIAS, GONE])
def test_the_guide_s_connector_with_a_wrong_host_gets_the_gateway_s_name(host: str) -> None:
    world = empty()
    make_outbound(world, SmartHosts=[host], TlsDomain=host, Comment=stamp("1.2.9"))
    make_rule(world, RULE_NAME)

    change = only(changes(proposal(planner, world)))

    assert properties(change.before) == {"SmartHosts": [host]}
    assert properties(change.after) == {"SmartHosts": [GATEWAY_NAME]}


def test_where_somebody_s_own_rule_uses_it_people_decide() -> None:
    world = empty()
    make_outbound(world, SmartHosts=[ALIAS], TlsDomain=ALIAS)
    make_rule(world, "Of the customer's own")

    found = proposal(planner, world)

    assert changes(found) == []
    assert "Of the customer's own" in str(only(manual_steps(found)).summary)


def test_a_connector_of_another_gateway_is_no_obstacle_and_is_not_touched() -> None:
    world = empty()
    make_outbound(world, SmartHosts=[OTHER], TlsDomain=OTHER)

    assert {each.after.name for each in changes(proposal(planner, world)) if each.after} == {
        f"{OUTBOUND_NAME} (INLINE)"
    }


def test_while_it_cannot_be_told_whose_a_connector_is_nothing_is_made() -> None:
    world = empty()
    del make_outbound(world, "Unread", TlsDomain=None, TlsSettings="CertificateValidation")["SmartHosts"]

    found = proposal(planner, world)

    assert changes(found) == []
    step = only(manual_steps(found))
    assert "Unread" in str(step.summary)
    assert step.needs is None
