"""TLS on the connector from Exchange Online to the gateway."""

from __future__ import annotations

from typing import Any

from seppcheck.api import (
    FROM_CUTOVER,
    Classified,
    Failed,
    Finding,
    Inconclusive,
    MailFlow,
    Passed,
    Presented,
    Reason,
    Result,
    Role,
    Severity,
    SmtpCertificate,
    Tenant,
    Unavailable,
    check,
    exchange_outbound_match,
    having,
    text,
    undecided,
    unknown_property,
    without_inline,
)

_NAMELESS = "certificatevalidation"
_NAMED = "domainvalidation"


@check("outbound-connector-tls", requirements=["O5"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def exchange_demands_a_trusted_certificate_of_the_gateway(
    tenant: Tenant, flow: MailFlow, shown: SmtpCertificate | Unavailable
) -> Result:
    """Exchange Online sends to the gateway over TLS only, and only with a trusted certificate.

    Without it mail goes to whoever stands at the gateway's address, and in clear text if that host does not
    offer TLS.

    The guide (O5, section A) wants "always TLS" with a certificate of a trusted authority: TlsSettings
    CertificateValidation. DomainValidation, which demands a name in it as well, is stricter and passes too, if
    the certificate on port 25 carries that name. The guide does not ask for the name; this check accepts both.
    EncryptionOnly takes any certificate, also a forged one, and fails. The certificate itself is judged by
    smtp-certificate.

    For TlsDomain host.dom Exchange takes a certificate for host.dom, *.dom or *.host.dom; for *.dom one for
    *.dom, dom or one label before it. Both CN and SAN count. Microsoft does not document this.

    To mend:
    - Exchange admin center > Mail flow > Connectors > the connector > Edit restrictions: always TLS, issued by
      a trusted certificate authority. Or Set-OutboundConnector -Identity GUID -TlsSettings DomainValidation
      -TlsDomain NAME.

    Sources:
    - The guide, O5: section A, outbound connector
    - Microsoft: Set-OutboundConnector, TlsSettings and TlsDomain
    """
    del tenant  # names the target
    if missing := without_inline(flow.outbound, text("outbound connector")):
        return missing
    judged = [finding for each in having(flow.outbound, Role.INLINE) for finding in _judge(each, shown)]
    return [*judged, *undecided(flow.outbound)]


def _judge(each: Classified, shown: SmtpCertificate | Unavailable) -> list[Finding]:
    entry, about = each.entry, _about(each)
    if not entry.knows("TlsSettings"):
        return [unknown_property(entry, "TlsSettings")]
    setting = entry.text("TlsSettings").lower()
    if setting == _NAMELESS:
        return [Passed("{name} demands a certificate of a trusted authority", **about)]
    if setting != _NAMED:
        return [Failed("{name} takes any certificate, or none: demand one of a trusted authority", **about)]
    if not entry.knows("TlsDomain"):
        return [unknown_property(entry, "TlsDomain")]
    if not entry.text("TlsDomain"):
        return [Failed("{name} demands a name in the certificate, and says none: set TlsDomain", **about)]
    return _named(about, shown)


def _about(each: Classified) -> dict[str, Any]:
    domain = each.entry.text("TlsDomain")
    return {
        "name": each.name,
        "domain": domain,
        "subject": each.name,
        "expected": text("TlsSettings CertificateValidation, or DomainValidation with a name of the certificate"),
        "observed": text(
            "TlsSettings {setting}, TlsDomain {domain}",
            setting=each.entry.text("TlsSettings") or text("none"),
            domain=domain or text("none"),
        ),
    }


def _named(about: dict[str, Any], shown: SmtpCertificate | Unavailable) -> list[Finding]:
    if isinstance(shown, Unavailable):
        return [
            Inconclusive(
                "whether the gateway's certificate carries {domain}, as {name} demands, is not known: {detail}",
                reason=shown.reason,
                detail=shown.detail,
                **about,
            )
        ]
    found = [_at(each, about) for each in shown.presented]
    return found or [
        Inconclusive(
            "the gateway showed no certificate that could carry {domain}, as {name} demands; see smtp-certificate",
            reason=Reason.NOT_COLLECTED,
            **about,
        )
    ]


def _at(shown: Presented, about: dict[str, Any]) -> Finding:
    about = {**about, "address": shown.address}
    if not shown.chain:
        return Inconclusive(
            "{address} showed no certificate, so whether it carries {domain}, as {name} demands, is not known; see "
            "smtp-certificate",
            reason=shown.fault.reason if shown.fault else Reason.TLS_ERROR,
            **about,
        )
    leaf = shown.chain[0]
    names = tuple(dict.fromkeys((*leaf.common_names, *leaf.dns_names)))
    if any(exchange_outbound_match(str(about["domain"]), name) for name in names):
        return Passed("{name} demands {domain}, which the certificate of {address} carries", **about)
    return Failed(
        "{name} demands {domain}, and the certificate of {address} stands for {names}: set TlsDomain to one of them",
        names=names or text("no name"),
        **about,
    )
