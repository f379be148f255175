"""Let the connector to the gateway demand TLS with a trusted certificate."""

from __future__ import annotations

from seppcheck.api import (
    Change,
    Gateway,
    InlineMode,
    MailFlow,
    Noun,
    PlanPhase,
    Proposal,
    SmtpCertificate,
    Tenant,
    Unavailable,
    among_connectors,
    mended,
    remediation,
    text,
    tls_towards,
)


@remediation("outbound-connector-tls", kind="automatic", phases=["cutover", "completion"])
def demand_a_trusted_certificate(
    tenant: Tenant, gateway: Gateway, flow: MailFlow, shown: SmtpCertificate | Unavailable, phase: PlanPhase
) -> Proposal:
    """Mend the TLS settings of the inline outbound connectors; one that is made has right ones from the start.

    What is right is left alone, also where this program would have chosen otherwise.
    """
    needs, reaches = among_connectors(phase)
    found = []
    for each in InlineMode(flow, tenant).outbound:
        wanted = tls_towards(gateway, shown, each.entry)
        if images := mended(Noun.OUTBOUND_CONNECTOR, each.entry, wanted):
            before, after = images
            found.append(
                Change(
                    summary=text(
                        "Let the outbound connector {name} demand a trusted certificate: {setting}",
                        name=each.name,
                        setting=after.properties.get("TlsSettings") or each.entry.text("TlsSettings"),
                    ),
                    why=text("else mail goes to whoever stands at the gateway's address, or to nobody at all"),
                    before=before,
                    after=after,
                    needs=needs,
                    reaches=reaches,
                )
            )
    return found
