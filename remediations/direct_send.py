"""Say how strangers are kept from handing mail to Exchange Online in the tenant's name."""

from __future__ import annotations

from seppcheck.api import Note, OrganizationConfig, Proposal, Tenant, remediation, text


@remediation("direct-send", kind="manual", phases=["cutover", "completion"])
def say_how_direct_send_is_rejected(tenant: Tenant, organization: OrganizationConfig) -> Proposal:
    """Name the command; nothing is planned, for scanners and applications of the tenant may send that way.

    It is advice, and holds nothing up.
    """
    settings = next(iter(organization.objects), None)
    if settings is None or not settings.knows("RejectDirectSend") or settings.flag("RejectDirectSend"):
        return []
    return [
        Note(
            text(
                "anybody may hand mail with a sender of {tenant} to Exchange Online, past the gateway: once mail flows "
                "and nothing else sends that way, Set-OrganizationConfig -RejectDirectSend $true",
                tenant=tenant.name,
            )
        )
    ]
