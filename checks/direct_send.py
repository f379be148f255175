"""Whether strangers may hand mail to Exchange Online in the tenant's name."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    Inconclusive,
    OrganizationConfig,
    Passed,
    Reason,
    Result,
    Severity,
    Tenant,
    Warned,
    check,
    unknown_property,
)


@check("direct-send", severity=Severity.ADVICE, phases=ADVICE_FROM_CUTOVER)
def direct_send_is_rejected(tenant: Tenant, organization: OrganizationConfig) -> Result:
    """Exchange Online rejects direct send.

    Direct send lets anybody hand mail with an own-domain sender to Exchange Online, past the gateway. With
    RejectDirectSend only connectors matched by certificate or address are exempt: the gateway's own mail then relies
    on the inbound connector's certificate name (I4) and the gateway's certificate (S1) being right. This is advice
    beyond the guide.

    To mend:
    - When I4 and S1 are right: Set-OrganizationConfig -RejectDirectSend $true

    Sources:
    - Set-OrganizationConfig, RejectDirectSend
    """
    if not organization.objects:
        return Inconclusive("the organization's settings were not read", subject=tenant.name, reason=Reason.INCOMPLETE)
    (settings, *_) = organization.objects
    if not settings.knows("RejectDirectSend"):
        return unknown_property(settings, "RejectDirectSend")
    if settings.flag("RejectDirectSend"):
        return Passed("direct send is rejected", subject=tenant.name)
    return Warned(
        "anybody may hand mail with a sender of {tenant} to Exchange Online, past the gateway",
        tenant=tenant.name,
        subject=tenant.name,
        expected="true",
        observed=settings.text("RejectDirectSend").lower() or "null",
    )
