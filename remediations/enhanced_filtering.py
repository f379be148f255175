"""Let Exchange Online look past the gateway at the real sender."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.api import (
    Change,
    Each,
    MailFlow,
    ManagedDomains,
    Noun,
    PlanPhase,
    Proposal,
    Role,
    SenderCertificate,
    Site,
    Tenant,
    Unavailable,
    among_connectors,
    having,
    mended,
    remediation,
    sender_names,
    text,
)

_RIGHT: Mapping[str, object] = {"EFSkipLastIP": True, "EFSkipIPs": [], "EFUsers": []}


@remediation("enhanced-filtering", kind="automatic", phases=["cutover", "completion"])
def look_past_the_gateway(
    tenant: Tenant,
    flow: MailFlow,
    certificates: Each[SenderCertificate],
    managed: ManagedDomains | Unavailable,
    site: Site,
    phase: PlanPhase,
) -> Proposal:
    """Set enhanced filtering of the inline inbound connectors that stay; one that is made has it from the start."""
    del tenant  # names the target
    inline = having(flow.inbound, Role.INLINE)
    surplus = sender_names(inline, certificates, managed, site).surplus
    needs, reaches = among_connectors(phase)
    return [
        Change(
            summary=text("Let enhanced filtering skip the gateway on {name}", name=each.name),
            why=text("without it SPF, DMARC and the spam filters judge the gateway's address instead of the sender's"),
            before=images[0],
            after=images[1],
            needs=needs,
            reaches=reaches,
        )
        for each in inline
        if each.key not in surplus and (images := mended(Noun.INBOUND_CONNECTOR, each.entry, _RIGHT))
    ]
