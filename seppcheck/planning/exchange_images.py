"""Images of Exchange Online's objects: what of them can be set, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from seppcheck.model.changes import ExchangeImage
from seppcheck.model.exchange import ExchangeObject


class Noun(StrEnum):
    """What the cmdlets call the objects that this program may change."""

    INBOUND_CONNECTOR = "InboundConnector"
    OUTBOUND_CONNECTOR = "OutboundConnector"
    TRANSPORT_RULE = "TransportRule"
    CONNECTION_FILTER = "HostedConnectionFilterPolicy"


_BOTH = ("Name", "Enabled", "Comment", "ConnectorType", "ConnectorSource", "CloudServicesMailEnabled")
SETTABLE: Mapping[str, tuple[str, ...]] = {
    Noun.INBOUND_CONNECTOR: (
        *_BOTH,
        *("SenderIPAddresses", "SenderDomains", "TrustedOrganizations", "AssociatedAcceptedDomains"),
        *("RequireTls", "RestrictDomainsToIPAddresses", "RestrictDomainsToCertificate", "TreatMessagesAsInternal"),
        *("TlsSenderCertificateName", "EFSkipLastIP", "EFSkipIPs", "EFUsers"),
    ),
    Noun.OUTBOUND_CONNECTOR: (
        *_BOTH,
        *("UseMXRecord", "RecipientDomains", "SmartHosts", "TlsDomain", "TlsSettings", "IsTransportRuleScoped"),
        *("RouteAllMessagesViaOnPremises", "AllAcceptedDomains", "SenderRewritingEnabled", "MtaStsMode"),
        *("SmtpDaneMode", "TestMode", "ValidationRecipients"),
    ),
    Noun.CONNECTION_FILTER: ("IPAllowList", "IPBlockList"),
}
"""EFTestMode, EFSkipMailGateway and ScanAndDropRecipients are Microsoft's own: they are never written. Whether a
connector was validated says nothing with a gateway, whose validation mail always ends with an error."""
READ_ONLY_OF_RULES = frozenset(
    {
        *("Identity", "Id", "DistinguishedName", "Guid", "ImmutableId", "ExchangeObjectId", "NameHashGuid"),
        *("WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC", "CreatedBy", "LastModifiedBy"),
        *("IsValid", "ObjectState", "ObjectClass", "ObjectCategory", "ExchangeVersion", "AdminDisplayName"),
        *("OrganizationId", "OrganizationalUnitRoot", "OriginatingServer", "Size", "RegexSize", "RuleVersion", "Xml"),
        *("ManuallyModified", "Description", "Conditions", "Exceptions", "Actions", "UseLegacyRegex"),
        *("IsRuleConfigurationSupported", "RuleConfigurationUnsupportedReason", "DlpPolicy", "DlpPolicyId"),
    }
)
"""What is no parameter of Set-TransportRule. All else belongs to a rule's image, so that a condition that nobody here
knows is not lost without a word: a rule that cannot be made anew with it is refused by Exchange."""
RULE_DEFAULTS: Mapping[str, str] = {
    "State": "Enabled",
    "Mode": "Enforce",
    "RuleErrorAction": "Ignore",
    "SenderAddressLocation": "Header",
    "RecipientAddressType": "Resolved",
    "RuleSubType": "None",
}
"""What a rule has of itself, so that nothing and this are the same."""
_UNTOLD = frozenset({"RecipientAddressType", "RuleSubType"})
"""What an image leaves out where it is the default: the guide does not speak of it."""
EXACT = frozenset(
    {
        *("Name", "Comment", "Comments", "SetHeaderValue", "PrependSubject", "ApplyHtmlDisclaimerText"),
        *("RejectMessageReasonText", "SmtpRejectMessageRejectText", "GenerateNotification", "LogEventText"),
    }
)
"""Properties whose letters' case matters; of host names, addresses and enumerations it does not."""
_ALIKE = {"ConnectorSource": frozenset({"default", "adminui"})}
NOT_COMPARED = frozenset({"Priority"})
"""A rule's place shifts with every rule that is made or removed before it."""


def image_of(noun: Noun, entry: ExchangeObject) -> ExchangeImage:
    """Return the image of an object as it was read.

    Args:
        noun: of its cmdlets, such as `TransportRule`.
        entry: the object.
    """
    if noun == Noun.TRANSPORT_RULE:
        settable: dict[str, object] = {
            name: _plain(value)
            for name, value in entry.properties.items()
            if name not in READ_ONLY_OF_RULES and not is_unset(value) and not _goes_without_saying(name, value)
        }
    else:
        settable = {name: _plain(entry.properties[name]) for name in SETTABLE[noun] if entry.knows(name)}
    return ExchangeImage(noun, entry.name, settable, entry.guid)


def _goes_without_saying(name: str, value: object) -> bool:
    return name in _UNTOLD and RULE_DEFAULTS[name] == value


def with_properties(image: ExchangeImage, **changes: object) -> ExchangeImage:
    """Return an image with some properties changed; what is set to None (or an empty list) of a rule is cleared."""
    properties = {**image.properties, **changes}
    if image.type == Noun.TRANSPORT_RULE:
        properties = {name: value for name, value in properties.items() if not is_unset(value)}
    return ExchangeImage(image.type, str(properties.get("Name", image.name)), properties, image.guid)


def differences(wanted: ExchangeImage, found: ExchangeImage) -> Iterator[tuple[str, Any, Any]]:
    """Yield each property in which two images of one object differ: its name, what is wanted, what is there.

    Lists are compared without order, host names and enumerations without case. What a rule's image does not hold
    is not set, or is as it is of itself. Of the others only what `wanted` holds is compared, and what `found` lacks is
    unknown, so it differs.
    """
    is_rule = wanted.type == Noun.TRANSPORT_RULE
    ours, theirs = _told(wanted), _told(found)
    for name in dict.fromkeys((*ours, *(theirs if is_rule else ()))):
        if name in NOT_COMPARED:
            continue
        one, other = ours.get(name), theirs.get(name)
        unknown = not is_rule and name not in theirs
        if unknown or comparable(name, one) != comparable(name, other):
            yield name, one, other


def _told(image: ExchangeImage) -> Mapping[str, object]:
    return {"Name": image.name, **image.properties}


def comparable(name: str, value: object) -> object:
    """Return a property's value in the form that is compared; None for what is not set or as it is of itself."""
    if is_unset(value):
        return None
    if isinstance(value, bool):
        return value
    items = value if isinstance(value, (list, tuple)) else [value]
    found = sorted({_comparable_text(name, item) for item in items})
    if len(found) > 1:
        return tuple(found)
    return None if found[0] == RULE_DEFAULTS.get(name, "-").lower() else found[0]


def _comparable_text(name: str, value: object) -> str:
    if name in EXACT:
        return str(value).replace("\r\n", "\n")
    found = str(value).strip().lower()
    if name == "SenderDomains":
        return found.removeprefix("smtp:").partition(";")[0].strip()
    if name == "SmartHosts":
        return found.removeprefix("[").removesuffix("]")  # Exchange shows an address in brackets
    return "default" if found in _ALIKE.get(name, ()) else found


def is_unset(value: object) -> bool:
    """Tell whether Exchange treats a value as nothing: null, false, empty text and an empty list are alike."""
    return value is None or value is False or value == "" or value in ([], ())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
