from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from remediations.transport_rule import send_outgoing_mail_to_the_connector as planner
from seppcheck.api import ExchangeImage, ManagedDomain, ManagedDomains, Milestone
from tests.checks.exchange_objects import OUTBOUND_NAME, RULE_NAME
from tests.checks.gateway_facts import SEEN
from tests.remediations.exchange_makers import (
    DOMAINS,
    empty,
    make_inline,
    make_outbound,
    make_parallel,
    make_rule,
)
from tests.remediations.exchange_simulation import (
    MISSING,
    OTHER,
    World,
    carry_out,
    changes,
    manual_steps,
    only,
    properties,
    proposal,
)

PLACE = (Milestone.CONNECTORS, Milestone.RULE_ENABLED)


def inline(**faults: Any) -> World:
    """A tenant with both connectors and a rule that has faults."""
    world = empty()
    make_outbound(world)
    make_rule(world, **faults)
    return world


def test_the_guide_s_rule_is_made_enabled_for_every_domain() -> None:
    change = only(changes(proposal(planner, empty())))

    assert change.before is None
    assert properties(change.after) == {
        "Name": RULE_NAME,
        "State": "Enabled",
        "Mode": "Enforce",
        "SetAuditSeverity": "Low",
        "SenderAddressLocation": "Header",
        "RuleErrorAction": "Ignore",
        "SentToScope": "NotInOrganization",
        "FromScope": "InOrganization",
        "SetHeaderName": "X-SM-maildirection",
        "SetHeaderValue": "outbound",
        "ExceptIfSCLOver": 9,
        "SenderDomainIs": list(DOMAINS),
        "RouteMessageOutboundConnector": OUTBOUND_NAME,
        "Comments": "Inline operation: to secure.example.org. Made by seppcheck.",
        "Priority": 0,
    }
    assert (change.needs, change.reaches) == PLACE


def test_it_takes_the_place_and_the_name_of_the_parallel_rule_200_and_routes_to_the_new_connector() -> None:
    after = properties(only(changes(proposal(planner, make_parallel(empty())))).after)

    assert (after["Name"], after["Priority"]) == (RULE_NAME, 2)
    assert after["RouteMessageOutboundConnector"] == f"{OUTBOUND_NAME} (INLINE)"


def test_it_routes_to_the_inline_connector_that_is_there() -> None:
    world = make_parallel(empty())
    make_outbound(world, "By hand")

    assert properties(only(changes(proposal(planner, world))).after)["RouteMessageOutboundConnector"] == "By hand"


def test_a_name_that_somebody_else_s_rule_has_is_not_taken() -> None:
    world = empty()
    make_outbound(world, "Other", SmartHosts=[OTHER], TlsDomain=OTHER)
    make_rule(world, RULE_NAME.upper(), "Other", Comments="#Created with SEPPmail365cloud PowerShell Module")

    assert properties(only(changes(proposal(planner, world))).after)["Name"] == f"{RULE_NAME} (INLINE)"


def test_the_configured_name_is_taken() -> None:
    world = make_parallel(empty()).named(transport_rules=("Outgoing",))

    assert properties(only(changes(proposal(planner, world))).after)["Name"] == "Outgoing"


def test_where_others_have_every_configured_name_the_plan_stops_and_names_the_key() -> None:
    world = empty()
    world.run("New-TransportRule", Name="Outgoing", SetHeaderName="X-SM-mark", SetHeaderValue="1")
    make_outbound(world, "On premises", ConnectorType="OnPremises", SmartHosts=[OTHER], TlsDomain=OTHER)
    world.tenant.rules.find("Outgoing")["RouteMessageOutboundConnector"] = "On premises"

    found = proposal(planner, world.named(transport_rules=("outgoing",)))

    assert changes(found) == []
    assert "[exchange] transport_rule" in str(only(manual_steps(found)).summary)


def test_a_right_rule_is_left_alone_whatever_its_name() -> None:
    world = empty()
    make_outbound(world)
    make_rule(world, "A name of somebody's own")

    assert proposal(planner, world).steps == ()
    assert proposal(planner, world, "completion").steps == ()


@pytest.mark.parametrize(
    ("faults", "changed"),
    [
        ({"Mode": "Audit"}, {"Mode": "Enforce"}),
        ({"SetAuditSeverity": "DoNotAudit"}, {"SetAuditSeverity": "Low"}),
        ({"SenderAddressLocation": "Envelope"}, {"SenderAddressLocation": "Header"}),
        ({"RuleErrorAction": "Defer"}, {"RuleErrorAction": "Ignore"}),
        ({"SentToScope": None}, {"SentToScope": "NotInOrganization"}),
        ({"FromScope": "NotInOrganization"}, {"FromScope": "InOrganization"}),
        ({"SenderDomainIs": None}, {"SenderDomainIs": list(DOMAINS)}),
        ({"SenderDomainIs": ["example.net"]}, {"SenderDomainIs": ["example.net", "example.org"]}),
        ({"SenderDomainIs": [*DOMAINS, "foreign.example.com"]}, {"SenderDomainIs": list(DOMAINS)}),
        ({"SenderDomainIs": ["foreign.example.com"]}, {"SenderDomainIs": list(DOMAINS)}),
        ({"SetHeaderValue": "Outbound"}, {"SetHeaderValue": "outbound"}),
        ({"ExceptIfSCLOver": None}, {"ExceptIfSCLOver": 9}),
        ({"ExceptIfSCLOver": 5}, {"ExceptIfSCLOver": 9}),
        ({"StopRuleProcessing": True}, {"StopRuleProcessing": None}),
        ({"ExpiryDate": "2027-01-01T00:00:00Z"}, {"ExpiryDate": None}),
        ({"ActivationDate": "2027-01-01T00:00:00Z"}, {"ActivationDate": None}),
        (
            {"ExceptIfHeaderMatchesMessageHeader": "X-Other", "ExceptIfHeaderMatchesPatterns": ["yes"]},
            {"ExceptIfHeaderMatchesMessageHeader": None, "ExceptIfHeaderMatchesPatterns": None},
        ),
        ({"Enabled": False}, {"State": "Enabled"}),
        ({"Enabled": False, "RuleErrorAction": "Defer"}, {"State": "Enabled", "RuleErrorAction": "Ignore"}),
    ],
)
def test_each_deviation_is_mended_and_the_rest_of_the_rule_stays(
    faults: dict[str, Any], changed: dict[str, Any]
) -> None:
    world = inline(**faults)

    change = only(changes(proposal(planner, world)))

    before, after = properties(change.before), properties(change.after)
    assert {n: after.get(n) for n in before.keys() | after.keys() if before.get(n) != after.get(n)} == changed
    assert (change.needs, change.reaches) == PLACE
    carry_out(world, change)
    assert proposal(planner, world).steps == ()


def test_a_rule_that_has_acted_for_long_keeps_its_activation_date() -> None:
    assert proposal(planner, inline(ActivationDate="2026-01-01T00:00:00Z")).steps == ()


def test_domains_stay_while_nobody_knows_which_the_gateway_manages() -> None:
    world = replace(inline(SenderDomainIs=[*DOMAINS, "foreign.example.com"]), managed=MISSING)

    assert proposal(planner, world).steps == ()


def test_domains_of_the_gateway_that_are_not_configured_here_stay() -> None:
    managed = ManagedDomains(tuple(map(ManagedDomain, (*DOMAINS, "third.example.com"))), SEEN)

    assert (
        proposal(planner, replace(inline(SenderDomainIs=[*DOMAINS, "third.example.com"]), managed=managed)).steps == ()
    )


def test_a_rule_that_leads_nowhere_is_led_to_the_connector_that_is_made() -> None:
    world = make_parallel(empty(), "1.2.3")
    make_rule(world, connector=None)

    after = properties(only(changes(proposal(planner, world))).after)

    assert after["RouteMessageOutboundConnector"] == f"{OUTBOUND_NAME} (INLINE)"


def test_rules_for_one_domain_to_different_connectors_are_led_to_one() -> None:
    world = inline()
    make_outbound(world, "Second")
    make_rule(world, "Second", "Second")

    change = only(changes(proposal(planner, world)))

    assert change.after is not None
    assert (change.after.name, properties(change.after)["RouteMessageOutboundConnector"]) == ("Second", OUTBOUND_NAME)


@pytest.mark.parametrize(
    "faults",
    [{"ManuallyModified": True, "ExceptIfSCLOver": 5}, {"hidden": "BrandNew"}],
    ids=["modified by hand", "a condition that no property shows"],
)
def test_a_rule_that_cannot_be_edited_is_made_anew_beside_the_old_one(faults: dict[str, Any]) -> None:
    world = inline(**faults)

    aside, made, gone = changes(proposal(planner, world))

    assert isinstance(aside.after, ExchangeImage)
    assert aside.after.name == f"{RULE_NAME} (old)"
    assert (made.before, properties(made.after)["Name"]) == (None, RULE_NAME)
    assert (gone.before, gone.after) == (aside.after, None)
    assert [(each.needs, each.reaches) for each in (aside, made, gone)] == [
        (Milestone.CONNECTORS, None),
        PLACE,
        (Milestone.RULE_ENABLED, None),
    ]
    for change in (aside, made, gone):
        carry_out(world, change)
    assert proposal(planner, world).steps == ()


@pytest.mark.parametrize("faults", [{}, {"Enabled": False}, {"Mode": "Audit"}])
def test_one_that_was_modified_by_hand_is_kept_where_its_content_is_right(faults: dict[str, Any]) -> None:
    found = changes(proposal(planner, inline(ManuallyModified=True, **faults)))

    assert [each.after is not None and each.after.name for each in found] == [RULE_NAME] * len(faults)


def test_a_completion_makes_none_and_says_that_the_cutover_is_not_finished() -> None:
    world = make_parallel(empty())
    make_outbound(world, "By hand")

    found = proposal(planner, world, "completion")

    assert found.steps == ()
    assert "seppcheck plan cutover" in str(only(found.notes))


def test_in_a_completion_a_rule_is_mended_before_everything_else() -> None:
    world = make_inline(empty())
    world.tenant.rules.find(RULE_NAME)["Mode"] = "Audit"

    change = only(changes(proposal(planner, world, "completion")))

    assert (change.needs, change.reaches) == (None, None)


def test_nothing_is_made_while_it_cannot_be_told_whose_a_rule_is() -> None:
    world = empty()
    make_outbound(world)
    del make_rule(world, "Unread")["RouteMessageOutboundConnector"]
    world.tenant.rules.find("Unread")["Actions"] = None
    del world.tenant.rules.find("Unread")["Actions"]

    assert proposal(planner, world).steps == ()
