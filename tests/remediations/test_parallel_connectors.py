from __future__ import annotations

from typing import Any

import pytest

from remediations.parallel_connectors import remove_the_connectors_of_parallel_mode as planner
from seppcheck.api import ExchangeImage, Milestone
from seppcheck.model.changes import Proposed
from tests.checks.exchange_objects import INBOUND_NAME, OUTBOUND_NAME, RULE_NAME
from tests.remediations.exchange_makers import empty, make_inline, make_others, make_parallel
from tests.remediations.exchange_simulation import ALIAS, GONE, OTHER, World, changes, only, proposal

MARK = " (INLINE)"


def moved(host: str = "secure.example.org", **faults: Any) -> World:
    """A tenant with the objects of both modes."""
    world = make_inline(make_parallel(empty(), host=host) if host else empty(), MARK)
    world.tenant.inbound.find(INBOUND_NAME + MARK).update(faults)
    return world


def removed(found: Proposed) -> list[tuple[str, str]]:
    images = [each.before for each in changes(found) if each.after is None]
    return [(image.type, image.name) for image in images if isinstance(image, ExchangeImage)]


def complete(world: World) -> Proposed:
    return proposal(planner, world, "completion")


def test_the_inbound_connector_goes_last_and_it_is_said_that_there_is_no_way_back() -> None:
    found = complete(moved())

    assert removed(found) == [("OutboundConnector", OUTBOUND_NAME), ("InboundConnector", INBOUND_NAME)]
    assert {(each.needs, each.reaches) for each in changes(found)} == {(Milestone.HOLD_OFF, None)}
    assert "no way back" in str(changes(found)[-1].why)
    assert "EX505293" in str(changes(found)[-1].why)


def test_the_image_before_holds_all_that_making_it_again_takes() -> None:
    world = moved()
    outbound, inbound = (each.before for each in changes(complete(world)))

    for image, found in (
        (outbound, world.tenant.outbound.find(OUTBOUND_NAME)),
        (inbound, world.tenant.inbound.find(INBOUND_NAME)),
    ):
        assert isinstance(image, ExchangeImage)
        assert image.guid == found["Guid"]
        assert {"Name", "ConnectorType", "Enabled", "Comment"} <= image.properties.keys()
        assert all(found[name] == value for name, value in image.properties.items())


@pytest.mark.parametrize("phase", ["readiness", "cutover"])
def test_before_a_completion_they_stay_for_the_way_back(phase: str) -> None:
    assert proposal(planner, moved(), phase).steps == ()


def test_one_that_a_foreign_rule_names_stays_and_the_rule_is_named() -> None:
    world = moved()
    rule = world.run(
        "New-TransportRule",
        Name="[SEPPmail.cloud] - 100",
        Enabled=False,
        RouteMessageOutboundConnector=OUTBOUND_NAME,
    )

    found = complete(world)

    assert removed(found) == [("InboundConnector", INBOUND_NAME)]
    assert rule["Name"] in str(only(found.notes))


@pytest.mark.parametrize("identity", ["Guid", "DistinguishedName", "Name"])
def test_a_rule_names_it_in_any_way_that_exchange_takes(identity: str) -> None:
    world = moved()
    rule = world.run("New-TransportRule", Name="[SEPPmail.cloud] - 100", SetSCL=1)
    rule["RouteMessageOutboundConnector"] = world.tenant.outbound.find(OUTBOUND_NAME)[identity].upper()

    assert ("OutboundConnector", OUTBOUND_NAME) not in removed(complete(world))


@pytest.mark.parametrize("side", ["inbound", "outbound", "rules"])
def test_they_stay_until_the_inline_objects_are_in_use(side: str) -> None:
    world = moved()
    if side == "rules":
        world.tenant.rules.find(RULE_NAME + MARK)["State"] = "Disabled"
    else:
        name = (INBOUND_NAME if side == "inbound" else OUTBOUND_NAME) + MARK
        getattr(world.tenant, side).find(name)["Enabled"] = False

    found = complete(world)

    assert found.steps == ()
    assert "stay until" in str(only(found.notes))


@pytest.mark.parametrize("host", [ALIAS, GONE])
def test_those_of_the_gateway_under_another_name_or_of_nobody_go_too(host: str) -> None:
    assert removed(complete(moved(host))) == [
        ("OutboundConnector", OUTBOUND_NAME),
        ("InboundConnector", INBOUND_NAME),
    ]


def test_those_of_another_gateway_are_named_and_left_alone() -> None:
    found = complete(moved(OTHER))

    assert removed(found) == []
    assert len(found.notes) == 2


def test_one_that_only_a_wildcard_connects_with_the_gateway_is_named_and_left_alone() -> None:
    world = moved("")
    world.run(
        "New-InboundConnector",
        Name="Scanner",
        ConnectorType="OnPremises",
        SenderDomains=["*"],
        RequireTls=True,
        TlsSenderCertificateName="*.example.org",
    )

    found = complete(world)

    assert removed(found) == []
    assert "Scanner" in str(only(found.notes))


def test_other_people_s_connectors_are_not_touched() -> None:
    world = moved("")
    make_others(world)

    assert complete(world).steps == ()
