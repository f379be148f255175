"""Say which rules come before the gateway's and take its mail away."""

from __future__ import annotations

from seppcheck.api import (
    InlineMode,
    MailFlow,
    Note,
    Proposal,
    Role,
    Tenant,
    TransportRules,
    earlier_rules,
    having,
    remediation,
    text,
)


@remediation("rule-order", kind="manual", phases=["cutover", "completion"])
def name_the_rules_that_come_before(tenant: Tenant, flow: MailFlow, rules: TransportRules) -> Proposal:
    """Name them and what to do; nothing is planned, for whose rules these are and what they are for nobody here knows.

    It is advice, and holds nothing up. A rule of parallel mode is not meant: that one is disabled anyway.
    """
    left = {rule.key for rule in InlineMode(flow, tenant).leftover_rules}
    return [
        Note(
            text(
                "the rule {name} comes before {rule} and takes mail away from it ({taking}): if it meets outgoing "
                "mail, put {rule} first (Set-TransportRule -Identity {guid} -Priority 0) or except it in {name}",
                name=other.entry.name,
                rule=rule.name,
                taking=other.taking,
                guid=rule.entry.guid,
            )
        )
        for rule in having(flow.rules, Role.INLINE)
        for other in earlier_rules(rule.entry, rules)
        if other.taking and (other.entry.guid or other.entry.name.lower()) not in left
    ]
