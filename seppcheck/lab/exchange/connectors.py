"""Connectors: their properties, and what Exchange refuses to store.

What goes together and what does not is not documented by Microsoft in one place; these are the rules
that a stored connector is known to keep.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from seppcheck.lab.exchange.refusals import Invalid
from seppcheck.lab.exchange.values import (
    Taker,
    address_spaces,
    at_most,
    flag,
    listed,
    member_of,
    sender_addresses,
    words,
)

Properties = dict[str, object]

_NAME = at_most(64)
_BOTH: Mapping[str, Taker] = {
    "Name": _NAME,
    "Enabled": flag,
    "Comment": words,
    "ConnectorType": member_of("OnPremises", "Partner"),
    "ConnectorSource": member_of("Default", "Migrated", "HybridWizard", "AdminUI"),
    "CloudServicesMailEnabled": flag,
}
INBOUND: Mapping[str, Taker] = {
    **_BOTH,
    "SenderIPAddresses": sender_addresses,
    "SenderDomains": address_spaces,
    "TrustedOrganizations": listed,
    "AssociatedAcceptedDomains": listed,
    "RequireTls": flag,
    "RestrictDomainsToIPAddresses": flag,
    "RestrictDomainsToCertificate": flag,
    "TreatMessagesAsInternal": flag,
    "TlsSenderCertificateName": words,
    "EFTestMode": flag,
    "EFSkipLastIP": flag,
    "EFSkipIPs": listed,
    "EFSkipMailGateway": listed,
    "EFUsers": listed,
    "ScanAndDropRecipients": listed,
}
OUTBOUND: Mapping[str, Taker] = {
    **_BOTH,
    "UseMXRecord": flag,
    "RecipientDomains": listed,
    "SmartHosts": listed,
    "TlsDomain": words,
    "TlsSettings": member_of("EncryptionOnly", "CertificateValidation", "DomainValidation"),
    "IsTransportRuleScoped": flag,
    "RouteAllMessagesViaOnPremises": flag,
    "AllAcceptedDomains": flag,
    "SenderRewritingEnabled": flag,
    "MtaStsMode": member_of("Opportunistic", "None"),
    "SmtpDaneMode": member_of("Opportunistic", "Mandatory", "None"),
    "TestMode": flag,
}
SET_OUTBOUND: Mapping[str, Taker] = {
    **OUTBOUND,
    "ValidationRecipients": listed,
    "IsValidated": flag,
    "LastValidationTimestamp": words,
}
"""Set- alone has these: New- does not know who is to be sent a validation mail."""

NEW_INBOUND: Properties = {
    "Enabled": True,
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "Comment": "",
    "SenderIPAddresses": [],
    "SenderDomains": ["smtp:*;1"],
    "TrustedOrganizations": [],
    "ClientHostNames": [],
    "AssociatedAcceptedDomains": [],
    "RequireTls": False,
    "RestrictDomainsToIPAddresses": False,
    "RestrictDomainsToCertificate": False,
    "CloudServicesMailEnabled": False,
    "TreatMessagesAsInternal": False,
    "TlsSenderCertificateName": None,
    "EFTestMode": False,
    "ScanAndDropRecipients": [],
    "EFSkipLastIP": False,
    "EFSkipIPs": [],
    "EFSkipMailGateway": [],
    "EFUsers": [],
    "AdminDisplayName": "",
}
NEW_OUTBOUND: Properties = {
    "Enabled": True,
    "UseMXRecord": True,
    "Comment": "",
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "RecipientDomains": [],
    "SmartHosts": [],
    "TlsDomain": None,
    "TlsSettings": None,
    "IsTransportRuleScoped": False,
    "RouteAllMessagesViaOnPremises": False,
    "CloudServicesMailEnabled": False,
    "AllAcceptedDomains": False,
    "SenderRewritingEnabled": False,
    "MtaStsMode": "Opportunistic",
    "SmtpDaneMode": "Opportunistic",
    "TestMode": False,
    "ValidationRecipients": [],
    "IsValidated": False,
    "LastValidationTimestamp": None,
}

Rule = tuple[Callable[[Properties], object], str]

_INBOUND_RULES: tuple[Rule, ...] = (
    (
        lambda c: c["TlsSenderCertificateName"] and not c["RequireTls"],
        "TlsSenderCertificateName demands that RequireTls is true.",
    ),
    (
        lambda c: c["RestrictDomainsToCertificate"] and not c["TlsSenderCertificateName"],
        "RestrictDomainsToCertificate demands a TlsSenderCertificateName.",
    ),
    (
        lambda c: c["RestrictDomainsToCertificate"] and c["RestrictDomainsToIPAddresses"],
        "RestrictDomainsToCertificate and RestrictDomainsToIPAddresses exclude each other.",
    ),
    (
        lambda c: c["RestrictDomainsToIPAddresses"] and not c["SenderIPAddresses"],
        "RestrictDomainsToIPAddresses demands SenderIPAddresses.",
    ),
    (
        lambda c: c["CloudServicesMailEnabled"] and c["ConnectorType"] != "OnPremises",
        "CloudServicesMailEnabled is for connectors of type OnPremises alone.",
    ),
    (
        lambda c: c["TreatMessagesAsInternal"] and c["ConnectorType"] != "OnPremises",
        "TreatMessagesAsInternal is for connectors of type OnPremises alone.",
    ),
    (
        lambda c: c["ConnectorType"] == "OnPremises" and not (c["SenderIPAddresses"] or c["TlsSenderCertificateName"]),
        "A connector of type OnPremises demands SenderIPAddresses or a TlsSenderCertificateName.",
    ),
    (
        lambda c: _bad_wildcard(str(c["TlsSenderCertificateName"] or "")),
        "TlsSenderCertificateName: a wildcard stands alone in front of a domain (*.contoso.com).",
    ),
)

_OUTBOUND_RULES: tuple[Rule, ...] = (
    (
        lambda c: c["IsTransportRuleScoped"] and (c["RecipientDomains"] or c["AllAcceptedDomains"]),
        "A connector is used by transport rules, or for recipient domains, not for both.",
    ),
    (
        lambda c: not (c["IsTransportRuleScoped"] or c["RecipientDomains"] or c["AllAcceptedDomains"]),
        "RecipientDomains, AllAcceptedDomains or IsTransportRuleScoped must be given.",
    ),
    (
        lambda c: bool(c["TlsDomain"]) != (c["TlsSettings"] == "DomainValidation"),
        "TlsDomain goes with TlsSettings DomainValidation, and with no other.",
    ),
    (
        lambda c: bool(c["SmartHosts"]) == bool(c["UseMXRecord"]),
        "SmartHosts are given where UseMXRecord is false, and only there.",
    ),
    (
        lambda c: (
            c["ConnectorType"] != "OnPremises"
            and (c["RouteAllMessagesViaOnPremises"] or c["CloudServicesMailEnabled"] or c["AllAcceptedDomains"])
        ),
        "RouteAllMessagesViaOnPremises, CloudServicesMailEnabled and AllAcceptedDomains are for type OnPremises alone.",
    ),
    (
        lambda c: any(_private(host) for host in c["SmartHosts"] if isinstance(c["SmartHosts"], list)),  # type: ignore[attr-defined] # a list, by its taker
        "SmartHosts: an address must be a public IPv4 address.",
    ),
)


def check_inbound(connector: Properties) -> None:
    """Refuse an inbound connector whose properties do not go together.

    Raises:
        Invalid: saying which.
    """
    _check(connector, _INBOUND_RULES)


def check_outbound(connector: Properties) -> None:
    """Refuse an outbound connector whose properties do not go together.

    Raises:
        Invalid: saying which.
    """
    _check(connector, _OUTBOUND_RULES)


def _check(connector: Properties, rules: tuple[Rule, ...]) -> None:
    if not connector["Name"]:
        raise Invalid("Name must not be empty.")
    for broken, sentence in rules:
        if broken(connector):
            raise Invalid(sentence)


def _bad_wildcard(name: str) -> bool:
    if name.startswith("<I>"):  # issuer and subject of an X.509 certificate are another form
        return False
    return name == "*" or "*" in name.removeprefix("*.") or (name.startswith("*") and not name.startswith("*."))


def _private(host: object) -> bool:
    try:
        address = ipaddress.ip_address(str(host).strip("[]"))
    except ValueError:
        return False
    return address.version != 4 or not address.is_global  # noqa: PLR2004 - IPv4
