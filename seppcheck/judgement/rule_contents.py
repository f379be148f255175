"""What a transport rule holds: conditions, exceptions and actions, by Exchange's own lists and by its properties.

The lists name classes that this code need not know, so that nothing can hide; the properties name what
the lists abbreviate. Class names are not documented by Microsoft.
"""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.model.exchange import ExchangeObject

_CONDITION_NAMES = """
    From FromMemberOf FromScope SentTo SentToMemberOf SentToScope BetweenMemberOf1 BetweenMemberOf2 ManagerAddresses
    ManagerForEvaluatedUser SenderManagementRelationship ADComparisonAttribute ADComparisonOperator
    SenderADAttributeContainsWords SenderADAttributeMatchesPatterns RecipientADAttributeContainsWords
    RecipientADAttributeMatchesPatterns AnyOfToHeader AnyOfToHeaderMemberOf AnyOfCcHeader AnyOfCcHeaderMemberOf
    AnyOfToCcHeader AnyOfToCcHeaderMemberOf HasClassification HasNoClassification SubjectContainsWords
    SubjectOrBodyContainsWords HeaderContainsMessageHeader HeaderContainsWords FromAddressContainsWords SenderDomainIs
    RecipientDomainIs SubjectMatchesPatterns SubjectOrBodyMatchesPatterns HeaderMatchesMessageHeader
    HeaderMatchesPatterns FromAddressMatchesPatterns AttachmentNameMatchesPatterns AttachmentExtensionMatchesWords
    AttachmentPropertyContainsWords ContentCharacterSetContainsWords HasSenderOverride
    MessageContainsDataClassifications MessageContainsAllDataClassifications SenderIpRanges SCLOver AttachmentSizeOver
    MessageSizeOver WithImportance MessageTypeMatches RecipientAddressContainsWords RecipientAddressMatchesPatterns
    SenderInRecipientList RecipientInSenderList AttachmentContainsWords AttachmentMatchesPatterns
    AttachmentIsUnsupported AttachmentProcessingLimitExceeded AttachmentHasExecutableContent
    AttachmentIsPasswordProtected AnyOfRecipientAddressContainsWords AnyOfRecipientAddressMatchesPatterns
"""
_ACTION_NAMES = """
    PrependSubject SetAuditSeverity ApplyClassification ApplyHtmlDisclaimerText ApplyRightsProtectionTemplate
    ApplyRightsProtectionCustomizationTemplate SetSCL SetHeaderName SetHeaderValue RemoveHeader AddToRecipients CopyTo
    BlindCopyTo AddManagerAsRecipientType ModerateMessageByUser ModerateMessageByManager RedirectMessageTo
    RejectMessageEnhancedStatusCode RejectMessageReasonText DeleteMessage Disconnect Quarantine
    SmtpRejectMessageRejectText SmtpRejectMessageRejectStatusCode LogEventText StopRuleProcessing
    SenderNotificationType GenerateIncidentReport RouteMessageOutboundConnector RouteMessageOutboundRequireTls ApplyOME
    RemoveOME RemoveOMEv2 RemoveRMSAttachmentEncryption GenerateNotification
"""
_CONDITIONS = frozenset(_CONDITION_NAMES.split())
_ACTIONS = frozenset(_ACTION_NAMES.split())
_EXCEPTION = "ExceptIf"

LISTS = ("Conditions", "Exceptions", "Actions")
"""The properties in which Exchange lists a rule's conditions, exceptions and actions by class."""


@dataclass(frozen=True, slots=True)
class RuleContents:
    """What is set in one rule: `properties` by name, `classes` by the short names of the lists' entries.

    `classes` has an entry for each of LISTS that was read. A class name is shortened to its last part,
    without `Predicate` or `Action`.
    """

    properties: frozenset[str]
    classes: dict[str, frozenset[str]]

    @property
    def unread(self) -> tuple[str, ...]:
        """Which lists are missing, so that something unknown may hide."""
        return tuple(name for name in LISTS if name not in self.classes)


def contents_of(rule: ExchangeObject) -> RuleContents:
    """Read what is set in a rule."""
    lists = {name: frozenset(map(_short, rule.items(name))) for name in LISTS if rule.knows(name)}
    return RuleContents(frozenset(name for name in rule.properties if _is_content(name) and _is_set(rule, name)), lists)


def _is_content(name: str) -> bool:
    return name in _CONDITIONS or name in _ACTIONS or name.startswith(_EXCEPTION)


def _is_set(rule: ExchangeObject, name: str) -> bool:
    return bool(rule.items(name)) and rule.flag(name) is not False


def _short(class_name: str) -> str:
    name = class_name.rpartition(".")[2]
    return name.removesuffix("Predicate").removesuffix("Action")
