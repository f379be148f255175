"""Say which remote domains Exchange Online takes for its own."""

from __future__ import annotations

from seppcheck.api import Note, Proposal, RemoteDomains, Tenant, remediation, text


@remediation("remote-domains", kind="manual", phases=["cutover", "completion"])
def name_the_internal_remote_domains(tenant: Tenant, domains: RemoteDomains) -> Proposal:
    """Name them and the command; nothing is planned, for such a domain may be internal on purpose.

    It is advice, and holds nothing up.
    """
    del tenant  # names the target
    return [
        Note(
            text(
                "mail to {domain} counts as internal and passes the gateway by: if it should not, "
                "Set-RemoteDomain -Identity {name} -IsInternal $false",
                domain=each.text("DomainName") or each.name,
                name=each.name,
            )
        )
        for each in domains.objects
        if each.flag("IsInternal")
    ]
