"""Where the gateway hands the domain's mail over to."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE,
    Domain,
    Finding,
    Forwarding,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    Warned,
    check,
    is_microsoft,
)


@check("gateway-forwarding", severity=Severity.ADVICE, phases=ADVICE)
def mail_is_handed_to_the_tenant(domain: Domain, forwarding: Forwarding) -> Result:
    """The gateway hands the domain's mail to the tenant's own host at Microsoft, without an MX look-up.

    Once the MX record names the gateway, a forwarding that looks the MX record up would find the gateway
    itself: a loop. The tenant's host, such as example-org.mail.protection.outlook.com, stays the same. This is
    advice beyond the guide.

    To mend:
    - Mail System > Managed Domains > the domain > Forwarding server: enter the tenant's host at Microsoft, in
      square brackets so that no MX record is looked up. Then Save.

    Sources:
    - SEPPmail REST API, managed domain: forwarding.host, forwarding.noMXLookup
    """
    return [_host(domain, forwarding), _lookup(domain, forwarding)]


def _host(domain: Domain, forwarding: Forwarding) -> Finding:
    host = forwarding.host.strip().strip("[]").rstrip(".").lower()
    if is_microsoft(host):
        return Passed("{domain} is handed to {host}", domain=domain.name, host=host, subject=domain.name)
    return Warned(
        "{domain} is handed to {host}, which is no host of Exchange Online",
        domain=domain.name,
        host=host or "-",
        subject=domain.name,
        expected="*.mail.protection.outlook.com",
        observed=host,
    )


def _lookup(domain: Domain, forwarding: Forwarding) -> Finding:
    bracketed = forwarding.host.strip().startswith("[")
    if bracketed or forwarding.mx_lookup is False:
        return Passed("no MX record is looked up on the way", subject=domain.name)
    if forwarding.mx_lookup is None:
        return Inconclusive(
            "nobody wrote down whether an MX record is looked up on the way; it must not be: "
            "seppcheck attest --only gateway-forwarding",
            subject=domain.name,
            reason=Reason.NOT_COLLECTED,
        )
    return Warned(
        "the gateway looks up an MX record to hand {domain} over: once that names the gateway, mail loops",
        domain=domain.name,
        subject=domain.name,
        expected="no MX look-up",
        observed="MX look-up",
    )
