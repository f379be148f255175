"""Transport rules: their conditions, exceptions and actions, and what Exchange refuses to store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seppcheck.lab.exchange.refusals import Invalid, Refusal
from seppcheck.lab.exchange.values import Taker, at_most, flag, level, listed_or_null, member_of, words

Properties = dict[str, object]

_PREFIX = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks."
_SCOPE = member_of("InOrganization", "NotInOrganization")
_MESSAGE_TYPES = member_of(
    *("OOF", "AutoForward", "Encrypted", "Calendaring", "PermissionControlled", "Voicemail", "Signed"),
    *("ApprovalRequest", "ReadReceipt"),
)

# Predicates in the order in which Exchange keeps them: the property that decides, its partners, the class.
_PREDICATES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("SentToScope", (), "SentToScope"),
    ("SCLOver", (), "SclOver"),
    ("MessageTypeMatches", (), "MessageTypeMatches"),
    ("From", (), "From"),
    ("HeaderContainsMessageHeader", ("HeaderContainsWords",), "HeaderContains"),
    ("RecipientDomainIs", (), "RecipientDomainIs"),
    ("SenderDomainIs", (), "SenderDomainIs"),
    ("SubjectContainsWords", (), "SubjectContains"),
    ("SubjectOrBodyContainsWords", (), "SubjectOrBodyContains"),
    ("HeaderMatchesMessageHeader", ("HeaderMatchesPatterns",), "HeaderMatches"),
    ("FromScope", (), "FromScope"),
)
_ACTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("RouteMessageOutboundConnector", (), "RouteMessageOutboundConnector"),
    ("RouteMessageOutboundRequireTls", (), "RouteMessageOutboundRequireTls"),
    ("PrependSubject", (), "PrependSubject"),
    ("SetAuditSeverity", (), "SetAuditSeverity"),
    ("SetSCL", (), "SetScl"),
    ("SetHeaderName", ("SetHeaderValue",), "SetHeader"),
    ("RemoveHeader", (), "RemoveHeader"),
    ("BlindCopyTo", (), "BlindCopyTo"),
    ("RedirectMessageTo", (), "RedirectMessage"),
    ("Quarantine", (), "Quarantine"),
    ("RejectMessageReasonText", (), "RejectMessage"),
    ("DeleteMessage", (), "DeleteMessage"),
    ("StopRuleProcessing", (), "StopRuleProcessing"),
)

_CONDITION_VALUES: Mapping[str, Taker] = {
    "SentToScope": _SCOPE,
    "SCLOver": level,
    "MessageTypeMatches": _MESSAGE_TYPES,
    "From": listed_or_null,
    "HeaderContainsMessageHeader": words,
    "HeaderContainsWords": listed_or_null,
    "RecipientDomainIs": listed_or_null,
    "SenderDomainIs": listed_or_null,
    "SubjectContainsWords": listed_or_null,
    "SubjectOrBodyContainsWords": listed_or_null,
    "HeaderMatchesMessageHeader": words,
    "HeaderMatchesPatterns": listed_or_null,
    "FromScope": _SCOPE,
}
_ACTION_VALUES: Mapping[str, Taker] = {
    "RouteMessageOutboundConnector": words,
    "RouteMessageOutboundRequireTls": flag,
    "PrependSubject": words,
    "SetAuditSeverity": member_of("DoNotAudit", "Low", "Medium", "High"),
    "SetSCL": level,
    "SetHeaderName": words,
    "SetHeaderValue": words,
    "RemoveHeader": words,
    "BlindCopyTo": listed_or_null,
    "RedirectMessageTo": listed_or_null,
    "Quarantine": flag,
    "RejectMessageReasonText": words,
    "DeleteMessage": flag,
    "StopRuleProcessing": flag,
}
_OTHER_VALUES: Mapping[str, Taker] = {
    "Name": at_most(64),
    "Comments": at_most(1024),
    "Mode": member_of("Enforce", "Audit", "AuditAndNotify"),
    "RuleErrorAction": member_of("Ignore", "Defer"),
    "SenderAddressLocation": member_of("Header", "Envelope", "HeaderOrEnvelope"),
    "ActivationDate": words,
    "ExpiryDate": words,
}
SET: Mapping[str, Taker] = {
    **_OTHER_VALUES,
    **_CONDITION_VALUES,
    **{f"ExceptIf{name}": taker for name, taker in _CONDITION_VALUES.items()},
    **_ACTION_VALUES,
}
NEW: Mapping[str, Taker] = {**SET, "Enabled": flag}
"""Enabled is New-'s alone: an existing rule has Enable- and Disable-."""

_FALSE = frozenset({"RouteMessageOutboundRequireTls", "Quarantine", "DeleteMessage", "StopRuleProcessing"})
NEW_RULE: Properties = {
    **{name: False if name in _FALSE else None for name in SET},
    "Mode": "Enforce",
    "State": "Enabled",
    "RuleErrorAction": "Ignore",
    "SenderAddressLocation": "Header",
    "RecipientAddressType": "Resolved",
    "RuleSubType": "None",
    "HasNoClassification": False,
    "HasSenderOverride": False,
    "ExceptIfHasNoClassification": False,
    "ExceptIfHasSenderOverride": False,
    "AttachmentIsUnsupported": False,
    "ExceptIfAttachmentIsUnsupported": False,
    "ModerateMessageByManager": False,
    "ApplyOME": False,
    "RemoveOME": False,
    "ManuallyModified": False,
    "IsRuleConfigurationSupported": True,
    "DlpPolicy": None,
}
_PAIRS = {name: partners for name, partners, _ in (*_PREDICATES, *_ACTIONS) if partners}


def with_partners(given: Mapping[str, object]) -> dict[str, object]:
    """Let the name of a header decide for its pair: null there clears its words or patterns as well."""
    changes = dict(given)
    for name, partners in _PAIRS.items():
        for prefix in ("", "ExceptIf"):
            if f"{prefix}{name}" in given and not given[f"{prefix}{name}"]:
                changes.update({f"{prefix}{partner}": None for partner in partners})
            else:
                _keep_partner(changes, prefix + name, [prefix + partner for partner in partners])
    return changes


def _keep_partner(changes: dict[str, object], name: str, partners: list[str]) -> None:
    """Drop a null for the partner alone, for it does nothing."""
    for partner in partners:
        if name not in changes and partner in changes and not changes[partner]:
            del changes[partner]


def edits_the_content(given: Mapping[str, object]) -> bool:
    """Tell whether parameters touch conditions, exceptions or actions."""
    return any(name not in _OTHER_VALUES for name in given)


def check(rule: Properties) -> None:
    """Refuse a rule whose properties do not go together.

    Raises:
        Refusal: saying which.
    """
    if not rule["Name"]:
        raise Invalid("Name must not be empty.")
    for name, partners in _PAIRS.items():
        for prefix in ("", "ExceptIf"):
            values = [rule.get(f"{prefix}{part}") for part in (name, *partners)]
            if any(values) and not all(values):
                raise Invalid(f"{prefix}{name} and {', '.join(prefix + p for p in partners)} belong together.")
    if not list(_names(rule, _ACTIONS, "Action")):
        raise Refusal("At least one action must be specified.", "System.ArgumentException")


def with_lists(rule: Properties) -> Properties:
    """Return a rule with its lists of conditions, exceptions and actions, in Exchange's order, null when empty."""
    exceptions = ((f"ExceptIf{name}", (), kind) for name, _, kind in _PREDICATES)
    return {
        **rule,
        "Conditions": list(_names(rule, _PREDICATES, "Predicate")) or None,
        "Exceptions": list(_names(rule, tuple(exceptions), "Predicate")) or None,
        "Actions": list(_names(rule, _ACTIONS, "Action")) or None,
        "Description": _description(rule),
    }


def _names(rule: Properties, known: tuple[tuple[str, tuple[str, ...], str], ...], suffix: str) -> Iterator[str]:
    for name, _, kind in known:
        if rule.get(name) not in (None, False):
            yield f"{_PREFIX}{kind}{suffix}"


def _description(rule: Properties) -> str:
    given = ((name, value) for name, value in rule.items() if name in _CONDITION_VALUES or name in _ACTION_VALUES)
    return "\r\n".join(f"\t{name}: {value}" for name, value in given if value not in (None, False))
