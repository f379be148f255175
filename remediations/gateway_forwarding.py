"""Have the gateway hand the domain's mail to the tenant's own host."""

from __future__ import annotations

from seppcheck.api import (
    Domain,
    Forwarding,
    ManualStep,
    Message,
    MxRecords,
    Note,
    PlanPhase,
    Proposal,
    System,
    Unavailable,
    at_menu,
    is_microsoft,
    mail_exchanger,
    observed_steps_at,
    remediation,
    text,
)


@remediation("gateway-forwarding", kind="manual", phases=["readiness", "cutover"])
def forward_to_the_tenant(
    domain: Domain, forwarding: Forwarding, mx: MxRecords | Unavailable, phase: PlanPhase
) -> Proposal:
    """Have the tenant's host entered in square brackets. It is advice: in cutover it is only told."""
    host = forwarding.host.strip().strip("[]").rstrip(".").lower()
    without_lookup = forwarding.host.strip().startswith("[") or forwarding.mx_lookup is False
    if is_microsoft(host) and without_lookup:
        return []
    if phase is not PlanPhase.READINESS:
        told = text(
            "the gateway hands {domain} over to {host}, and may look up an MX record for it: once that names the "
            "gateway, mail loops",
            domain=domain.name,
            host=forwarding.host or "-",
        )
        return [Note(told)]
    return [_change(domain, forwarding, host if is_microsoft(host) else _of_the_mx(mx))]


def _of_the_mx(mx: MxRecords | Unavailable) -> str:
    """Return the tenant's host at Microsoft, as long as the MX record names it."""
    servers = () if isinstance(mx, Unavailable) else mx.servers
    hosts = (mail_exchanger(value) for each in servers for value in each.answer.values)
    return next((host for host in hosts if is_microsoft(host)), "")


def _change(domain: Domain, forwarding: Forwarding, host: str) -> ManualStep:
    menu = text("Mail System > Managed Domains > {domain} > Settings > Forwarding server", domain=domain.name)
    return ManualStep(
        summary=text("Let the gateway hand {domain} to the tenant's host at Microsoft", domain=domain.name),
        why=text("with an MX look-up the gateway would find itself once the MX record has moved, and mail would loop"),
        system=System.GATEWAY,
        steps=observed_steps_at(
            menu,
            _enter(host),
            check="gateway-forwarding",
            shown=text("the host in square brackets, and no MX look-up"),
        ),
        undo=at_menu(menu, text("Enter again: {host}", host=forwarding.host or "-")),
    )


def _enter(host: str) -> Message:
    if host:
        return text("Enter, with the square brackets: {host}", host=f"[{host}]")
    return text(
        "Enter the tenant's host in square brackets, as in [example-org.mail.protection.outlook.com]; the Microsoft "
        "365 admin center shows it under Settings > Domains > the domain > DNS records"
    )
