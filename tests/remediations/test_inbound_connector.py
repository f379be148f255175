from __future__ import annotations

from typing import Any

import pytest

from remediations.inbound_connector import take_mail_from_the_gateway as planner
from seppcheck.api import Change, ExchangeImage, FactImage, Milestone, SenderCertificate
from seppcheck.model.changes import Proposed
from tests.checks.evidence import MICROSOFT, answer, certificate, mx
from tests.checks.exchange_objects import GATEWAY_ADDRESS, GATEWAY_NAME, INBOUND_NAME
from tests.checks.gateway_facts import SEEN
from tests.remediations.exchange_makers import (
    DOMAINS,
    certificates,
    empty,
    make_inbound,
    make_inline,
    make_parallel,
)
from tests.remediations.exchange_simulation import World, carry_out, changes, manual_steps, only, properties, proposal


def inline(**faults: Any) -> World:
    world = make_inline(empty())
    world.tenant.inbound.find(INBOUND_NAME).update(faults)
    return world


def created(found: Proposed) -> list[ExchangeImage]:
    return [each.after for each in changes(found) if each.before is None and isinstance(each.after, ExchangeImage)]


def enabled(found: Proposed) -> list[Change]:
    return [each for each in changes(found) if each.reaches is Milestone.INBOUND_ON]


def test_the_guide_s_connector_is_made_disabled_and_enabled_once_the_mx_record_has_settled() -> None:
    making, enabling = changes(proposal(planner, empty()))

    assert making.before is None
    assert properties(making.after) == {
        "Name": INBOUND_NAME,
        "ConnectorType": "Partner",
        "Enabled": False,
        "SenderDomains": ["*"],
        "RequireTls": True,
        "RestrictDomainsToCertificate": True,
        "TlsSenderCertificateName": GATEWAY_NAME,
        "EFSkipLastIP": True,
        "CloudServicesMailEnabled": False,
        "Comment": f"Inline operation: from {GATEWAY_NAME}. Made by seppcheck.",
    }
    assert (making.needs, making.reaches) == (Milestone.HOLD_ON, Milestone.CONNECTORS)
    assert enabling.before == making.after
    assert properties(enabling.after) == {**properties(making.after), "Enabled": True}
    assert (enabling.needs, enabling.reaches) == (Milestone.MX_SETTLED, Milestone.INBOUND_ON)


def test_beside_the_parallel_connector_it_gets_a_name_that_exchange_takes() -> None:
    assert only(created(proposal(planner, make_parallel(empty())))).name == f"{INBOUND_NAME} (INLINE)"


def test_the_configured_name_is_taken_where_nobody_has_it() -> None:
    world = make_parallel(empty()).named(inbound_connectors=("From the gateway",))

    assert only(created(proposal(planner, world))).name == "From the gateway"


def test_where_others_have_every_configured_name_the_plan_stops_and_names_the_key() -> None:
    found = proposal(planner, make_parallel(empty()).named(inbound_connectors=(INBOUND_NAME.lower(),)))

    assert changes(found) == []
    assert "[exchange] inbound_connector" in str(only(manual_steps(found)).summary)


@pytest.mark.parametrize(
    ("names", "demanded"),
    [
        ((GATEWAY_NAME, GATEWAY_NAME), [GATEWAY_NAME]),
        (("*.example.org", "*.example.org"), ["*.example.org"]),
        (("secure.customer.example", "secure.customer.example"), ["secure.customer.example"]),
        (("secure.example.org", "secure.example.net"), ["secure.example.org", "secure.example.net"]),
    ],
)
def test_the_certificates_cn_is_demanded_and_each_name_has_a_connector(
    names: tuple[str, ...], demanded: list[str]
) -> None:
    world = empty()
    world.certificates = certificates(*names)

    found = proposal(planner, world)

    assert [image.properties["TlsSenderCertificateName"] for image in created(found)] == demanded
    assert len({image.name.lower() for image in created(found)}) == len(demanded)
    assert len(enabled(found)) == len(demanded)


def test_a_certificate_without_a_cn_is_demanded_by_a_name_of_its_san() -> None:
    world = empty()
    nameless = certificate("other.example.com", "mail.example.org", common_name="SEPPmail Appliance")
    world.certificates = dict.fromkeys(DOMAINS, SenderCertificate(nameless, SEEN))

    assert only(created(proposal(planner, world))).properties["TlsSenderCertificateName"] == "mail.example.org"


@pytest.mark.parametrize("names", [("", ""), (GATEWAY_NAME, "")])
def test_while_a_certificate_is_not_known_no_name_is_guessed_and_the_plan_stops(names: tuple[str, ...]) -> None:
    world = empty()
    world.certificates = certificates(*names)

    found = proposal(planner, world)

    assert changes(found) == []
    steps = manual_steps(found)
    assert len(steps) == names.count("")
    assert {(step.needs, step.after) for step in steps} == {(None, None)}
    assert "seppcheck attest --only sender-certificate" in "\n".join(map(str, steps[0].steps))


def test_an_existing_connector_is_not_enabled_while_a_certificate_is_not_known() -> None:
    world = inline(Enabled=False)
    world.certificates = certificates(GATEWAY_NAME)

    found = proposal(planner, world)

    assert changes(found) == []
    after = only(manual_steps(found)).after
    assert after == FactImage("sender-certificate", world.site.domains[1], {})


def test_a_right_connector_is_left_alone() -> None:
    assert proposal(planner, inline()).steps == ()
    assert proposal(planner, inline(), "completion").steps == ()


def test_one_that_waits_is_enabled_when_the_mx_record_has_settled() -> None:
    world = inline(Enabled=False)

    for phase in ("cutover", "completion"):
        change = only(changes(proposal(planner, world, phase)))
        assert (properties(change.before), properties(change.after)) == ({"Enabled": False}, {"Enabled": True})
        assert (change.needs, change.reaches) == (Milestone.MX_SETTLED, Milestone.INBOUND_ON)


def test_one_that_is_enabled_too_early_is_only_noted() -> None:
    world = inline()
    world.mx = {domain: mx(answer(f"10 {MICROSOFT}.")) for domain in DOMAINS}

    found = proposal(planner, world)

    assert found.steps == ()
    assert "refuses until the MX record has moved" in str(only(found.notes))


@pytest.mark.parametrize(
    ("faults", "after"),
    [
        ({"SenderDomains": []}, {"SenderDomains": ["*"]}),
        ({"CloudServicesMailEnabled": True}, {"CloudServicesMailEnabled": False}),
        ({"SenderIPAddresses": [GATEWAY_ADDRESS]}, {"SenderIPAddresses": []}),
        (
            {
                "RestrictDomainsToCertificate": False,
                "RestrictDomainsToIPAddresses": True,
                "SenderIPAddresses": [GATEWAY_ADDRESS],
            },
            {"RestrictDomainsToIPAddresses": False, "SenderIPAddresses": []},
        ),
    ],
)
def test_what_is_wrong_is_mended_and_nothing_else_is_touched(faults: dict[str, Any], after: dict[str, Any]) -> None:
    world = inline(**faults)

    change = only(changes(proposal(planner, world)))

    assert properties(change.after) == after
    assert (change.needs, change.reaches) == (Milestone.HOLD_ON, Milestone.CONNECTORS)
    carry_out(world, change)
    assert proposal(planner, world).steps == ()


def test_a_list_of_senders_may_be_on_purpose_and_is_only_noted() -> None:
    found = proposal(planner, inline(SenderDomains=["smtp:example.org;1"]))

    assert found.steps == ()
    assert any("for senders of example.org alone" in str(note) for note in found.notes)
    assert any("still comes directly" in str(note) for note in found.notes), "no MX record was seen to have moved"


def test_of_several_lists_the_first_gets_the_domains_that_none_names() -> None:
    world = inline(SenderDomains=["smtp:example.org;1"])
    make_inbound(world, "Another", SenderDomains=["smtp:example.com;1"])

    change = only(changes(proposal(planner, world)))

    assert properties(change.after) == {"SenderDomains": ["example.org", "example.net"]}


def test_of_two_for_the_same_senders_and_certificate_the_one_that_is_switched_off_is_removed() -> None:
    world = inline()
    make_inbound(world, "Twin", Enabled=False)

    change = only(changes(proposal(planner, world)))

    assert change.after is None
    assert isinstance(change.before, ExchangeImage)
    assert change.before.name == "Twin"
    assert change.before.properties["TlsSenderCertificateName"] == GATEWAY_NAME


def test_a_domain_that_no_connector_finds_gets_one_of_its_own() -> None:
    world = inline()
    world.certificates = certificates(GATEWAY_NAME, "secure.example.net")

    found = proposal(planner, world)

    assert only(created(found)).properties["TlsSenderCertificateName"] == "secure.example.net"
    assert only(enabled(found)).before == only(created(found))


def test_a_completion_makes_none_and_says_that_the_cutover_is_not_finished() -> None:
    found = proposal(planner, make_parallel(empty()), "completion")

    assert found.steps == ()
    assert "seppcheck plan cutover" in str(only(found.notes))


def test_while_it_cannot_be_told_whose_a_connector_is_nothing_is_made() -> None:
    world = empty()
    del make_inbound(world, "Unread")["TlsSenderCertificateName"]

    found = proposal(planner, world)

    assert changes(found) == []
    assert "Unread" in str(only(manual_steps(found)).summary)
