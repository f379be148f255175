"""Remote domains that Exchange Online takes for its own."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    ExchangeObject,
    Finding,
    Inconclusive,
    Passed,
    Reason,
    RemoteDomains,
    Result,
    Severity,
    Tenant,
    Warned,
    check,
    unknown_property,
)


@check("remote-domains", severity=Severity.ADVICE, phases=ADVICE_FROM_CUTOVER)
def no_remote_domain_is_internal(tenant: Tenant, domains: RemoteDomains) -> Result:
    """No remote domain is marked as internal.

    Exchange Online treats a remote domain with IsInternal as inside the organization, so rule 200, which routes what
    goes outside, passes its mail by. This is advice beyond the guide.

    To mend:
    - Set-RemoteDomain -Identity NAME -IsInternal $false

    Sources:
    - Set-RemoteDomain, IsInternal
    """
    if not domains.objects:
        return Inconclusive(
            "no remote domain was read, although every tenant has one; export them anew",
            subject=tenant.name,
            reason=Reason.INCOMPLETE,
        )
    return [_judge(each) for each in domains.objects]


def _judge(domain: ExchangeObject) -> Finding:
    internal = domain.flag("IsInternal")
    name = domain.text("DomainName") or domain.name
    if internal is None:
        return unknown_property(domain, "IsInternal")
    if internal:
        return Warned(
            "mail to {domain} counts as internal and passes the gateway by",
            domain=name,
            subject=domain.name,
            expected="false",
            observed="true",
        )
    return Passed("{domain} counts as outside", domain=name, subject=domain.name)
