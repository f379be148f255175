"""Let the connector from the gateway demand TLS and the gateway's certificate."""

from __future__ import annotations

from seppcheck.api import (
    Change,
    Classified,
    Each,
    MailFlow,
    ManagedDomains,
    Noun,
    PlanPhase,
    Proposal,
    Role,
    SenderCertificate,
    Site,
    Step,
    Tenant,
    Unavailable,
    among_connectors,
    attest_certificate,
    having,
    mended,
    remediation,
    sender_names,
    text,
)

_NAME = "TlsSenderCertificateName"


@remediation("inbound-connector-tls", kind="automatic", phases=["cutover", "completion"])
def demand_the_gateways_certificate(
    tenant: Tenant,
    flow: MailFlow,
    certificates: Each[SenderCertificate],
    managed: ManagedDomains | Unavailable,
    site: Site,
    phase: PlanPhase,
) -> Proposal:
    """Mend what the inline connectors demand; the name is that of a certificate that the gateway shows, never a guess.

    A connector whose name is acceptable keeps it, unless the certificates are all known and none of them finds it.
    """
    del tenant  # names the target
    inline = having(flow.inbound, Role.INLINE)
    names = sender_names(inline, certificates, managed, site)
    found: list[Step] = []
    for each in inline:
        if each.key in names.nameless:
            found += [attest_certificate(domain, phase) for domain in names.unknown]
        elif each.key not in names.surplus:
            found += _demand(each, names.renamed.get(each.key), phase)
    return found


def _demand(each: Classified, name: str | None, phase: PlanPhase) -> list[Step]:
    wanted: dict[str, object] = {"RequireTls": True, "RestrictDomainsToCertificate": True}
    if name:
        wanted[_NAME] = name
    images = mended(Noun.INBOUND_CONNECTOR, each.entry, wanted)
    if images is None:
        return []
    before, after = images
    needs, reaches = among_connectors(phase)
    return [
        Change(
            summary=text(
                "Let the inbound connector {name} demand TLS and the certificate of {certificate}",
                name=each.name,
                certificate=name or each.entry.text(_NAME),
            ),
            why=text(
                "the gateway is known by its certificate: with another name its mail is refused, with none anybody's "
                "is taken"
            ),
            before=before,
            after=after,
            needs=needs,
            reaches=reaches,
        )
    ]
