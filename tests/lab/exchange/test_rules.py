"""What Exchange stores of a transport rule, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from seppcheck.scenarios.tenants import OUTBOUND, RULE
from tests.peers.https_client import Exchange

PREFIX = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks."
MARK: dict[str, object] = {"SetHeaderName": "X-Mark", "SetHeaderValue": "1"}


def rule(exchange: Exchange, name: str) -> dict[str, Any]:
    (found,) = [r for r in exchange.run("Get-TransportRule") if r["Name"] == name]
    return found


def tails(names: list[str] | None) -> list[str]:
    return [name.removeprefix(PREFIX) for name in names or []]


def test_the_guides_rule_has_its_lists_in_exchanges_order(inline: Exchange) -> None:
    found = rule(inline, RULE)
    assert tails(found["Conditions"]) == ["SentToScopePredicate", "SenderDomainIsPredicate", "FromScopePredicate"]
    assert tails(found["Exceptions"]) == ["SclOverPredicate"]
    assert tails(found["Actions"]) == [
        "RouteMessageOutboundConnectorAction",
        "SetAuditSeverityAction",
        "SetHeaderAction",
    ]
    assert found["ExceptIfSCLOver"] == 9


def test_the_parallel_rule_of_that_name_has_three_exceptions_more(parallel: Exchange) -> None:
    found = rule(parallel, RULE)
    assert {"MessageTypeMatchesPredicate", "HeaderContainsPredicate", "HeaderMatchesPredicate"} < set(
        tails(found["Exceptions"])
    )
    assert found["ExceptIfMessageTypeMatches"] == "OOF"


def test_a_connector_is_stored_by_name_however_it_was_named(inline: Exchange) -> None:
    (connector,) = inline.run("Get-OutboundConnector")
    for number, identity in enumerate((connector["Guid"], connector["DistinguishedName"], OUTBOUND.upper())):
        (made,) = inline.run("New-TransportRule", Name=f"r{number}", RouteMessageOutboundConnector=identity)
        assert made["RouteMessageOutboundConnector"] == OUTBOUND


@pytest.mark.parametrize("setting", [{"Enabled": False}, {"IsTransportRuleScoped": False, "RecipientDomains": ["*"]}])
def test_a_rule_points_at_an_enabled_connector_for_rules_alone(inline: Exchange, setting: dict[str, object]) -> None:
    inline.run("Remove-TransportRule", Identity=RULE)
    inline.run("Set-OutboundConnector", Identity=OUTBOUND, **setting)
    assert OUTBOUND in inline.refusal("New-TransportRule", Name="r", RouteMessageOutboundConnector=OUTBOUND)
    assert "none" in inline.refusal("New-TransportRule", Name="r", RouteMessageOutboundConnector="none")


def test_priorities_are_contiguous_wherever_a_rule_goes(parallel: Exchange) -> None:
    parallel.run("New-TransportRule", Name="first", Priority=0, **MARK)
    parallel.run("Set-TransportRule", Identity=RULE, Priority=9)
    parallel.run("Remove-TransportRule", Identity="[SEPPmail] - 050 on SPF fail - no SEPPmail")
    rules = parallel.run("Get-TransportRule")
    assert [r["Priority"] for r in rules] == list(range(9))
    assert (rules[0]["Name"], rules[-1]["Name"]) == ("first", RULE)
    assert "Priority" in parallel.refusal("New-TransportRule", Name="far", Priority=10, **MARK)
    assert len(parallel.run("Get-TransportRule")) == 9


@pytest.mark.parametrize("nothing", [None, []])
def test_an_exception_is_cleared_by_null_and_by_an_empty_list(parallel: Exchange, nothing: object) -> None:
    parallel.run("Set-TransportRule", Identity=RULE, ExceptIfSenderDomainIs=nothing)
    found = rule(parallel, RULE)
    assert found["ExceptIfSenderDomainIs"] is None
    assert "SenderDomainIsPredicate" not in tails(found["Exceptions"])


def test_of_a_header_and_its_words_the_header_decides(parallel: Exchange) -> None:
    parallel.run("Set-TransportRule", Identity=RULE, ExceptIfHeaderMatchesPatterns=None)
    assert rule(parallel, RULE)["ExceptIfHeaderMatchesPatterns"] == ["yes"]
    parallel.run("Set-TransportRule", Identity=RULE, ExceptIfHeaderMatchesMessageHeader=None)
    assert rule(parallel, RULE)["ExceptIfHeaderMatchesPatterns"] is None


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"Name": RULE, **MARK}, "AlreadyExists"),
        ({"Name": "r"}, "action"),
        ({"Name": "r", "SetHeaderName": "X-Mark"}, "belong together"),
        ({"Name": "r", **MARK, "HeaderContainsMessageHeader": "X-A"}, "belong together"),
        ({"Name": "r" * 65, **MARK}, "64"),
        ({"Name": "r", "Comments": "c" * 1025, **MARK}, "1024"),
        ({"Name": "r", "SetSCL": 10}, "SCL"),
        ({"Name": "r", "Mode": "Audited", **MARK}, "Enforce, Audit, AuditAndNotify"),
        ({**MARK}, "Name"),
    ],
)
def test_a_rule_is_refused(inline: Exchange, parameters: dict[str, object], word: str) -> None:
    assert word in inline.refusal("New-TransportRule", **parameters)


def test_a_rule_is_switched_by_its_own_cmdlets_alone(inline: Exchange) -> None:
    assert "Enabled" in inline.refusal("Set-TransportRule", Identity=RULE, Enabled=False)
    inline.run("Disable-TransportRule", Identity=RULE, Confirm=False)
    assert rule(inline, RULE)["State"] == "Disabled"
    inline.run("Enable-TransportRule", Identity=RULE, Mode="Audit")
    assert (rule(inline, RULE)["State"], rule(inline, RULE)["Mode"]) == ("Enabled", "Audit")


def test_a_rule_that_was_modified_manually_keeps_its_content(inline: Exchange) -> None:
    with inline.tenant.lock:
        inline.tenant.rules.objects[0]["ManuallyModified"] = True
    assert "manually" in inline.refusal("Set-TransportRule", Identity=RULE, ExceptIfSCLOver=5)
    inline.run("Set-TransportRule", Identity=RULE, Comments="to be made anew")


def test_a_level_is_taken_as_a_number_and_as_text(inline: Exchange) -> None:
    inline.run("Set-TransportRule", Identity=RULE, ExceptIfSCLOver="8")
    assert rule(inline, RULE)["ExceptIfSCLOver"] == 8
