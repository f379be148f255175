"""Have a certificate installed that Exchange Online trusts."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.api import (
    Finding,
    Gateway,
    ManualStep,
    Message,
    Now,
    Outcome,
    PlanPhase,
    Presented,
    Proposal,
    SmtpCertificate,
    StartTls,
    System,
    judge_presented,
    remediation,
    text,
)

_NO_STARTTLS = (StartTls.NOT_ANNOUNCED, StartTls.REFUSED)


@remediation("smtp-certificate", kind="manual", phases=["readiness", "cutover"])
def install_a_trusted_certificate(gateway: Gateway, shown: SmtpCertificate, phase: PlanPhase, now: Now) -> Proposal:
    """Have it installed where an address presents a wrong one; in readiness also where it ends soon."""
    counted = [Outcome.FAILED, Outcome.WARNED] if phase is PlanPhase.READINESS else [Outcome.FAILED]
    wrong = [
        (each, finding)
        for each in shown.presented
        for finding in judge_presented(each, gateway, now)
        if finding.outcome in counted
    ]
    return [_mend(gateway, wrong, phase)] if wrong else []


def _mend(gateway: Gateway, wrong: Sequence[tuple[Presented, Finding]], phase: PlanPhase) -> ManualStep:
    return ManualStep(
        summary=text("Let port 25 of the gateway present a certificate that Exchange Online trusts"),
        why=text("the outbound connector sends over TLS alone: with a wrong certificate mail stays in its queue"),
        system=System.GATEWAY,
        steps=(
            *(text("{problem}.", problem=finding.summary) for _, finding in wrong),
            *_offer(wrong),
            *_import(gateway, wrong),
            text("Look: `seppcheck {phase} --only smtp-certificate`.", phase=phase.phase.value),
        ),
        undo=(text("On the gateway, open SSL and install the certificate again that was there before."),),
    )


def _offer(wrong: Sequence[tuple[Presented, Finding]]) -> tuple[Message, ...]:
    if not any(each.starttls in _NO_STARTTLS for each, _ in wrong):
        return ()
    return (
        text(
            "On the gateway, look at Mail System > SMTP Settings, and for a firewall on the way that removes the word "
            "STARTTLS."
        ),
    )


def _import(gateway: Gateway, wrong: Sequence[tuple[Presented, Finding]]) -> tuple[Message, ...]:
    if all(each.starttls in _NO_STARTTLS for each, _ in wrong):
        return ()
    return (
        text(
            "Order a certificate for TLS servers with {names} as SAN, from an authority on Mozilla's list.",
            names=gateway.names,
        ),
        text("On the gateway, open SSL, and import it with its intermediate certificates."),
    )
