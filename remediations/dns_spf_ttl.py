"""Lower the TTL of the TXT records, of which SPF is one."""

from __future__ import annotations

from seppcheck.api import Domain, PlanPhase, Proposal, SpfRecords, lower_ttl, remediation


@remediation("dns-spf-ttl", kind="automatic", phases=["readiness", "cutover"])
def lower_the_ttl_of_spf(domain: Domain, spf: SpfRecords, phase: PlanPhase) -> Proposal:
    """Lower it to 300 seconds for every TXT record of the name; the values stay."""
    del domain  # names the target; its records carry the name
    return lower_ttl(spf, "dns-spf-ttl", phase)
