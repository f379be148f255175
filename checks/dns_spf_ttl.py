"""TTL of the domain's SPF record."""

from __future__ import annotations

from seppcheck.api import UNTIL_CUTOVER, Domain, Result, Severity, SpfRecords, check, judge_ttl


@check("dns-spf-ttl", requirements=["P2"], severity=Severity.HIGH, phases=UNTIL_CUTOVER)
def spf_ttl_is_low(domain: Domain, spf: SpfRecords) -> Result:
    """The SPF record's TTL is at most 300 seconds at every server of the zone.

    Once the gateway delivers your mail itself, its address has to stand in the SPF record. Receivers that
    still keep the old record will refuse this mail, or mark it as spam, until the TTL has run down. With 300
    seconds that is over after five minutes.

    The guide (P2, chapter Vorarbeiten) wants 300 seconds, set at least one day before the migration. Whether
    the day has gone by is what dns-ttl-lead-time tells.

    SPF is a TXT record of the domain. All TXT records of one name share one TTL, so it is the TTL of them
    all that is judged. Every authoritative server is asked, at every address, as for the MX record. Without
    an SPF record there is nothing to lower, and dns-spf-gateway says what is missing.

    To mend:
    - In the DNS zone of the domain, set the TTL of the TXT record that begins with v=spf1 to 300. If the
      name has further TXT records, give them the same TTL.
    - If only some servers show the old TTL, see that the zone's serial number was raised, and that the
      secondary servers take the zone over.

    Sources:
    - The guide, P2: Vorarbeiten, TTL of the DNS records SPF and MX
    - RFC 7208 section 3.1: SPF is published as TXT
    - RFC 2181 section 5.2: one TTL for the whole set of records
    """
    del domain  # names the target; its records carry the name
    return judge_ttl(spf, "SPF")
