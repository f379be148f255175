"""Rules that act before the one that sends mail to the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    Absence,
    Classified,
    ExchangeObject,
    Finding,
    Inconclusive,
    MailFlow,
    NotApplicable,
    Outcome,
    Passed,
    Reason,
    Result,
    Role,
    Severity,
    Tenant,
    TransportRules,
    Warned,
    check,
    contents_of,
    having,
    host_name,
    text,
    without_inline,
)

_PROPERTIES = frozenset(
    {
        *("StopRuleProcessing", "RouteMessageOutboundConnector", "RedirectMessageTo", "Quarantine"),
        *("ModerateMessageByUser", "ModerateMessageByManager", "DeleteMessage", "Disconnect"),
        *("RejectMessageReasonText", "RejectMessageEnhancedStatusCode"),
        *("SmtpRejectMessageRejectText", "SmtpRejectMessageRejectStatusCode"),
    }
)
_CLASSES = frozenset(
    {
        *("StopRuleProcessing", "RouteMessageOutboundConnector", "RedirectMessage", "Quarantine"),
        *("ModerateMessageByUser", "ModerateMessageByManager", "DeleteMessage", "Disconnect", "RejectMessage"),
    }
)


@check("rule-order", severity=Severity.ADVICE, phases=ADVICE_FROM_CUTOVER)
def no_earlier_rule_takes_the_mail_away(tenant: Tenant, flow: MailFlow, rules: TransportRules) -> Result:
    """No rule before the gateway's stops, routes or takes away the mail that it is meant for.

    Exchange applies rules in the order of their priority. One that comes first and stops processing, routes to
    another connector, redirects, quarantines, moderates, rejects or deletes a message leaves nothing for the rule
    that sends it to the gateway: that mail goes out unencrypted, or not at all. Disclaimer and signature products
    often bring such rules.

    Beyond the guide, this looks at every enabled rule of higher priority. A rule is let off when its
    FromScope, SentToScope or SenderDomainIs excludes the mail that the gateway's rule is for. Other
    conditions are not weighed: whether such a rule really meets outgoing mail is for you to judge, hence
    never more than a warning.

    To mend:
    - Set-TransportRule -Identity GUID -Priority 0 puts the gateway's rule first; or give the other rule an
      exception, or take "stop processing more rules" out of it.

    Sources:
    - Microsoft: mail flow rule procedures, order of rules
    """
    missing = without_inline(flow.rules, text("transport rule"))
    if missing is not None and missing.outcome is not Outcome.FAILED:
        return missing
    if missing is not None:
        return NotApplicable(
            "{tenant} has no inline transport rule that another could come before",
            reason=Absence.NO_SUCH_OBJECT,
            tenant=tenant.name,
        )
    return [f for rule in having(flow.rules, Role.INLINE) for f in _judge(rule, rules)]


def _judge(rule: Classified, rules: TransportRules) -> list[Finding]:
    found = [f for other in _earlier(rule.entry, rules) if (f := _meets(other, rule))]
    return found or [Passed("no earlier rule takes mail away from {name}", name=rule.name, subject=rule.name)]


def _earlier(rule: ExchangeObject, rules: TransportRules) -> Iterator[ExchangeObject]:
    """Yield the rules of higher priority; where a priority is unknown, the order of the list counts."""
    before, own = True, rule.number("Priority")
    for other in rules.objects:
        if _is_same(other, rule):
            before = False
            continue
        theirs = other.number("Priority")
        if before if own is None or theirs is None else theirs < own:
            yield other


def _is_same(one: ExchangeObject, other: ExchangeObject) -> bool:
    return (one.guid, one.name.lower()) == (other.guid, other.name.lower())


def _meets(other: ExchangeObject, rule: Classified) -> Finding | None:
    """Return what an earlier rule does to the mail of the gateway's, if anything."""
    if other.text("State").lower() == "disabled" or other.text("Mode").lower().startswith("audit"):
        return None
    if _is_disjoint(other, rule.entry):
        return None
    contents = contents_of(other)
    taking = sorted({*(contents.properties & _PROPERTIES), *(contents.classes.get("Actions", frozenset()) & _CLASSES)})
    about: dict[str, Any] = {"name": other.name, "rule": rule.name, "subject": other.name}
    if not taking:
        return None if "Actions" not in contents.unread or _knows_all(other) else _unknown("Actions", about)
    if not other.knows("State"):
        return _unknown("State", about)
    return Warned(
        "{name} comes before {rule} and takes mail away from it ({taking})",
        taking=taking,
        expected=text("no earlier rule with such an action"),
        observed=text("{taking}", taking=taking),
        **about,
    )


def _knows_all(rule: ExchangeObject) -> bool:
    return all(map(rule.knows, _PROPERTIES))


def _unknown(missing: str, about: dict[str, Any]) -> Finding:
    return Inconclusive(
        "whether {name} takes mail away from {rule} is not known without its {missing}: export it anew",
        reason=Reason.INCOMPLETE,
        missing=missing,
        **about,
    )


def _is_disjoint(other: ExchangeObject, rule: ExchangeObject) -> bool:
    """Tell whether a rule can meet no mail of the gateway's, by scope or by sender domain."""
    if any(_excludes(other.text(name), rule.text(name)) for name in ("FromScope", "SentToScope")):
        return True
    theirs, ours = (tuple(map(host_name, each.items("SenderDomainIs"))) for each in (other, rule))
    return bool(theirs and ours) and not any(_overlaps(a, b) for a in theirs for b in ours)


def _excludes(one: str, other: str) -> bool:
    """Tell whether two scopes have nothing in common: one is inside, the other is not."""
    inside = [scope.lower() == "inorganization" for scope in (one, other)]
    return bool(one and other) and inside[0] is not inside[1]


def _overlaps(one: str, other: str) -> bool:
    """Tell whether two sender domains share senders; each stands for its subdomains too."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
