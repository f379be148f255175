"""Have a certificate imported for the managed domain that Exchange Online takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from seppcheck.api import (
    Certificate,
    Domain,
    Gateway,
    MailFlow,
    ManualStep,
    Message,
    Now,
    PlanPhase,
    Proposal,
    Role,
    SenderCertificate,
    System,
    Unavailable,
    at_menu,
    exchange_inbound_match,
    having,
    host_name,
    is_host_or_wildcard,
    may_be_demanded,
    remediation,
    steps_at,
    text,
)

_SOON = timedelta(days=30)
_NAME = "TlsSenderCertificateName"


@remediation("sender-certificate", kind="manual", phases=["readiness", "cutover"])
def import_a_certificate(
    domain: Domain, gateway: Gateway, held: SenderCertificate, flow: MailFlow | Unavailable, phase: PlanPhase, now: Now
) -> Proposal:
    """Have it imported where the present one is out of date, of no use for servers, or without a name to demand.

    Where only the connector demands another name, the planners of the connectors follow the certificate.
    """
    soon = _SOON if phase is PlanPhase.READINESS else timedelta(0)
    wrong = tuple(_problems(domain, gateway, held.certificate, now, soon))
    return [_import(domain, wrong, _name(gateway, held.certificate, flow))] if wrong else []


def _problems(
    domain: Domain, gateway: Gateway, certificate: Certificate, now: Now, soon: timedelta
) -> Iterator[Message]:
    if now.at < certificate.not_before:
        yield text("it is not valid before {at}", at=certificate.not_before)
    elif now.at >= certificate.not_after or certificate.not_after - now.at < soon:
        yield text("it ends on {at}", at=certificate.not_after)
    if not certificate.server_auth:
        yield text("servers may not use it (no serverAuth)")
    own = gateway.names
    demanded = [each for each in certificate.dns_names if may_be_demanded(host_name(each), own, [domain.name])]
    if not any(is_host_or_wildcard(host_name(each)) for each in (*certificate.common_names, *demanded)):
        yield text("it carries no name that a connector could demand")


def _name(gateway: Gateway, certificate: Certificate, flow: MailFlow | Unavailable) -> str:
    """Return the CN to order: what a connector demands and finds in the present certificate, else its CN."""
    names = [host_name(each) for each in (*certificate.common_names, *certificate.dns_names)]
    inline = () if isinstance(flow, Unavailable) else having(flow.inbound, Role.INLINE)
    demanded = [name for each in inline if (name := host_name(each.entry.text(_NAME)))]
    matching = [each for each in demanded if any(exchange_inbound_match(each, name) for name in names)]
    common = [name for each in certificate.common_names if is_host_or_wildcard(name := host_name(each))]
    return next(iter((*matching, *common, *demanded)), gateway.name)


def _import(domain: Domain, wrong: tuple[Message, ...], name: str) -> ManualStep:
    menu = text("Mail System > Managed Domains > {domain} > SSL Certificate", domain=domain.name)
    return ManualStep(
        summary=text("Import a certificate for {domain} on the gateway", domain=domain.name),
        why=text("Exchange Online recognises the gateway by it; of the present one: {problems}", problems=wrong),
        system=System.GATEWAY,
        steps=(
            text("Order a certificate for TLS servers whose subject CN is {name}, with {name} as SAN too.", name=name),
            *steps_at(
                menu,
                text("Import it with its private key and its intermediate certificates."),
                check="sender-certificate",
                shown=text("the file of the new certificate, without its private key"),
            ),
        ),
        undo=at_menu(menu, text("Import the certificate again that was there before.")),
    )
