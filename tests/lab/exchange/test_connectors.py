"""What Exchange stores of a connector, and what it refuses."""

from __future__ import annotations

import pytest

from seppcheck.scenarios.tenants import INBOUND, OUTBOUND
from tests.peers.https_client import Exchange

NEW_OUT = {
    "Name": "out",
    "ConnectorType": "Partner",
    "IsTransportRuleScoped": True,
    "UseMXRecord": False,
    "SmartHosts": ["secure.secmail365.test"],
    "TlsSettings": "CertificateValidation",
}
NEW_IN = {
    "Name": "in",
    "ConnectorType": "Partner",
    "SenderDomains": ["*"],
    "RequireTls": True,
    "RestrictDomainsToCertificate": True,
    "TlsSenderCertificateName": "secure.kunde.test",
}


def test_what_is_made_is_there_with_a_guid_and_the_defaults(parallel: Exchange) -> None:
    (made,) = parallel.run("New-OutboundConnector", **NEW_OUT, Confirm=False)
    (found,) = [o for o in parallel.run("Get-OutboundConnector") if o["Name"] == "out"]
    assert found["Guid"] == made["Guid"]
    assert found["TestMode"] is False
    assert found["TlsDomain"] is None
    assert "RequireTls" not in found
    assert parallel.run("Set-OutboundConnector", Identity=found["Guid"], ValidationRecipients=["a@kunde.test"]) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"RequireTls": False}, "RequireTls"),
        ({"TlsSenderCertificateName": None}, "TlsSenderCertificateName"),
        ({"RestrictDomainsToIPAddresses": True, "SenderIPAddresses": ["203.0.113.5"]}, "exclude"),
        ({"RestrictDomainsToCertificate": False, "RestrictDomainsToIPAddresses": True}, "SenderIPAddresses"),
        ({"CloudServicesMailEnabled": True}, "OnPremises"),
        ({"TlsSenderCertificateName": "*"}, "wildcard"),
        ({"TlsSenderCertificateName": "a.*.test"}, "wildcard"),
        ({"SenderIPAddresses": ["203.0.0.0/16"]}, "/24"),
        ({"SenderIPAddresses": ["2001:db8::1"]}, "IPv4"),
        ({"Name": INBOUND.upper()}, "ErrorInboundConnectorAlreadyExists"),
        ({"Name": "n" * 65}, "64"),
        ({"Enabled": "yes"}, "Boolean"),
    ],
)
def test_an_inbound_connector_is_refused(parallel: Exchange, changes: dict[str, object], word: str) -> None:
    assert word in parallel.refusal("New-InboundConnector", **{**NEW_IN, **changes})


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"RecipientDomains": ["*"]}, "not for both"),
        ({"IsTransportRuleScoped": False}, "RecipientDomains"),
        ({"TlsDomain": "secure.secmail365.test"}, "DomainValidation"),
        ({"TlsSettings": "DomainValidation"}, "TlsDomain"),
        ({"UseMXRecord": True}, "SmartHosts"),
        ({"SmartHosts": []}, "SmartHosts"),
        ({"SmartHosts": ["[10.0.0.1]"]}, "public IPv4"),
        ({"CloudServicesMailEnabled": True}, "OnPremises"),
        ({"Name": OUTBOUND.upper()}, "AlreadyExists"),
        ({"ValidationRecipients": ["a@kunde.test"]}, "ValidationRecipients"),
    ],
)
def test_an_outbound_connector_is_refused(parallel: Exchange, changes: dict[str, object], word: str) -> None:
    assert word in parallel.refusal("New-OutboundConnector", **{**NEW_OUT, **changes})


@pytest.mark.parametrize("change", [{"Name": "other"}, {"Enabled": False}, {"TestMode": True, "Enabled": False}])
def test_a_connector_that_a_rule_routes_to_is_not_renamed_nor_disabled_nor_removed(
    parallel: Exchange, change: dict[str, object]
) -> None:
    rule = "[SEPPmail] - 100 Route incoming e-mails to SEPPmail"
    parallel.run("Disable-TransportRule", Identity=rule)  # a disabled rule counts as well
    assert "StillReferenced" in parallel.refusal("Set-OutboundConnector", Identity=OUTBOUND, **change)
    assert "StillReferenced" in parallel.refusal("Remove-OutboundConnector", Identity=OUTBOUND)


def test_without_rules_it_goes(parallel: Exchange) -> None:
    for rule in parallel.run("Get-TransportRule"):
        parallel.run("Remove-TransportRule", Identity=rule["Guid"], Confirm=False)
    parallel.run("Set-OutboundConnector", Identity=OUTBOUND, Enabled=False)
    parallel.run("Remove-OutboundConnector", Identity=OUTBOUND.lower())
    assert parallel.run("Get-OutboundConnector") == []


def test_one_in_test_mode_is_seen_by_who_asks_for_it(inline: Exchange) -> None:
    inline.run("New-OutboundConnector", **NEW_OUT)
    inline.run("Set-OutboundConnector", Identity="out", TestMode=True)
    assert [o["Name"] for o in inline.run("Get-OutboundConnector")] == [OUTBOUND]
    assert [o["Name"] for o in inline.run("Get-OutboundConnector", IncludeTestModeConnectors=True)] == ["out"]


def test_a_change_is_kept_with_its_time_and_a_refused_one_leaves_no_trace(parallel: Exchange) -> None:
    (before,) = parallel.run("Get-InboundConnector")
    parallel.refusal("Set-InboundConnector", Identity=INBOUND, RequireTls=False)
    assert parallel.run("Get-InboundConnector") == [before]
    parallel.run("Set-InboundConnector", Identity=INBOUND.upper(), EFSkipLastIP=False)
    (after,) = parallel.run("Get-InboundConnector")
    assert after["EFSkipLastIP"] is False
    assert after["WhenChanged"] > before["WhenChanged"]


def test_what_is_not_there_is_a_400_for_a_change_and_everything_for_a_get(parallel: Exchange) -> None:
    assert "ManagementObjectNotFoundException" in parallel.refusal("Remove-InboundConnector", Identity="none")
    assert "Identity" in parallel.refusal("Remove-InboundConnector", Identity=None)
    assert len(parallel.run("Get-InboundConnector", Identity="none")) == 1


def test_a_new_tenant_gets_no_inbound_connector_of_type_onpremises(inline: Exchange) -> None:
    inline.tenant.prohibits_onpremises = True
    given = {**NEW_IN, "ConnectorType": "OnPremises"}
    assert "EX505293" in inline.refusal("New-InboundConnector", **given)
    assert inline.run("New-InboundConnector", **NEW_IN)


def test_a_new_one_may_not_be_seen_at_once(inline: Exchange) -> None:
    inline.tenant.hide_new = 2
    inline.run("New-InboundConnector", **NEW_IN)
    assert "NotFound" in inline.refusal("Set-InboundConnector", Identity="in", Enabled=False)
    assert len(inline.run("Get-InboundConnector")) == 2


def test_the_allow_list_is_changed_by_a_hash_table(inline: Exchange) -> None:
    table = {"@odata.type": "#Exchange.GenericHashTable", "Add": ["203.0.113.25"], "Remove": []}
    inline.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=table)
    assert inline.run("Get-HostedConnectionFilterPolicy")[0]["IPAllowList"] == ["203.0.113.25"]
    table = {"@odata.type": "#Exchange.GenericHashTable", "Remove": ["203.0.113.25"]}
    inline.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=table)
    assert inline.run("Get-HostedConnectionFilterPolicy")[0]["IPAllowList"] == []


def test_an_inbound_connector_is_for_some_sender_domains(inline: Exchange) -> None:
    assert "SenderDomains" in inline.refusal("New-InboundConnector", Name="in")
    assert "SenderDomains" in inline.refusal("New-InboundConnector", Name="in", SenderDomains=[])


def test_a_partner_takes_no_sender_rewriting(inline: Exchange) -> None:
    assert "Partner" in inline.refusal("New-OutboundConnector", **NEW_OUT, SenderRewritingEnabled=False)
    assert "Partner" in inline.refusal("Set-OutboundConnector", Identity=OUTBOUND, SenderRewritingEnabled=False)


def test_a_new_tenant_turns_no_connector_of_type_onpremises_on(parallel: Exchange) -> None:
    parallel.run("Set-InboundConnector", Identity=INBOUND, Enabled=False)
    parallel.tenant.prohibits_onpremises = True
    assert "EX505293" in parallel.refusal("Set-InboundConnector", Identity=INBOUND, Enabled=True)
    parallel.run("Set-InboundConnector", Identity=INBOUND, Comment="still here")


@pytest.mark.parametrize("change", [{"IsTransportRuleScoped": False, "RecipientDomains": ["*"]}, {"Name": "other"}])
def test_a_connector_that_a_rule_names_is_neither_unscoped_nor_renamed(
    inline: Exchange, change: dict[str, object]
) -> None:
    assert "StillReferenced" in inline.refusal("Set-OutboundConnector", Identity=OUTBOUND, **change)
    inline.run("Set-OutboundConnector", Identity=OUTBOUND, Name=OUTBOUND.upper())  # the same name to Exchange


def test_an_unknown_connection_filter_policy_is_not_found(inline: Exchange) -> None:
    words = inline.refusal("Set-HostedConnectionFilterPolicy", Identity="none", IPAllowList=[])
    assert "ManagementObjectNotFoundException" in words
