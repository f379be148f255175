"""Make the connector from Exchange Online to the gateway, or mend the one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seppcheck.api import (
    Change,
    Classified,
    ExchangeImage,
    InlineMode,
    MailFlow,
    ManualStep,
    Noun,
    OutboundConnectors,
    PlanPhase,
    Proposal,
    Site,
    SmtpCertificate,
    Step,
    System,
    Tenant,
    Unavailable,
    among_connectors,
    mended,
    no_free_name,
    plan_anew,
    remediation,
    text,
    tls_towards,
    unclear,
    unfinished,
    with_properties,
)

_RIGHT: Mapping[str, object] = {
    "Enabled": True,
    "TestMode": False,
    "IsTransportRuleScoped": True,
    "RecipientDomains": [],
    "AllAcceptedDomains": False,
    "UseMXRecord": False,
    "CloudServicesMailEnabled": False,
}


@remediation("outbound-connector", kind="automatic", phases=["cutover", "completion"])
def lead_outgoing_mail_to_the_gateway(
    tenant: Tenant,
    flow: MailFlow,
    outbound: OutboundConnectors,
    shown: SmtpCertificate | Unavailable,
    site: Site,
    phase: PlanPhase,
) -> Proposal:
    """Make the guide's connector under a name that nobody has, beside that of parallel mode; or mend what is wrong.

    A connector that no rule uses and none will is left as it is; none is ever renamed or switched off.
    """
    mode = InlineMode(flow, tenant)
    doubts = [*unclear(mode.unclear_outbound, phase), *_decide(mode, site, phase)]
    if mode.outbound:
        return [*doubts, *(step for each in _to_mend(mode) for step in _mend(each, site, phase))]
    if doubts:
        return doubts
    if phase is PlanPhase.COMPLETION:
        return [unfinished(text("outbound connector"))]
    name = mode.outbound_name(outbound)
    if not name:
        return [no_free_name("outbound_connector", tenant.outbound_connectors, phase)]
    return [*_make(name, site, shown), *(step for each in mode.misdirected for step in _mend(each, site, phase))]


def _decide(mode: InlineMode, site: Site, phase: PlanPhase) -> Iterator[ManualStep]:
    """Yield a step for each connector with the vendor's mark that somebody's own rule uses."""
    for each, rule in mode.disputed:
        yield ManualStep(
            summary=text("Decide about {name} and the rule {rule} that routes to it", name=each.name, rule=rule.name),
            why=text(
                "{name} leads to the gateway under another name, or to nobody; with the gateway's name its rule would "
                "be one of inline mode, and whose rule that is only people know",
                name=each.name,
            ),
            requirements=("O4",),
            system=System.PEOPLE,
            steps=(
                text(
                    "If it is for the gateway: Set-OutboundConnector -Identity {guid} -SmartHosts {gateway}",
                    guid=each.entry.guid,
                    gateway=site.gateway.names,
                ),
                text("If it is not, let the rule route to another connector, and remove this one."),
                plan_anew(phase),
            ),
        )


def _to_mend(mode: InlineMode) -> tuple[Classified, ...]:
    found = (*mode.outbound_in_use, *mode.misdirected)
    return tuple({each.key: each for each in found}.values())


def _make(name: str, site: Site, shown: SmtpCertificate | Unavailable) -> Iterator[Step]:
    gateway = site.gateway
    made = ExchangeImage(
        Noun.OUTBOUND_CONNECTOR,
        name,
        {
            "Name": name,
            "ConnectorType": "Partner",
            "Enabled": True,
            "IsTransportRuleScoped": True,
            "UseMXRecord": False,
            "SmartHosts": list(gateway.names),
            **{key: value for key, value in tls_towards(gateway, shown).items() if value},
            "CloudServicesMailEnabled": False,
            "Comment": f"Inline operation: to {gateway.name}. Made by seppcheck.",
        },
    )
    needs, reaches = among_connectors(PlanPhase.CUTOVER)
    yield Change(
        summary=text("Make the outbound connector {name} to {gateway}", name=name, gateway=gateway.names),
        why=text("the transport rule needs an enabled connector that is for transport rules; alone it moves no mail"),
        requirements=("B3", "O1", "O2", "O3", "O4", "O5"),
        before=None,
        after=made,
        needs=needs,
        reaches=reaches,
    )
    if address := _postmaster(site):
        yield Change(
            summary=text("Enter {address} for the test message of {name}", address=address, name=name),
            why=text("the guide wants an address there; that the test message fails is normal"),
            requirements=("O6",),
            before=made,
            after=with_properties(made, ValidationRecipients=[address]),
            needs=needs,
            reaches=reaches,
        )


def _postmaster(site: Site) -> str:
    return next((f"postmaster@{domain.name}" for domain in site.domains), "")


def _mend(each: Classified, site: Site, phase: PlanPhase) -> Iterator[Step]:
    wanted = {**_RIGHT, "SmartHosts": list(site.gateway.names)}
    if not _leads_elsewhere(each, site):
        del wanted["SmartHosts"]
    if not each.entry.items("ValidationRecipients") and (address := _postmaster(site)):
        wanted["ValidationRecipients"] = [address]
    images = mended(Noun.OUTBOUND_CONNECTOR, each.entry, wanted)
    if images is None:
        return
    before, after = images
    needs, reaches = among_connectors(phase)
    yield Change(
        summary=text(
            "Mend the outbound connector {name}: {properties}", name=each.name, properties=[*after.properties]
        ),
        why=text("the guide's connector is enabled, for transport rules alone, and leads to the gateway by its name"),
        requirements=("O2", "O3", "O4", "O6"),
        before=before,
        after=after,
        needs=needs,
        reaches=reaches,
    )


def _leads_elsewhere(each: Classified, site: Site) -> bool:
    """Tell whether a smart host is another than a name of the gateway, or none is there."""
    hosts = {host.strip().rstrip(".").lower() for host in each.entry.items("SmartHosts")}
    return not hosts or not hosts <= set(site.gateway.names)
