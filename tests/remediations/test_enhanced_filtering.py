from __future__ import annotations

from remediations.enhanced_filtering import look_past_the_gateway as planner
from seppcheck.api import Milestone
from tests.checks.exchange_objects import INBOUND_NAME
from tests.remediations.exchange_makers import empty, make_inbound, make_inline, make_parallel
from tests.remediations.exchange_simulation import carry_out, changes, only, properties, proposal

WRONG = {"EFSkipLastIP": False, "EFSkipIPs": ["192.0.2.1"], "EFUsers": ["one@example.org"]}


def test_a_right_connector_is_left_alone() -> None:
    assert proposal(planner, make_inline(empty())).steps == ()


def test_the_last_hop_is_skipped_for_everybody() -> None:
    world = make_inline(empty())
    world.tenant.inbound.find(INBOUND_NAME).update(WRONG)

    change = only(changes(proposal(planner, world)))

    assert properties(change.before) == WRONG
    assert properties(change.after) == {"EFSkipLastIP": True, "EFSkipIPs": [], "EFUsers": []}
    assert (change.needs, change.reaches) == (Milestone.HOLD_ON, Milestone.CONNECTORS)
    carry_out(world, change)
    assert proposal(planner, world).steps == ()


def test_in_a_completion_nothing_has_to_come_before() -> None:
    world = make_inline(empty())
    world.tenant.inbound.find(INBOUND_NAME).update(WRONG)

    change = only(changes(proposal(planner, world, "completion")))

    assert (change.needs, change.reaches) == (None, None)


def test_one_that_is_removed_as_it_repeats_another_is_not_mended_before() -> None:
    world = make_inline(empty())
    make_inbound(world, "Twin", **WRONG)

    assert proposal(planner, world).steps == ()


def test_connectors_of_parallel_mode_are_not_touched() -> None:
    world = make_parallel(empty())
    world.tenant.inbound.find(INBOUND_NAME).update(WRONG)

    assert proposal(planner, world).steps == ()
