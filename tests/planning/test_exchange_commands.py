"""Which cmdlets with which parameters bring an object of Exchange from one image to another."""

from __future__ import annotations

import pytest

from seppcheck.model.changes import ExchangeImage
from seppcheck.planning.exchange_commands import (
    HASH_TABLE,
    Command,
    alteration,
    cmdlets_of,
    completion,
    creation,
    removal,
)
from seppcheck.planning.exchange_images import Noun, with_properties

GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
OUTBOUND = ExchangeImage(
    Noun.OUTBOUND_CONNECTOR,
    "out",
    {
        "Name": "out",
        "Enabled": True,
        "UseMXRecord": False,
        "Comment": "",
        "ConnectorType": "Partner",
        "ConnectorSource": "AdminUI",
        "RecipientDomains": [],
        "SmartHosts": ["secure.example"],
        "TlsDomain": "secure.example",
        "TlsSettings": "DomainValidation",
        "IsTransportRuleScoped": True,
        "CloudServicesMailEnabled": False,
        "SenderRewritingEnabled": False,
        "MtaStsMode": "Opportunistic",
        "SmtpDaneMode": "None",
        "TestMode": False,
        "ValidationRecipients": ["a@kunde.example"],
    },
    GUID,
)
RULE = ExchangeImage(
    Noun.TRANSPORT_RULE,
    "200",
    {
        "Name": "200",
        "State": "Enabled",
        "Mode": "Enforce",
        "Priority": 4,
        "SetHeaderName": "X-A",
        "SetHeaderValue": "1",
        "StopRuleProcessing": True,
        "ExceptIfHeaderMatchesMessageHeader": "X-SM-internal",
        "ExceptIfHeaderMatchesPatterns": ["yes"],
        "ExceptIfSenderDomainIs": ["kunde.example"],
        "SenderNotificationType": "NotifyOnly",
    },
    GUID,
)
FILTER = ExchangeImage(
    Noun.CONNECTION_FILTER, "Default", {"IPAllowList": ["192.0.2.1", "192.0.2.2"], "IPBlockList": []}, GUID
)


def parameters(command: Command) -> dict[str, object]:
    return dict(command.parameters)


def test_a_connector_is_made_with_what_new_takes_and_completed_with_the_rest() -> None:
    made = creation(OUTBOUND)
    assert made.cmdlet == "New-OutboundConnector"
    assert parameters(made) == {
        "Name": "out",
        "Enabled": True,
        "UseMXRecord": False,
        "ConnectorType": "Partner",
        "ConnectorSource": "Default",
        "SmartHosts": ["secure.example"],
        "TlsDomain": "secure.example",
        "TlsSettings": "DomainValidation",
        "IsTransportRuleScoped": True,
        "CloudServicesMailEnabled": False,
        "SmtpDaneMode": "None",
    }
    assert completion(OUTBOUND, GUID) == (
        Command("Set-OutboundConnector", {"Identity": GUID, "ValidationRecipients": ["a@kunde.example"]}),
    )


def test_what_needs_no_completion_gets_none() -> None:
    assert completion(with_properties(OUTBOUND, ValidationRecipients=[]), GUID) == ()
    assert completion(RULE, GUID) == ()


def test_sender_rewriting_is_told_of_a_connector_of_type_onpremises_alone() -> None:
    own = with_properties(OUTBOUND, ConnectorType="OnPremises", SenderRewritingEnabled=True)
    assert creation(own).parameters["SenderRewritingEnabled"] is True
    partner = with_properties(OUTBOUND, SenderRewritingEnabled=True)
    assert "SenderRewritingEnabled" not in creation(partner).parameters
    assert alteration(OUTBOUND, partner) == ()


@pytest.mark.parametrize(("state", "enabled"), [("Enabled", True), (None, True), ("Disabled", False)])
def test_a_rule_is_made_in_the_state_that_it_is_to_have(state: str | None, enabled: bool) -> None:
    made = creation(with_properties(RULE, State=state))
    assert made.parameters["Enabled"] is enabled
    assert "State" not in made.parameters
    assert (made.parameters["Priority"], made.parameters["NotifySender"]) == (4, "NotifyOnly")


def test_only_what_differs_is_changed_and_by_guid() -> None:
    changed = with_properties(OUTBOUND, Name="out (INLINE)", Enabled=False, Comment=None, SmtpDaneMode="none")
    assert alteration(OUTBOUND, changed) == (
        Command("Set-OutboundConnector", {"Identity": GUID, "Name": "out (INLINE)", "Enabled": False}),
    )


def test_the_place_of_a_rule_is_never_changed() -> None:
    assert alteration(RULE, with_properties(RULE, Priority=0)) == ()


def test_of_a_header_and_its_words_the_header_is_cleared() -> None:
    changed = with_properties(RULE, ExceptIfHeaderMatchesMessageHeader=None, ExceptIfHeaderMatchesPatterns=None)
    assert alteration(RULE, changed) == (
        Command("Set-TransportRule", {"Identity": GUID, "ExceptIfHeaderMatchesMessageHeader": None}),
    )


def test_a_header_and_its_value_are_changed_together() -> None:
    assert alteration(RULE, with_properties(RULE, SetHeaderValue="2")) == (
        Command("Set-TransportRule", {"Identity": GUID, "SetHeaderName": "X-A", "SetHeaderValue": "2"}),
    )


def test_each_sort_of_property_is_cleared_in_its_own_way() -> None:
    changed = with_properties(
        with_properties(RULE, Mode="Audit"), ExceptIfSenderDomainIs=[], StopRuleProcessing=False, Mode=None
    )
    (command,) = alteration(with_properties(RULE, Mode="Audit"), changed)
    assert parameters(command) == {
        "Identity": GUID,
        "ExceptIfSenderDomainIs": None,
        "StopRuleProcessing": False,
        "Mode": "Enforce",
    }


def test_a_rule_is_switched_off_before_and_on_after_its_other_changes() -> None:
    off = with_properties(RULE, State="Disabled", Name="200 (parallel)")
    renaming = Command("Set-TransportRule", {"Identity": GUID, "Name": "200 (parallel)"})
    back = Command("Set-TransportRule", {"Identity": GUID, "Name": "200"})
    assert alteration(RULE, off) == (
        Command("Disable-TransportRule", {"Identity": GUID, "Confirm": False}),
        renaming,
    )
    assert alteration(off, RULE) == (back, Command("Enable-TransportRule", {"Identity": GUID}))


def test_of_an_allow_list_only_what_goes_and_comes_is_told() -> None:
    changed = with_properties(FILTER, IPAllowList=["192.0.2.2", "192.0.2.3"])
    (command,) = alteration(FILTER, changed)
    table = {"@odata.type": HASH_TABLE, "Add": ["192.0.2.3"], "Remove": ["192.0.2.1"]}
    assert command == Command("Set-HostedConnectionFilterPolicy", {"Identity": GUID, "IPAllowList": table})


def test_what_is_removed_is_named_by_its_guid() -> None:
    assert removal(RULE) == Command("Remove-TransportRule", {"Identity": GUID, "Confirm": False})


@pytest.mark.parametrize("guid", ["", "*", "[SEPPmail] - *", "200"])
def test_without_a_guid_nothing_is_changed_or_removed(guid: str) -> None:
    image = ExchangeImage(RULE.type, RULE.name, RULE.properties, guid)
    with pytest.raises(ValueError, match="UUID"):
        removal(image)
    with pytest.raises(ValueError, match="UUID"):
        alteration(image, with_properties(image, State="Disabled"))


def test_a_connection_filter_policy_is_neither_made_nor_removed() -> None:
    with pytest.raises(ValueError, match="not made"):
        creation(FILTER)
    with pytest.raises(ValueError, match="not removed"):
        removal(FILTER)


def test_the_cmdlets_of_a_sort_are_known_beforehand() -> None:
    assert "Disable-TransportRule" in cmdlets_of(Noun.TRANSPORT_RULE)
    assert cmdlets_of("HostedConnectionFilterPolicy") == (
        "Get-HostedConnectionFilterPolicy",
        "Set-HostedConnectionFilterPolicy",
    )
