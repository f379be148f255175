"""Whether the domain's MTA-STS policy lets mail go to the gateway."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE,
    Domain,
    Gateway,
    Inconclusive,
    MtaStsPolicy,
    Passed,
    Result,
    Severity,
    Warned,
    check,
    covers,
)


@check("mta-sts", severity=Severity.ADVICE, phases=ADVICE)
def policy_names_the_gateway(domain: Domain, gateway: Gateway, policy: MtaStsPolicy) -> Result:
    """There is no MTA-STS policy, or it names the gateway.

    Senders that honour MTA-STS deliver only to the hosts that the policy names. A policy that still names Microsoft's
    hosts alone stops their mail as soon as the MX record points to the gateway. This is advice beyond the guide.

    To mend:
    - Add a line `mx: ` with the gateway's name to https://mta-sts.DOMAIN/.well-known/mta-sts.txt, change the id in the
      _mta-sts record, and wait for the policy's max_age before moving the MX record. Remove Microsoft's lines later.

    Sources:
    - RFC 8461 sections 3.2 (policy) and 4.1 (validation of MX hosts)
    """
    if not policy.announced:
        return Passed("{domain} has no MTA-STS policy", domain=domain.name, subject=domain.name)
    if policy.fault is not None:
        return Inconclusive("{why}", why=policy.fault.detail, subject=domain.name, reason=policy.fault.reason)
    if policy.mode == "none":
        return Passed("the MTA-STS policy of {domain} is switched off", domain=domain.name, subject=domain.name)
    missing = [name for name in gateway.names if not any(covers(pattern, name) for pattern in policy.mx)]
    if not missing:
        return Passed("the MTA-STS policy of {domain} names the gateway", domain=domain.name, subject=domain.name)
    return Warned(
        "the MTA-STS policy of {domain} does not name {missing}: senders that honour it will not deliver there",
        domain=domain.name,
        missing=missing,
        subject=domain.name,
        expected=", ".join(missing),
        observed=", ".join(policy.mx) or "-",
    )
