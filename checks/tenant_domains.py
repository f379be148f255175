"""Whether every domain of the tenant is ready for a connector that concerns them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from seppcheck.api import (
    EARLY_WARNING,
    AcceptedDomainMx,
    AcceptedDomains,
    ExchangeObject,
    Failed,
    Finding,
    Inconclusive,
    MailFlow,
    ManagedDomains,
    Passed,
    Phase,
    Reason,
    Result,
    Role,
    Severity,
    Site,
    Tenant,
    Unavailable,
    Warned,
    check,
    dns_fault,
    having,
    host_name,
    is_microsoft,
    mail_exchanger,
    sender_domains,
    text,
)

_OWN = ".onmicrosoft.com"


@check("tenant-domains", severity=Severity.BLOCKER, phases=EARLY_WARNING)
def every_accepted_domain_uses_the_gateway(
    tenant: Tenant,
    accepted: AcceptedDomains,
    mx: AcceptedDomainMx,
    flow: MailFlow | Unavailable,
    managed: ManagedDomains | Unavailable,
    site: Site,
    phase: Phase,
) -> Result:
    """No accepted domain of the tenant still receives its mail at Microsoft.

    A partner connector for every sender (`*`) concerns the whole tenant: once it is enabled, Exchange Online refuses
    all mail that does not come through the gateway, also for domains nobody thought of. Each accepted domain whose MX
    record still points to Microsoft loses its mail then. Until the connector is enabled this is a warning.

    The tenant's own onmicrosoft.com domain cannot be moved and is only mentioned; as default domain it is warned, since
    the gateway refuses its senders. Coexistence domains are left out.

    To mend:
    - Move the domain's MX record to the gateway too and make it a managed domain there; or remove the domain from the
      tenant; or use a list of sender domains in the connector knowingly.

    Sources:
    - Get-AcceptedDomain; docs.seppmail.com: all mail domains of the tenant must use the inbound connector
    """
    if not accepted.objects:
        return Inconclusive(
            "no accepted domain was read, although every tenant has one; export them anew",
            subject=tenant.name,
            reason=Reason.INCOMPLETE,
        )
    enabled = _enabled(flow)
    if enabled is None and phase is not Phase.READINESS:
        return _unknown(flow, tenant)
    moving = _managed(managed, site)
    return [
        finding
        for each in accepted.objects
        if each.flag("IsCoexistenceDomain") is not True and not each.text("DomainName").lower().endswith(".mail" + _OWN)
        for finding in _judge(each, mx, moving, phase, enabled=bool(enabled))
    ]


def _enabled(flow: MailFlow | Unavailable) -> bool | None:
    """Tell whether an inline inbound connector for `*` is enabled; None = not known."""
    if isinstance(flow, Unavailable) or isinstance(flow.inbound, Unavailable):
        return None
    whole = [each for each in having(flow.inbound, Role.INLINE) if "*" in sender_domains(each.entry)]
    return any(each.enabled for each in whole)


def _unknown(flow: MailFlow | Unavailable, tenant: Tenant) -> Finding:
    side = flow if isinstance(flow, Unavailable) else flow.inbound
    if not isinstance(side, Unavailable):
        raise TypeError(side)
    return Inconclusive(
        "whether the inbound connector is enabled is not known: {why}",
        why=side.detail,
        subject=tenant.name,
        reason=side.reason,
    )


def _managed(managed: ManagedDomains | Unavailable, site: Site) -> Collection[str]:
    listed = () if isinstance(managed, Unavailable) else managed.domains
    return {domain.name for domain in site.domains} | {domain.name for domain in listed}


def _judge(
    entry: ExchangeObject, mx: AcceptedDomainMx, managed: Collection[str], phase: Phase, *, enabled: bool
) -> Iterator[Finding]:
    name = host_name(entry.text("DomainName"))
    if name.endswith(_OWN):
        yield _own(entry, name)
        return
    answer = mx.of(name)
    if answer is None or not answer.status.looked:
        yield Inconclusive(
            "where the mail of {domain} goes is not known: {fault}",
            domain=name,
            fault=dns_fault(answer.status, answer.detail) if answer else "-",
            subject=name,
            reason=answer.status.reason if answer else Reason.NOT_COLLECTED,
        )
    elif not any(is_microsoft(mail_exchanger(value)) for value in answer.values):
        yield Passed("the mail of {domain} does not go to Microsoft directly", domain=name, subject=name)
    elif phase is Phase.READINESS and name in managed:
        yield Passed("{domain} moves: its mail still goes to Microsoft directly", domain=name, subject=name)
    else:
        yield _at_microsoft(name, answer.values, enabled=enabled)


def _at_microsoft(name: str, values: tuple[str, ...], *, enabled: bool) -> Finding:
    observed = ", ".join(map(mail_exchanger, values))
    if enabled:
        return Failed(
            "the mail of {domain} still goes to Microsoft directly, where the enabled connector refuses it",
            domain=name,
            subject=name,
            expected=text("the gateway"),
            observed=observed,
        )
    return Warned(
        "the mail of {domain} goes to Microsoft directly: it will be refused once the connector for * is enabled",
        domain=name,
        subject=name,
        expected=text("the gateway"),
        observed=observed,
    )


def _own(entry: ExchangeObject, name: str) -> Finding:
    if entry.flag("Default"):
        return Warned(
            "{domain} is the tenant's default domain: the gateway refuses its senders; make another domain the default",
            domain=name,
            subject=name,
        )
    return Passed("{domain} is the tenant's own and stays at Microsoft", domain=name, subject=name)
