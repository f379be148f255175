"""Rules that act before the one that sends mail to the gateway."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    Absence,
    Classified,
    EarlierRule,
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
    earlier_rules,
    having,
    text,
    without_inline,
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
    found = [_finding(other, rule) for other in earlier_rules(rule.entry, rules)]
    return found or [Passed("no earlier rule takes mail away from {name}", name=rule.name, subject=rule.name)]


def _finding(other: EarlierRule, rule: Classified) -> Finding:
    name = other.entry.name
    if other.missing:
        return Inconclusive(
            "whether {name} takes mail away from {rule} is not known without its {missing}: export it anew",
            reason=Reason.INCOMPLETE,
            missing=other.missing,
            name=name,
            rule=rule.name,
            subject=name,
        )
    return Warned(
        "{name} comes before {rule} and takes mail away from it ({taking})",
        taking=other.taking,
        expected=text("no earlier rule with such an action"),
        observed=text("{taking}", taking=other.taking),
        name=name,
        rule=rule.name,
        subject=name,
    )
