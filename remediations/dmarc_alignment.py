"""Publish a DMARC policy to begin with."""

from __future__ import annotations

from seppcheck.api import (
    Change,
    DmarcRecord,
    DnsImage,
    Domain,
    ManualStep,
    Note,
    PlanPhase,
    Proposal,
    System,
    quoted,
    remediation,
    text,
)

_TTL = 3600


@remediation("dmarc-alignment", kind="automatic", phases=["readiness", "cutover"])
def publish_a_policy(domain: Domain, dmarc: DmarcRecord, phase: PlanPhase) -> Proposal:
    """Publish `p=none` where nothing is published up to the root: it asks receivers for nothing.

    Alignment itself comes from dns-spf-gateway and dkim-gateway-key. It is advice: in cutover it is only told.
    """
    if len(dmarc.records) == 1:
        return []
    if phase is not PlanPhase.READINESS:
        told = text(
            "DMARC of {domain} is not in order: see `seppcheck plan readiness --only dmarc-alignment`",
            domain=domain.name,
        )
        return [Note(told)]
    return [_keep_one(dmarc)] if dmarc.records else [_publish(domain), _reports(domain)]


def _publish(domain: Domain) -> Change:
    return Change(
        summary=text("Publish a DMARC record for {domain}", domain=domain.name),
        why=text("large receivers want one; p=none changes nothing about how mail is treated"),
        before=None,
        after=DnsImage(f"_dmarc.{domain.name}", "TXT", _TTL, (quoted("v=DMARC1; p=none"),)),
    )


def _reports(domain: Domain) -> Note:
    return Note(
        text(
            "to get reports of DMARC, add rua=mailto: and an address to the record at _dmarc.{domain}",
            domain=domain.name,
        )
    )


def _keep_one(dmarc: DmarcRecord) -> ManualStep:
    return ManualStep(
        summary=text("Keep one DMARC record at _dmarc.{name}", name=dmarc.found_at),
        why=text("where there are several, receivers use none"),
        system=System.DNS,
        steps=(
            text("In the zone, decide for one TXT record of _dmarc.{name}:", name=dmarc.found_at),
            *(text("{record}", record=record) for record in dmarc.records),
            text("Take the others away. Look: `seppcheck readiness --only dmarc-alignment`."),
        ),
        undo=(text("Put back the records that were there before."),),
    )
