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
_SETTABLE: Mapping[str, tuple[str, ...]] = {
    Noun.INBOUND_CONNECTOR: (
        *_BOTH,
        *("SenderIPAddresses", "SenderDomains", "TrustedOrganizations", "AssociatedAcceptedDomains"),
        *("RequireTls", "RestrictDomainsToIPAddresses", "RestrictDomainsToCertificate", "TreatMessagesAsInternal"),
        *("TlsSenderCertificateName", "EFTestMode", "EFSkipLastIP", "EFSkipIPs", "EFSkipMailGateway", "EFUsers"),
        "ScanAndDropRecipients",
    ),
    Noun.OUTBOUND_CONNECTOR: (
        *_BOTH,
        *("UseMXRecord", "RecipientDomains", "SmartHosts", "TlsDomain", "TlsSettings", "IsTransportRuleScoped"),
        *("RouteAllMessagesViaOnPremises", "AllAcceptedDomains", "SenderRewritingEnabled", "MtaStsMode"),
        *("SmtpDaneMode", "TestMode", "ValidationRecipients"),
    ),
    Noun.CONNECTION_FILTER: ("Name", "IPAllowList", "IPBlockList"),
}
_READ_ONLY_OF_RULES = frozenset(
    {
        *("Identity", "Id", "DistinguishedName", "Guid", "ImmutableId", "ExchangeObjectId", "NameHashGuid"),
        *("WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC", "CreatedBy", "LastModifiedBy"),
        *("IsValid", "ObjectState", "ObjectClass", "ObjectCategory", "ExchangeVersion", "AdminDisplayName"),
        *("OrganizationId", "OrganizationalUnitRoot", "OriginatingServer", "Size", "RuleVersion", "Xml"),
        *("ManuallyModified", "Description", "Conditions", "Exceptions", "Actions", "UseLegacyRegex"),
        *("IsRuleConfigurationSupported", "RuleConfigurationUnsupportedReason", "DlpPolicy", "DlpPolicyId"),
        *("HasSenderOverride", "ExceptIfHasSenderOverride", "MessageContainsDataClassifications"),
    }
)
_RULES_DEFAULTS: Mapping[str, object] = {"RecipientAddressType": "Resolved", "RuleSubType": "None"}
_EXACT = frozenset(
    {"Name", "Comment", "Comments", "SetHeaderValue", "PrependSubject", "ApplyHtmlDisclaimerText"},
)
"""Properties whose letters' case matters; of host names, addresses and enumerations it does not."""
_ALIKE = {"ConnectorSource": frozenset({"default", "adminui"})}
_NOT_COMPARED = frozenset({"Priority"})
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
            if name not in _READ_ONLY_OF_RULES and not is_unset(value) and _RULES_DEFAULTS.get(name) != value
        }
    else:
        settable = {name: _plain(entry.properties[name]) for name in _SETTABLE[noun] if entry.knows(name)}
    return ExchangeImage(noun, entry.name, settable, entry.guid)


def with_properties(image: ExchangeImage, **changes: object) -> ExchangeImage:
    """Return an image with some properties changed; what is set to None (or an empty list) of a rule is cleared."""
    properties = {**image.properties, **changes}
    if image.type == Noun.TRANSPORT_RULE:
        properties = {name: value for name, value in properties.items() if not is_unset(value)}
    return ExchangeImage(image.type, str(properties.get("Name", image.name)), properties, image.guid)


def differences(wanted: ExchangeImage, found: ExchangeImage) -> Iterator[tuple[str, Any, Any]]:
    """Yield each property in which two images of one object differ: its name, what is wanted, what is there.

    Lists are compared without order, host names and enumerations without case. What a rule's image does not hold
    is not set. Of the others only what `wanted` holds is compared, and what `found` lacks is unknown, so it differs.
    """
    is_rule = wanted.type == Noun.TRANSPORT_RULE
    for name in dict.fromkeys((*wanted.properties, *(found.properties if is_rule else ()))):
        if name in _NOT_COMPARED:
            continue
        one, other = wanted.properties.get(name), found.properties.get(name)
        unknown = not is_rule and name not in found.properties
        if unknown or comparable(name, one) != comparable(name, other):
            yield name, one, other


def comparable(name: str, value: object) -> object:
    """Return a property's value in the form that is compared."""
    if is_unset(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(sorted(str(comparable(name, item)) for item in value))
    found = str(value) if name in _EXACT else str(value).strip().lower()
    if name == "SenderDomains":
        return found.removeprefix("smtp:").partition(";")[0].strip()
    return "default" if found in _ALIKE.get(name, ()) else found


def is_unset(value: object) -> bool:
    """Tell whether Exchange treats a value as nothing: null, false, empty text and an empty list are alike."""
    return value is None or value is False or value == "" or value in ([], ())


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
