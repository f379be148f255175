"""How the inline inbound connector recognises the gateway."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from seppcheck.api import (
    FROM_CUTOVER,
    Classified,
    Each,
    Failed,
    Finding,
    Gateway,
    MailFlow,
    ManagedDomains,
    Passed,
    Result,
    Role,
    SenderCertificate,
    Severity,
    Site,
    Tenant,
    Unavailable,
    Warned,
    check,
    having,
    host_name,
    judge_property,
    may_be_demanded,
    text,
    unknown_property,
    without_inline,
)

_NAME = "TlsSenderCertificateName"


@check("inbound-connector-tls", requirements=["I4"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def connector_accepts_the_gateways_certificate_alone(
    tenant: Tenant,
    gateway: Gateway,
    flow: MailFlow,
    certificates: Each[SenderCertificate],
    managed: ManagedDomains | Unavailable,
    site: Site,
) -> Result:
    """The inline inbound connector demands TLS, and a certificate with the gateway's name.

    Without it anybody could hand mail to Exchange Online as if it came from the gateway. The guide (I4, chapter
    Anleitung, B, step 4) wants TLS and the subject name of the certificate: the gateway's name, or a wildcard such
    as *.example.org where a wildcard certificate is used.

    Allowed are the gateway's name, a name under (or equal to) a managed domain, and a wildcard of either. A name of
    another domain is warned when the managed domain's certificate carries it as CN, since shared gateways use a
    certificate for each customer; any other name fails. Whether the certificate matches is sender-certificate's
    question.

    To mend:
    - Set-InboundConnector -Identity GUID -RequireTls $true -RestrictDomainsToCertificate $true
      -TlsSenderCertificateName NAME

    Sources:
    - The guide, I4: Anleitung zur Anbindung der Partner-Connectoren, B
    - New-InboundConnector, TlsSenderCertificateName
    """
    del tenant  # it says whose connectors they are
    missing = without_inline(flow.inbound, text("inbound connector"))
    if missing is not None:
        return missing
    inline = having(flow.inbound, Role.INLINE)
    listed = () if isinstance(managed, Unavailable) else managed.domains
    domains = {domain.name for domain in site.domains} | {domain.name for domain in listed}
    common = {host_name(cn) for _, each in certificates.present for cn in each.certificate.common_names}
    return [finding for each in inline for finding in _judge(each, gateway, domains, common)]


def _judge(
    connector: Classified, gateway: Gateway, domains: Collection[str], common: Collection[str]
) -> Iterator[Finding]:
    yield judge_property(connector.entry, "RequireTls", wanted=True)
    yield judge_property(connector.entry, "RestrictDomainsToCertificate", wanted=True)
    if not connector.entry.knows(_NAME):
        yield unknown_property(connector.entry, _NAME)
    else:
        yield _form(connector, gateway, domains, common)


def _form(connector: Classified, gateway: Gateway, domains: Collection[str], common: Collection[str]) -> Finding:
    name = connector.entry.text(_NAME).strip()
    about = {"connector": connector.name, "name": name or "-", "subject": connector.name, "observed": name}
    if not name:
        return Failed("{connector} names no certificate", expected=gateway.name, **about)
    if name.upper().startswith("<I>") or "<S>" in name.upper():
        return Failed(
            "{connector} names issuer and subject ({name}) instead of a host name", expected=gateway.name, **about
        )
    plain = host_name(name)
    if may_be_demanded(plain, gateway.names, domains):
        return Passed("{connector} wants a certificate of {name}", **about)
    if plain in common:
        return Warned(
            "{connector} wants a certificate of {name}, a name of neither the gateway nor a managed domain; the "
            "managed domain's certificate carries it",
            **about,
        )
    return Failed(
        "{connector} wants a certificate of {name}, which is neither the gateway's name nor under a managed domain",
        expected=gateway.name,
        **about,
    )
