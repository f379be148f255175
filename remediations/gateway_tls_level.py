"""Have the gateway verify whom it hands the domain's mail over to."""

from __future__ import annotations

from seppcheck.api import (
    Domain,
    FactImage,
    ManualStep,
    Note,
    PlanPhase,
    Proposal,
    System,
    TlsLevel,
    at_menu,
    observed_steps_at,
    remediation,
    text,
)

_GOOD = ("secure", "verify", "fingerprint")


@remediation("gateway-tls-level", kind="manual", phases=["readiness", "cutover"])
def verify_the_other_side(domain: Domain, tls: TlsLevel, phase: PlanPhase) -> Proposal:
    """Have the level set to secure. It is advice: in cutover it is only told."""
    level = tls.level.strip().casefold()
    if level in _GOOD:
        return []
    if phase is not PlanPhase.READINESS:
        told = text("{domain} is handed over with TLS level {level}", domain=domain.name, level=level or "-")
        return [Note(told)]
    menu = text("Mail System > Managed Domains > {domain} > TLS Settings", domain=domain.name)
    return [
        ManualStep(
            summary=text("Set the TLS level of {domain} to secure", domain=domain.name),
            why=text("every other level but verify and fingerprint does not notice when somebody else answers"),
            system=System.GATEWAY,
            steps=observed_steps_at(
                menu,
                text("Choose: secure"),
                text("Send a message to the domain afterwards, and see that it arrives."),
                check="gateway-tls-level",
                shown=text("secure"),
            ),
            before=FactImage(TlsLevel.kind, domain, {"level": tls.level}),
            after=FactImage(TlsLevel.kind, domain, {"level": "secure"}),
            undo=at_menu(menu, text("Choose again: {level}", level=tls.level or "-")),
        )
    ]
