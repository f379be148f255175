"""Whether Exchange Online looks past the gateway at the real sender."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    Absence,
    Inconclusive,
    MailFlow,
    NotApplicable,
    Result,
    Role,
    Severity,
    Tenant,
    Unavailable,
    check,
    having,
    judge_property,
    undecided,
)


@check("enhanced-filtering", severity=Severity.ADVICE, phases=ADVICE_FROM_CUTOVER)
def exchange_judges_the_sender_before_the_gateway(tenant: Tenant, flow: MailFlow) -> Result:
    """Enhanced filtering skips the gateway on the inline inbound connector.

    Inline, all mail reaches Exchange Online from the gateway. Without enhanced filtering SPF, DMARC and spam filters
    judge the gateway's address instead of the sender's. This is advice beyond the guide.

    To mend:
    - Set-InboundConnector -Identity GUID -EFSkipLastIP $true -EFSkipIPs @() -EFUsers @()

    Sources:
    - learn.microsoft.com: Enhanced filtering for connectors in Exchange Online
    """
    if isinstance(flow.inbound, Unavailable):
        return Inconclusive("{why}", why=flow.inbound.detail, subject=tenant.name, reason=flow.inbound.reason)
    doubtful = undecided(flow.inbound)
    connectors = having(flow.inbound, Role.INLINE)
    if not connectors:
        return doubtful or NotApplicable(
            "there is no inline inbound connector", reason=Absence.NO_SUCH_OBJECT, subject=tenant.name
        )
    return [
        finding
        for connector in connectors
        for finding in (
            judge_property(connector.entry, "EFSkipLastIP", wanted=True),
            judge_property(connector.entry, "EFSkipIPs", ()),
            judge_property(connector.entry, "EFUsers", ()),
        )
    ]
