"""Wait until no cache can hold the records with their old TTL any more."""

from __future__ import annotations

from seppcheck.api import (
    LOW_TTL,
    Domain,
    Gateway,
    LeadTime,
    MxRecords,
    Note,
    Now,
    PlanPhase,
    Proposal,
    RunHistory,
    SpfRecords,
    System,
    Wait,
    lead_time,
    remediation,
    text,
)


@remediation("dns-ttl-lead-time", kind="manual", phases=["readiness", "cutover"])
def wait_for_the_low_ttl(
    domain: Domain, gateway: Gateway, mx: MxRecords, spf: SpfRecords, history: RunHistory, phase: PlanPhase, now: Now
) -> Proposal:
    """Tell in readiness when the MX record may move, and wait for it in cutover, before anything else."""
    lead = lead_time(mx, spf, history, now.at)
    if lead is None or lead.over(now.at) or mx.names_only(gateway.names):
        return []
    return [_told(domain, lead) if phase is PlanPhase.READINESS else _wait(domain, lead)]


def _told(domain: Domain, lead: LeadTime) -> Note:
    if lead.highest > LOW_TTL:
        return Note(
            text(
                "the MX record of {domain} may move {hours} h after the TTL was lowered: run `seppcheck readiness` "
                "right after that, so that it is on record since when it is low",
                domain=domain.name,
                hours=f"{lead.wait.total_seconds() / 3600:g}",
            )
        )
    return Note(text("the MX record of {domain} may move at {opens}", domain=domain.name, opens=lead.opens))


def _wait(domain: Domain, lead: LeadTime) -> Wait:
    """Return the wait: until a moment that is known, or counted from when this plan has lowered the TTL."""
    high = lead.highest > LOW_TTL
    return Wait(
        summary=text("Wait until no cache can hold the old records of {domain}", domain=domain.name),
        why=text(
            "caches keep a record for as long as its old TTL said, and the guide wants a day: before that, a part of "
            "the mail would still go to the old hosts"
        ),
        system=System.DNS,
        until=None if high else lead.opens,
        seconds=int(lead.wait.total_seconds()) if high else None,
    )
