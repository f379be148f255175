from __future__ import annotations

import pytest

from remediations.parallel_rules import take_the_rules_of_parallel_mode_away as planner
from seppcheck.api import Change, ExchangeImage, Milestone
from tests.checks.exchange_objects import OUTBOUND_NAME, RULE_NAME
from tests.remediations.exchange_makers import (
    VERSIONS,
    empty,
    make_inline,
    make_others,
    make_outbound,
    make_parallel,
    make_rule,
)
from tests.remediations.exchange_simulation import (
    ALIAS,
    GONE,
    OTHER,
    World,
    changes,
    manual_steps,
    only,
    properties,
    proposal,
)

OFF = (Milestone.RULE_ENABLED, Milestone.PARALLEL_OFF)


def named(found: list[Change]) -> list[str]:
    return [each.before.name for each in found if isinstance(each.before, ExchangeImage)]


def moved(version: str = "1.2.9") -> World:
    """A tenant with the objects of both modes; those of parallel mode are still switched on."""
    return make_inline(make_parallel(empty(), version), " (INLINE)")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_rule_of_every_version_is_disabled_once_the_inline_rule_is_enabled(version: str) -> None:
    world = make_parallel(empty(), version)

    disabling = [each for each in changes(proposal(planner, world)) if each.reaches]

    assert len(disabling) == len(VERSIONS[version])
    assert {(each.needs, each.reaches) for each in disabling} == {OFF}
    assert all(properties(each.after) == {**properties(each.before), "State": "Disabled"} for each in disabling)


def test_the_one_that_has_the_name_of_the_rule_to_be_made_gives_it_up_first() -> None:
    rename, *disabling = changes(proposal(planner, make_parallel(empty())))

    assert (rename.needs, rename.reaches) == (Milestone.CONNECTORS, None)
    assert (properties(rename.before)["Name"], properties(rename.after)["Name"]) == (
        RULE_NAME,
        f"{RULE_NAME} (parallel)",
    )
    assert rename.after in [each.before for each in disabling]


def test_a_new_name_is_no_longer_than_exchange_allows_and_nobody_has_it() -> None:
    name = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail, for everybody"[:64]
    world = make_parallel(empty())
    world.tenant.rules.find(RULE_NAME)["Name"] = name
    world.run(
        "New-TransportRule", Name=name[:53].rstrip() + " (PARALLEL)", SetHeaderName="X-SM-mark", SetHeaderValue="1"
    )

    rename = changes(proposal(planner, world.named(transport_rules=(name,))))[0]

    assert properties(rename.after)["Name"] == name[:51] + " (parallel 2)"


def test_where_an_inline_rule_is_there_no_name_is_given_up() -> None:
    found = changes(proposal(planner, moved()))

    assert {each.reaches for each in found} == {Milestone.PARALLEL_OFF}


def test_rules_that_are_disabled_stay_as_they_are() -> None:
    world = moved()
    for rule in world.tenant.rules.objects:
        if "(INLINE)" not in rule["Name"]:
            rule["State"] = "Disabled"

    assert proposal(planner, world).steps == ()


def test_while_nothing_takes_their_place_they_stay_in_use() -> None:
    world = make_parallel(empty()).named(outbound_connectors=(OUTBOUND_NAME,))

    found = proposal(planner, world)

    assert found.steps == ()
    assert "stay in use" in str(only(found.notes))


def test_a_completion_removes_them_the_last_in_order_first() -> None:
    world = moved()

    found = changes(proposal(planner, world, "completion"))

    removing = [each for each in found if each.after is None]
    rules = [rule["Name"] for rule in world.tenant.rules.objects if "(INLINE)" not in rule["Name"]]
    assert named(removing) == rules[::-1]
    assert {(each.needs, each.reaches) for each in removing} == {(Milestone.HOLD_OFF, None)}
    assert [properties(each.before)["Priority"] for each in removing] == [3, 2, 1, 0]


def test_a_completion_disables_first_what_is_still_enabled() -> None:
    found = changes(proposal(planner, moved(), "completion"))

    disabling, removing = found[:4], found[4:]
    assert {(each.needs, each.reaches) for each in disabling} == {OFF}
    assert [each.before for each in removing] == [each.after for each in reversed(disabling)]


@pytest.mark.parametrize("fault", [{"State": "Disabled"}, {"RouteMessageOutboundConnector": None}])
def test_a_completion_touches_none_before_an_inline_rule_is_in_use(fault: dict[str, object]) -> None:
    world = moved()
    world.tenant.rules.find(f"{RULE_NAME} (INLINE)").update(fault)

    found = proposal(planner, world.named(transport_rules=(f"{RULE_NAME} (INLINE)",)), "completion")

    assert found.steps == ()
    assert "no inline rule is in use" in str(only(found.notes))


def test_a_completion_without_an_inline_rule_does_not_even_disable_them() -> None:
    assert proposal(planner, make_parallel(empty()), "completion").steps == ()


@pytest.mark.parametrize("host", [ALIAS, GONE])
def test_a_rule_that_leads_to_the_gateway_under_another_name_or_to_nobody_is_left_over_too(host: str) -> None:
    world = make_parallel(empty(), host=host)

    disabling = [each for each in changes(proposal(planner, world)) if each.reaches]

    assert len(disabling) == len(VERSIONS["1.2.9"])


def test_a_rule_to_another_gateway_is_named_and_left_alone() -> None:
    world = make_parallel(empty(), host=OTHER)

    found = proposal(planner, world)

    assert named(changes(found)) == ["[SEPPmail] - 500 Clean outbound SEPPmail header outgoing"]
    assert "leads to another host, gateway.other.example" in "\n".join(map(str, found.notes))


def test_other_people_s_rules_are_not_touched_and_those_that_speak_of_the_vendor_s_headers_are_named() -> None:
    world = make_inline(empty())
    make_others(world)

    found = proposal(planner, world, "completion")

    assert found.steps == ()
    assert "the rule Mark is left alone" in str(only(found.notes))


def test_a_rule_of_the_guide_s_connector_with_a_wrong_host_becomes_inline_with_it() -> None:
    world = empty()
    make_outbound(world, SmartHosts=[ALIAS], TlsDomain=ALIAS)
    make_rule(world)

    assert proposal(planner, world).steps == ()


def test_one_whose_state_was_not_read_is_disabled_by_hand() -> None:
    world = moved("1.2.3")
    rule = world.tenant.rules.objects[0]
    del rule["State"]

    step = only(manual_steps(proposal(planner, world)))

    assert properties(step.after)["State"] == "Disabled"
    assert rule["Guid"] in "\n".join(map(str, step.steps))
    assert (step.needs, step.reaches) == OFF


def test_while_it_cannot_be_told_whose_a_rule_is_the_plan_stops() -> None:
    world = moved()
    unread = make_rule(world, "Unread")
    del unread["RouteMessageOutboundConnector"], unread["Actions"]

    step = only(manual_steps(proposal(planner, world)))

    assert "Unread" in str(step.summary)
    assert (step.needs, step.after) == (None, None)
