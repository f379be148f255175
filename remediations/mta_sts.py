"""Let the MTA-STS policy name the gateway."""

from __future__ import annotations

from seppcheck.api import (
    Domain,
    Gateway,
    ManualStep,
    MtaStsPolicy,
    Note,
    PlanPhase,
    Proposal,
    System,
    covers,
    remediation,
    text,
)


@remediation("mta-sts", kind="manual", phases=["readiness", "cutover"])
def name_the_gateway_in_the_policy(
    domain: Domain, gateway: Gateway, policy: MtaStsPolicy, phase: PlanPhase
) -> Proposal:
    """Have its lines added to the file, which lies on a web server. It is advice: in cutover it is only told."""
    if not policy.announced or policy.fault is not None or policy.mode == "none":
        return []
    missing = [name for name in gateway.names if not any(covers(pattern, name) for pattern in policy.mx)]
    if not missing:
        return []
    if phase is not PlanPhase.READINESS:
        told = text(
            "the MTA-STS policy of {domain} does not name {missing}: senders that honour it will not deliver there; "
            "change it, and wait for its max_age, before the MX record moves",
            domain=domain.name,
            missing=missing,
        )
        return [Note(told)]
    return [_add(domain, missing, policy)]


def _add(domain: Domain, missing: list[str], policy: MtaStsPolicy) -> ManualStep:
    return ManualStep(
        summary=text("Name {missing} in the MTA-STS policy of {domain}", missing=missing, domain=domain.name),
        why=text("senders that honour the policy deliver to nobody whom it does not name"),
        system=System.PEOPLE,
        steps=(
            text(
                "Open the file https://mta-sts.{domain}/.well-known/mta-sts.txt on its web server.", domain=domain.name
            ),
            *(text("Add this line: {line}", line=f"mx: {name}") for name in missing),
            text("Leave the other mx lines ({mx}) until the move is finished.", mx=policy.mx or "-"),
            text(
                "In DNS, give the TXT record _mta-sts.{domain} another id, such as the present time.",
                domain=domain.name,
            ),
            text("Wait for the max_age that the policy names before the MX record moves."),
            text("Look: `seppcheck readiness --only mta-sts`."),
        ),
        undo=(text("Take the lines away again, and change the id in DNS once more."),),
    )
