"""Have the smarthost of the managed domain taken away."""

from __future__ import annotations

from seppcheck.api import (
    Domain,
    FactImage,
    ManualStep,
    Message,
    Milestone,
    PlanPhase,
    Proposal,
    Smarthost,
    System,
    at_menu,
    observed_steps_at,
    remediation,
    text,
)


@remediation("gateway-smarthost", kind="manual", phases=["cutover", "completion"])
def empty_the_smarthost(domain: Domain, smarthost: Smarthost, phase: PlanPhase) -> Proposal:
    """Have the field emptied once mail is held back; a domain that the gateway does not have is made first."""
    if not smarthost.listed:
        return [_create(domain, phase)]
    return [_empty(domain, smarthost.host)] if smarthost.host.strip() else []


def _menu(domain: Domain) -> Message:
    return text(
        "Mail System > Managed Domains > {domain} > Settings > Send ALL outgoing mails from this domain to the "
        "following SMTP server (optional)",
        domain=domain.name,
    )


def _empty(domain: Domain, host: str) -> ManualStep:
    return ManualStep(
        summary=text("Empty the smarthost of {domain}", domain=domain.name),
        why=text("inline there is none: with one, outgoing mail travels back to Exchange Online and in circles"),
        system=System.GATEWAY,
        steps=observed_steps_at(
            _menu(domain),
            text("Empty the field; {host} stands there now.", host=host),
            check="gateway-smarthost",
            shown=text("- (empty)"),
        ),
        before=FactImage(Smarthost.kind, domain, {"host": host}),
        after=FactImage(Smarthost.kind, domain, {"host": ""}),
        undo=at_menu(_menu(domain), text("Enter: {host}", host=host)),
        needs=Milestone.HOLD_ON,
    )


def _create(domain: Domain, phase: PlanPhase) -> ManualStep:
    return ManualStep(
        summary=text("Make {domain} a managed domain of the gateway", domain=domain.name),
        why=text("the gateway answered that it has no such domain, so it would not take its mail"),
        system=System.GATEWAY,
        steps=(
            text("On the gateway, open: Mail System > Managed Domains"),
            text("Add {domain}, or correct the name in [[domains]] of seppcheck.toml.", domain=domain.name),
            text("Look: `seppcheck {phase} --only gateway-smarthost`.", phase=phase.phase.value),
        ),
        before=FactImage(Smarthost.kind, domain, {"listed": False}),
        after=FactImage(Smarthost.kind, domain, {"listed": True}),
        undo=(text("On the gateway, remove the managed domain {domain} again.", domain=domain.name),),
    )
