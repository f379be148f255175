"""Connectors and rules as Exchange gives them: a right inline set and the vendor's parallel set.

Every object has every property that the cmdlets always give. Changes go in as keywords; `without`
leaves properties out, which makes them unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_DNS, uuid5

from seppcheck.api import ExchangeObject, InboundConnectors, OutboundConnectors, TransportRules

GATEWAY_NAME = "secure.example.org"
GATEWAY_ADDRESS = "192.0.2.25"
DOMAIN_NAME = "example.org"
OUTBOUND_NAME = "[SEPPmail] ExchangeOnline -> Appliance"
INBOUND_NAME = "[SEPPmail] Appliance -> ExchangeOnline"
RULE_NAME = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
READ_AT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
CHANGED_AT = "2026-11-20T08:00:00Z"
CLASSES = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks."
STAMP = "#Created with SEPPmail365 PowerShell Module version 1.3.0 on 03/14/2026 10:15:00"


def entry(base: dict[str, object], changes: dict[str, object], without: Iterable[str] = ()) -> ExchangeObject:
    properties = {**base, **changes}
    name = str(properties.get("Name", ""))
    properties.setdefault("Identity", name)
    properties.setdefault("Guid", str(uuid5(NAMESPACE_DNS, name + str(properties.get("ConnectorType", "")))))
    return ExchangeObject({key: value for key, value in properties.items() if key not in without})


_OUTBOUND: dict[str, object] = {
    "Name": OUTBOUND_NAME,
    "Enabled": True,
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "Comment": "",
    "UseMXRecord": False,
    "RecipientDomains": [],
    "SmartHosts": [GATEWAY_NAME],
    "TlsDomain": GATEWAY_NAME,
    "TlsSettings": "DomainValidation",
    "IsTransportRuleScoped": True,
    "RouteAllMessagesViaOnPremises": False,
    "CloudServicesMailEnabled": False,
    "AllAcceptedDomains": False,
    "TestMode": False,
    "ValidationRecipients": ["admin@example.org"],
    "IsValidated": False,
    "LastValidationTimestamp": None,
    "WhenChangedUTC": CHANGED_AT,
}
_INBOUND: dict[str, object] = {
    "Name": "[SEPPMAIL] APPLIANCE -> EXCHANGEONLINE",
    "Enabled": True,
    "ConnectorType": "Partner",
    "ConnectorSource": "Default",
    "Comment": "",
    "SenderIPAddresses": [],
    "SenderDomains": ["smtp:*;1"],
    "AssociatedAcceptedDomains": [],
    "RequireTls": True,
    "RestrictDomainsToIPAddresses": False,
    "RestrictDomainsToCertificate": True,
    "CloudServicesMailEnabled": False,
    "TreatMessagesAsInternal": False,
    "TlsSenderCertificateName": GATEWAY_NAME,
    "EFTestMode": False,
    "EFSkipLastIP": True,
    "EFSkipIPs": [],
    "EFSkipMailGateway": [],
    "EFUsers": [],
    "WhenChangedUTC": CHANGED_AT,
}
_RULE: dict[str, object] = {
    "Name": "a rule",
    "Priority": 0,
    "State": "Enabled",
    "Mode": "Enforce",
    "Comments": None,
    "ManuallyModified": False,
    "ActivationDate": None,
    "ExpiryDate": None,
    "RuleErrorAction": "Ignore",
    "SenderAddressLocation": "Header",
    "SetAuditSeverity": None,
    "FromScope": None,
    "SentToScope": None,
    "SenderDomainIs": None,
    "RecipientDomainIs": None,
    "HeaderContainsMessageHeader": None,
    "HeaderContainsWords": None,
    "HeaderMatchesMessageHeader": None,
    "HeaderMatchesPatterns": None,
    "MessageTypeMatches": None,
    "SCLOver": None,
    "ExceptIfSenderDomainIs": None,
    "ExceptIfHeaderContainsMessageHeader": None,
    "ExceptIfHeaderContainsWords": None,
    "ExceptIfHeaderMatchesMessageHeader": None,
    "ExceptIfHeaderMatchesPatterns": None,
    "ExceptIfMessageTypeMatches": None,
    "ExceptIfSCLOver": None,
    "RouteMessageOutboundConnector": None,
    "RouteMessageOutboundRequireTls": False,
    "SetHeaderName": None,
    "SetHeaderValue": None,
    "RemoveHeader": None,
    "SetSCL": None,
    "Quarantine": False,
    "DeleteMessage": False,
    "RedirectMessageTo": None,
    "ModerateMessageByUser": None,
    "ModerateMessageByManager": False,
    "RejectMessageReasonText": None,
    "RejectMessageEnhancedStatusCode": None,
    "StopRuleProcessing": False,
    "Conditions": None,
    "Exceptions": None,
    "Actions": None,
    "WhenChanged": CHANGED_AT,
}
_INLINE_RULE: dict[str, object] = {
    **_RULE,
    "Name": RULE_NAME,
    "SetAuditSeverity": "Low",
    "FromScope": "InOrganization",
    "SentToScope": "NotInOrganization",
    "SenderDomainIs": [DOMAIN_NAME],
    "ExceptIfSCLOver": "9",
    "RouteMessageOutboundConnector": OUTBOUND_NAME,
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "outbound",
}
_CONDITIONS = {
    "SentToScope": "SentToScope",
    "SCLOver": "SclOver",
    "MessageTypeMatches": "MessageTypeMatches",
    "HeaderContainsMessageHeader": "HeaderContains",
    "SenderDomainIs": "SenderDomainIs",
    "HeaderMatchesMessageHeader": "HeaderMatches",
    "FromScope": "FromScope",
}
_ACTIONS = {
    "RouteMessageOutboundConnector": "RouteMessageOutboundConnector",
    "SetAuditSeverity": "SetAuditSeverity",
    "SetSCL": "SetScl",
    "SetHeaderName": "SetHeader",
    "RemoveHeader": "RemoveHeader",
    "RedirectMessageTo": "RedirectMessage",
    "Quarantine": "Quarantine",
    "DeleteMessage": "DeleteMessage",
    "StopRuleProcessing": "StopRuleProcessing",
}


def with_classes(properties: dict[str, object]) -> dict[str, object]:
    """Add the lists of conditions, exceptions and actions that Exchange keeps beside the properties."""
    conditions = [f"{CLASSES}{c}Predicate" for p, c in _CONDITIONS.items() if properties.get(p)]
    exceptions = [f"{CLASSES}{c}Predicate" for p, c in _CONDITIONS.items() if properties.get(f"ExceptIf{p}")]
    actions = [f"{CLASSES}{c}Action" for p, c in _ACTIONS.items() if properties.get(p)]
    lists: dict[str, object] = {"Conditions": conditions, "Exceptions": exceptions, "Actions": actions}
    return {**properties, **{k: v or None for k, v in lists.items() if not properties.get(k)}}


def inline_outbound(*without: str, **changes: object) -> ExchangeObject:
    """The guide's connector of section A."""
    return entry(_OUTBOUND, changes, without)


def inline_inbound(*without: str, **changes: object) -> ExchangeObject:
    """The guide's connector of section B."""
    return entry(_INBOUND, changes, without)


def inline_rule(*without: str, **changes: object) -> ExchangeObject:
    """The guide's rule 200."""
    return entry(with_classes({**_INLINE_RULE, **changes}), {}, without)


def rule(*without: str, **changes: object) -> ExchangeObject:
    """Any other rule: nothing is set but what is given."""
    return entry(with_classes({**_RULE, **changes}), {}, without)


def parallel_outbound(*without: str, **changes: object) -> ExchangeObject:
    """The connector to the gateway as SEPPmail365 1.3.0 makes it."""
    comment = "Based on rules, E-Mails that have not been processed by SEPPmail appliance are routed there.\n"
    made: dict[str, object] = {"ConnectorType": "OnPremises", "Comment": comment + STAMP, "ValidationRecipients": []}
    return entry({**_OUTBOUND, **made}, changes, without)


def parallel_inbound(*without: str, **changes: object) -> ExchangeObject:
    """The connector from the gateway as SEPPmail365 1.3.0 makes it."""
    made: dict[str, object] = {
        "Name": INBOUND_NAME,
        "ConnectorType": "OnPremises",
        "Comment": "Accept E-Mails from SEPPmail Appliance\n" + STAMP,
        "RestrictDomainsToCertificate": False,
    }
    return entry({**_INBOUND, **made}, changes, without)


_INCOMING: dict[str, object] = {
    "FromScope": "NotInOrganization",
    "SentToScope": "InOrganization",
    "RouteMessageOutboundConnector": OUTBOUND_NAME,
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "inbound",
    "ExceptIfHeaderMatchesMessageHeader": "X-SM-internal",
    "ExceptIfHeaderMatchesPatterns": ["yes"],
    "ExceptIfHeaderContainsMessageHeader": "X-SM-incoming",
    "ExceptIfHeaderContainsWords": ["yes"],
    "ExceptIfSCLOver": "5",
    "SenderAddressLocation": "HeaderOrEnvelope",
    "StopRuleProcessing": True,
}
_OUTGOING: dict[str, object] = {
    "FromScope": "InOrganization",
    "SentToScope": "NotInOrganization",
    "RouteMessageOutboundConnector": OUTBOUND_NAME,
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "outbound",
    "ExceptIfHeaderMatchesMessageHeader": "X-SM-internal",
    "ExceptIfHeaderMatchesPatterns": ["yes"],
    "ExceptIfHeaderContainsMessageHeader": "X-SM-outgoing",
    "ExceptIfHeaderContainsWords": ["yes"],
    "ExceptIfMessageTypeMatches": "OOF",
    "ExceptIfSCLOver": "9",
}
_SPF: dict[str, object] = {
    "FromScope": "NotInOrganization",
    "SentToScope": "InOrganization",
    "SetHeaderName": "X-SM-internal",
    "SetHeaderValue": "yes",
    "HeaderContainsMessageHeader": "Authentication-Results",
    "HeaderContainsWords": ["spf=fail"],
}
_CLEANING: dict[str, object] = {"FromScope": "InOrganization", "SentToScope": "NotInOrganization"}
_PARALLEL: tuple[tuple[str, dict[str, object]], ...] = (
    ("050 on SPF fail - no SEPPmail", _SPF),
    ("100 Route incoming e-mails to SEPPmail", _INCOMING),
    ("110 Route incoming PGP e-mails to SEPPmail", _INCOMING),
    ("120 Route incoming tagged e-mails to SEPPmail", _INCOMING),
    ("200 Route outgoing e-mails to SEPPmail", _OUTGOING),
    ("300 Clean outbound SEPPmail header decrypted", {**_CLEANING, "RemoveHeader": "X-SM-decrypted"}),
    ("400 Clean outbound SEPPmail header encrypted", {**_CLEANING, "RemoveHeader": "X-SM-encrypted"}),
    ("500 Clean outbound SEPPmail header outgoing", {**_CLEANING, "RemoveHeader": "X-SM-outgoing"}),
    ("600 Clean outbound SEPPmail header smarthost", {**_CLEANING, "RemoveHeader": "X-SM-smarthost"}),
)


def parallel_rules(**changes: object) -> tuple[ExchangeObject, ...]:
    """The nine rules as SEPPmail365 1.3.0 makes them, once they are switched on."""
    return tuple(
        rule(
            **{
                "Name": f"[SEPPmail] - {name}",
                "Priority": priority,
                "SetAuditSeverity": "Low",
                "Comments": f"Made for parallel mode.\n{STAMP}",
                **content,
                **changes,
            }
        )
        for priority, (name, content) in enumerate(_PARALLEL)
    )


def parallel_200(**changes: object) -> ExchangeObject:
    """The parallel rule that has the name of the guide's."""
    (found,) = (each for each in parallel_rules() if each.name == RULE_NAME)
    return rule(**{**found.properties, "Conditions": None, "Exceptions": None, "Actions": None, **changes})


def outbound_connectors(*objects: ExchangeObject) -> OutboundConnectors:
    return OutboundConnectors(objects, "exchange-export", READ_AT)


def inbound_connectors(*objects: ExchangeObject) -> InboundConnectors:
    return InboundConnectors(objects, "exchange-export", READ_AT)


def transport_rules(*objects: ExchangeObject) -> TransportRules:
    return TransportRules(objects, "exchange-export", READ_AT)


def renamed(objects: Sequence[ExchangeObject], name: str) -> tuple[ExchangeObject, ...]:
    """The same objects under names of somebody's own; Guids stay."""
    return tuple(
        ExchangeObject({**each.properties, "Name": f"{name} {number}", "Identity": f"{name} {number}"})
        for number, each in enumerate(objects)
    )
