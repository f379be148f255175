"""TLS settings of the connector to the gateway (guide O5), from the certificates that it shows on port 25."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.model.certificates import exchange_outbound_match
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.smtp import Certificate, SmtpCertificate
from seppcheck.model.targets import Gateway


def tls_towards(
    gateway: Gateway, shown: SmtpCertificate | Unavailable, present: ExchangeObject | None = None
) -> Mapping[str, object]:
    """Return the TLS settings that a connector to the gateway should have; nothing where those that it has will do.

    DomainValidation with the gateway's name, where it has one and every address is seen to show a certificate for it;
    else CertificateValidation, which is what the guide asks for: a name that the certificate does not carry would stop
    the mail, and a connector has room for one.

    Args:
        gateway: where it leads.
        shown: the certificates of the gateway's addresses.
        present: a connector that is there.
    """
    if present is not None and _is_right(present, shown):
        return {}
    names = gateway.names
    leaves = [] if isinstance(shown, Unavailable) else [each.chain[:1] for each in shown.presented]
    if len(names) == 1 and leaves and all(leaf and _carries(leaf[0], names[0]) for leaf in leaves):
        return {"TlsSettings": "DomainValidation", "TlsDomain": names[0]}
    return {"TlsSettings": "CertificateValidation", "TlsDomain": None}


def _is_right(connector: ExchangeObject, shown: SmtpCertificate | Unavailable) -> bool:
    """Tell whether the guide accepts the TLS settings of a connector, or nobody can say that they are wrong."""
    setting, domain = connector.text("TlsSettings").lower(), connector.text("TlsDomain")
    if setting == "certificatevalidation" or not connector.knows("TlsSettings") or not connector.knows("TlsDomain"):
        return True
    leaves = [] if isinstance(shown, Unavailable) else [each.chain[0] for each in shown.presented if each.chain]
    return setting == "domainvalidation" and bool(domain) and all(_carries(leaf, domain) for leaf in leaves)


def _carries(certificate: Certificate, name: str) -> bool:
    return any(exchange_outbound_match(name, each) for each in (*certificate.common_names, *certificate.dns_names))
