"""Lower the TTL of the MX record."""

from __future__ import annotations

from seppcheck.api import Domain, MxRecords, PlanPhase, Proposal, lower_ttl, remediation


@remediation("dns-mx-ttl", kind="automatic", phases=["readiness", "cutover"])
def lower_the_ttl_of_mx(domain: Domain, mx: MxRecords, phase: PlanPhase) -> Proposal:
    """Lower it to 300 seconds; the values stay."""
    del domain  # names the target; its records carry the name
    return lower_ttl(mx, "dns-mx-ttl", phase)
