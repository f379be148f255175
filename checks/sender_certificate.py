"""The certificate that the gateway shows to Exchange Online for a domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from seppcheck.api import (
    EARLY_WARNING,
    Certificate,
    Classified,
    Domain,
    Failed,
    Finding,
    Inconclusive,
    MailFlow,
    Now,
    Outcome,
    Passed,
    Result,
    Role,
    SenderCertificate,
    Severity,
    Unavailable,
    Warned,
    check,
    exchange_inbound_match,
    having,
    host_name,
    undecided,
    unknown_property,
)

_SOON = timedelta(days=30)
_NAME = "TlsSenderCertificateName"
_BEST = (Outcome.PASSED, Outcome.WARNED, Outcome.FAILED)


@check("sender-certificate", requirements=["S1"], severity=Severity.BLOCKER, phases=EARLY_WARNING)
def certificate_is_the_one_that_the_connector_wants(
    domain: Domain, held: SenderCertificate, flow: MailFlow | Unavailable, now: Now
) -> Result:
    """The managed domain's certificate carries, as CN, the name that the inbound connector wants.

    Exchange Online recognises the gateway by this certificate. The guide (S1, Konfiguration des CBC SSL-Zertifikates)
    wants the CN to equal the connector's name. Exchange itself also finds a connector by a SAN, and `*.d` by a
    certificate of `host.d`; these are warned. It does not find `host.d` by a certificate of `*.d`, nor `*.d` by one of
    `d`: then mail from the gateway is refused. An expired certificate, one that is not valid yet and one that may
    not serve (no serverAuth) fail too; under 30 days left is warned.

    To mend:
    - Mail System Settings > Edit managed domain > SSL Certificate: import the certificate whose CN is the
      connector's name.
    - Or set the connector's TlsSenderCertificateName to the certificate's CN, if that is the gateway's.

    Sources:
    - The guide, S1: Konfiguration des CBC SSL-Zertifikates am SEPPmail Gateway
    - How Exchange compares the names is not documented by Microsoft
    """
    certificate = held.certificate
    return [*_dates(domain, certificate, now), *_match(domain, certificate, flow)]


def _dates(domain: Domain, certificate: Certificate, now: Now) -> Iterator[Finding]:
    about = {"domain": domain.name, "subject": domain.name}
    if now.at < certificate.not_before:
        yield Failed("the certificate of {domain} is not valid before {at}", at=certificate.not_before, **about)
    elif now.at >= certificate.not_after:
        yield Failed("the certificate of {domain} expired on {at}", at=certificate.not_after, **about)
    elif certificate.not_after - now.at < _SOON:
        yield Warned("the certificate of {domain} expires on {at}: renew it", at=certificate.not_after, **about)
    else:
        yield Passed("the certificate of {domain} is valid until {at}", at=certificate.not_after, **about)
    if not certificate.server_auth:
        yield Failed("the certificate of {domain} may not be used by servers (no serverAuth)", **about)


def _match(domain: Domain, certificate: Certificate, flow: MailFlow | Unavailable) -> Sequence[Finding]:
    side = flow if isinstance(flow, Unavailable) else flow.inbound
    if isinstance(side, Unavailable):
        return [
            Inconclusive(
                "which certificate the connector wants is not known: {why}",
                why=side.detail,
                subject=domain.name,
                reason=side.reason,
            )
        ]
    inline = having(side, Role.INLINE)
    named = [each for each in inline if each.entry.text(_NAME).strip()]
    if not named:
        return [*(_nameless(domain, each) for each in inline), *undecided(side)]
    compared = sorted((_compared(domain, certificate, each) for each in named), key=lambda f: _BEST.index(f.outcome))
    return compared[:1]  # of several connectors one has to want this certificate


def _nameless(domain: Domain, connector: Classified) -> Finding:
    if not connector.entry.knows(_NAME):
        return unknown_property(connector.entry, _NAME, "S1")
    return Failed(
        "{connector} names no certificate, so that Exchange does not recognise the gateway by that of {domain}",
        connector=connector.name,
        domain=domain.name,
        subject=domain.name,
    )


def _compared(domain: Domain, certificate: Certificate, connector: Classified) -> Finding:
    wanted = host_name(connector.entry.text(_NAME))
    common = [host_name(name) for name in certificate.common_names]
    names = [*common, *(host_name(name) for name in certificate.dns_names)]
    shown = ", ".join(dict.fromkeys(names)) or "-"
    about = {"connector": connector.name, "wanted": wanted, "names": shown}
    compared = {"subject": domain.name, "expected": wanted, "observed": shown}
    if wanted in common:
        return Passed("the certificate's CN is {wanted}, as {connector} wants", **about, **compared)
    if wanted in names:
        return Warned(
            "{connector} wants {wanted}, which stands in the certificate's SAN alone; the guide wants it as CN",
            **about,
            **compared,
        )
    if any(exchange_inbound_match(wanted, name) for name in names):
        return Warned(
            "{connector} wants {wanted}; Exchange finds it by {names}, but the guide wants them equal",
            **about,
            **compared,
        )
    return Failed(
        "{connector} wants {wanted}, but the certificate is for {names}: mail from the gateway is refused",
        **about,
        **compared,
    )
