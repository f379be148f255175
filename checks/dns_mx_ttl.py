"""TTL of the domain's MX record."""

from __future__ import annotations

from seppcheck.api import UNTIL_CUTOVER, Domain, MxRecords, Result, Severity, check, judge_ttl


@check("dns-mx-ttl", requirements=["P2"], severity=Severity.HIGH, phases=UNTIL_CUTOVER)
def mx_ttl_is_low(domain: Domain, mx: MxRecords) -> Result:
    """The MX record's TTL is at most 300 seconds at every server of the zone.

    The TTL says how long other mail servers may keep the old MX record. While they keep it, they go on
    delivering to Microsoft, past the gateway. With 300 seconds, the change is everywhere after five minutes,
    and so is the way back, should you need it.

    The guide (P2, chapter Vorarbeiten) wants 300 seconds, set at least one day before the migration. Whether
    the day has gone by is what dns-ttl-lead-time tells.

    Every authoritative server is asked, at every address: those that the parent zone names and those that the
    zone itself names. A resolver is no proof, for it counts the TTL down. A server that does not answer makes
    this inconclusive: it may still hand out the old TTL. An address that this machine has no route to is
    only noted.

    To mend:
    - In the DNS zone of the domain, set the TTL of the MX record to 300. With some providers it is a menu
      ("5 minutes"), with others the TTL of the whole zone.
    - If only some servers show the old TTL, see that the zone's serial number was raised, and that the
      secondary servers take the zone over.
    - A server that is lame or refuses: take it out of the delegation, or mend it. It harms mail as well.

    Sources:
    - The guide, P2: Vorarbeiten, TTL of the DNS records SPF and MX
    - RFC 1035 section 3.2.1: what a TTL is
    - RFC 2181 section 5.2: one TTL for the whole set of records
    - RFC 1912 section 2.8: lame delegations
    """
    del domain  # names the target; its records carry the name
    return judge_ttl(mx, "MX")
